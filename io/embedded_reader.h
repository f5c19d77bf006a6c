#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/alive.h"
#include "io/content_files.h"
#include "io/loop.h"
#include "io/message_store.h"
#include "io/object_repository.h"
#include "io/sqlite.h"

namespace convene::io {

// What a request that changes nothing is answered from the database and the files;
// Fault::unsupported for any other.
store::Answer read_from(Sqlite& database, const ContentFiles& files, const store::Request& request);

// Octets [offset, offset + most) of the object's text.
Result<std::string> text_of(const KeptObject& object, const ContentFiles& files,
                            std::uint64_t offset, std::uint64_t most);

// An embedded store for reading only, also while a server writes into it.
class EmbeddedReader final : public MessageStore {
 public:
  // `directory`: that of the server's state. Fault::closed, not_found: there is none.
  static Result<std::unique_ptr<EmbeddedReader>> open(const std::string& directory, Loop& loop);

  void ask(store::Request request, Told told) override;

  Result<std::vector<std::string>> accounts();  // who has something in it
  // One object as it is kept, with its files by name; nothing: there is none.
  Result<std::optional<KeptObject>> object(const std::string& account, const store::Folder& folder,
                                           store::Uid uid);
  const ContentFiles& files() const { return files_; }

 private:
  EmbeddedReader(Sqlite database, ContentFiles files, Loop& loop)
      : database_{std::move(database)}, files_{std::move(files)}, loop_{loop} {}

  Sqlite database_;
  ContentFiles files_;
  Loop& loop_;
  Alive alive_;
};

// Where the files of an embedded store are, in the directory of the server's state.
std::string embedded_files_in(const std::string& directory);

}  // namespace convene::io
