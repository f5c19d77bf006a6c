#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/content_files.h"
#include "io/file_body_store.h"
#include "io/object_repository.h"
#include "store/requests.h"

// From a Write, whose files are bodies of the spool, to one that can be kept, whose files are named
// by what is in them; and back.
namespace convene::io {

struct ArrivingFile {
  FileBodyStore::Shared shared;
  std::uint64_t octets = 0;  // that it must have
};
struct ArrivingWrite {
  KeptWrite write;                       // its files have no hash yet
  std::vector<ArrivingFile> files = {};  // in their order
};

// `bodies` may be none. Fault::unsupported: then there can be no files; not_found: no such body.
Result<ArrivingWrite> arriving(store::Write what, const FileBodyStore* bodies);

// On any thread. Fault::unsupported: a file is not whole; too_large: the disk is full.
Result<std::vector<ContentFiles::Incoming>> take_in(const ContentFiles& files,
                                                    const std::vector<ArrivingFile>& arriving);
void name_files(KeptWrite& write, const std::vector<ContentFiles::Incoming>& incoming);

// What was kept as an object with bodies of the spool, which the caller drops. Fault::closed: a
// file has another size; not_found: it has gone.
Result<store::Object> object_of(const KeptObject& kept, const ContentFiles& files,
                                FileBodyStore* bodies);
void drop_files(const store::Object& object, FileBodyStore& bodies);

}  // namespace convene::io
