#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/alive.h"
#include "io/content_files.h"
#include "io/database.h"
#include "io/file_body_store.h"
#include "io/message_store.h"
#include "io/object_repository.h"
#include "io/worker.h"

namespace convene::io {

// The message store of a server without IMAP: objects in the database, files by their content
// beside it. Reading and the taking in of files are done on a thread of its own; writes share the
// commits of the database, and are answered after theirs. Writes that carry files may be overtaken.
class EmbeddedStore final : public MessageStore {
 public:
  // `directory` of the files. Removes those that no object has: what a crash left behind. All
  // outlive the store; `bodies` may be none, then objects cannot have files.
  static Result<std::unique_ptr<EmbeddedStore>> open(std::string directory, Database& database,
                                                     Loop& loop, FileBodyStore* bodies);
  ~EmbeddedStore() override;

  void ask(store::Request request, Told told) override;

 private:
  static constexpr std::size_t max_tasks = 10'000;

  EmbeddedStore(Sqlite reader, ContentFiles files, Database& database, Loop& loop,
                FileBodyStore* bodies);

  void write(store::Write what, Told told);
  void commit(KeptWrite write, std::vector<ContentFiles::Incoming> files, Told told);
  void change(store::ChangeFlags what, Told told);
  void erase(store::Erase what, Told told);

  Database& database_;
  Loop& loop_;
  FileBodyStore* bodies_;
  ContentFiles files_;
  Alive alive_;

  Sqlite reader_;  // of the worker's thread
  Worker worker_;  // last: it uses all of the above
};

}  // namespace convene::io
