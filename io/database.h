#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/log.h"
#include "base/result.h"
#include "io/loop.h"
#include "io/sqlite.h"

namespace convene::io {

// The file of the state that is kept in a directory: also for who only reads it.
std::string database_in(const std::string& directory);

struct DatabaseSettings {
  std::string directory;  // made when it is not there (mode 0700); one process at a time
  std::size_t max_waiting = 100'000;  // works that wait for the disk; beyond, refused at once
  std::size_t max_batch = 1'000;      // works of one commit
};

// The state that survives this process: one SQLite file and the thread that writes it. Everything
// that waits when a commit ends goes into the next one, so that many works share one fsync; `done`
// is told after the commit that holds the work, never before.
//
// What is kept, and by which SQL, is the business of repositories (group_repository.h): named
// operations over Sqlite that are given to write() here.
//
// After an error of the disk the file is closed and opened anew, and everything that is not known
// to be on the disk is written there again before the next commit: a failed fsync is never trusted.
class Database {
 public:
  // Fault::unsupported: the file was written by a newer version. Fault::closed: another process has
  // it, or it cannot be written. `loop` and `log` outlive it.
  static Result<std::unique_ptr<Database>> open(DatabaseSettings settings, Loop& loop, Log& log);

  // What was given before is committed; nobody is told any more.
  ~Database();

  // `work` runs on the writer's thread: it may not touch what belongs to the loop. A work that
  // fails leaves nothing behind; another of the same commit fails with it only if the disk does.
  // `done` is called on the loop's thread, in the order of the works, and never within write().
  using Work = std::move_only_function<Result<>(Sqlite&)>;
  using Done = std::move_only_function<void(const Result<>&)>;
  void write(Work work, Done done);

  // A connection of its own for reading, for any one thread: it sees what has been committed.
  Result<Sqlite> reader() const;

  const std::string& path() const;

 private:
  class Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Brings an opened file to the newest schema. Fault::unsupported: it is beyond that already.
Result<> migrate(Sqlite& connection);

}  // namespace convene::io
