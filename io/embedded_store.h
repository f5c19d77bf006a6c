#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "io/alive.h"
#include "io/content_files.h"
#include "io/database.h"
#include "io/file_body_store.h"
#include "io/message_store.h"
#include "io/object_repository.h"

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
  // What is done on our own thread.
  struct Reader {
    Sqlite database;
    ContentFiles files;
  };
  using Task = std::move_only_function<void(Reader&)>;
  static constexpr std::size_t max_tasks = 10'000;

  struct Arriving {  // the files of a write, before and after they were taken in
    FileBodyStore::Shared shared;
    std::uint64_t octets = 0;
  };

  EmbeddedStore(Reader reader, Database& database, Loop& loop, FileBodyStore* bodies);

  void write(store::Write& what, Told told);
  Result<KeptObject> kept(const store::Object& object, std::vector<Arriving>& files) const;
  void commit(KeptWrite write, std::vector<ContentFiles::Incoming> files, Told told);
  void change(store::ChangeFlags what, Told told);
  void erase(store::Erase what, Told told);

  void later(Task task);
  bool is_busy();  // too much waits
  void work();

  Database& database_;
  Loop& loop_;
  FileBodyStore* bodies_;
  ContentFiles files_;
  Alive alive_;

  Reader reader_;     // of the thread
  std::mutex mutex_;  // of what follows
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  bool is_ending_ = false;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace convene::io
