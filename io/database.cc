#include "io/database.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "io/alive.h"
#include "io/file_descriptor.h"

namespace convene::io {

namespace {

constexpr mode_t private_mode = 0700;

// The directory, and the lock that keeps a second process out of it.
Result<FileDescriptor> lock(const std::string& directory) {
  std::error_code error;
  const bool is_new = std::filesystem::create_directories(directory, error);
  if (error) return fail(Fault::closed, directory + ": " + error.message());
  if (is_new) ::chmod(directory.c_str(), private_mode);
  const auto path = directory + "/lock";
  FileDescriptor file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  if (!file) return fail(Fault::closed, path + ": " + std::strerror(errno));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail(Fault::closed, directory + ": in use by another process");
  }
  return file;
}

Result<Sqlite> open_newest(const std::string& path) {
  auto connection = TRY(Sqlite::open(path, Sqlite::Access::read_write));
  TRY(migrate(connection));
  return connection;
}

// After an error nobody knows how much of the log is on the disk, only that all of it can be read:
// it is written into the file itself, synced, and begun anew.
Result<Sqlite> open_after_failure(const std::string& path) {
  auto connection = TRY(open_newest(path));
  bool was_busy = true;
  TRY(connection.each("PRAGMA wal_checkpoint(TRUNCATE)",
                      [&](const Row& row) { was_busy = row.integer(0) != 0; }));
  if (was_busy) return fail(Fault::timed_out, "a reader holds the log");
  return connection;
}

// Else it is the work's own: a constraint, what it did not find, what it would not do.
bool is_of_the_disk(const Error& error) {
  return error.fault != Fault::out_of_order && error.fault != Fault::not_found &&
         error.fault != Fault::unsupported;
}

}  // namespace

std::string database_in(const std::string& directory) { return directory + "/convened.db"; }

class Database::Impl {
 public:
  Impl(DatabaseSettings settings, FileDescriptor lock, Sqlite connection, Loop& loop, Log& log)
      : path{database_in(settings.directory)},
        settings_{std::move(settings)},
        lock_{std::move(lock)},
        loop_{loop},
        log_{log},
        connection_{std::move(connection)},
        thread_{[this] { write_all(); }} {}

  ~Impl() {
    {
      const std::scoped_lock guard{mutex_};
      is_ending_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void write(Work work, Done done) {
    {
      const std::scoped_lock guard{mutex_};
      if (waiting_.size() < settings_.max_waiting) {
        waiting_.push_back({std::move(work), std::move(done), {}});
        wake_.notify_one();
        return;
      }
    }
    std::vector<Job> refused;
    refused.push_back({{}, std::move(done), fail(Fault::too_large, "too much waits for the disk")});
    tell(std::move(refused));
  }

  const std::string path;

 private:
  struct Job {
    Work work;
    Done done;
    Result<> outcome;
  };

  // ---- On the writer's thread. ----

  void write_all() {
    for (auto batch = take(); !batch.empty(); batch = take()) {
      commit(batch);
      tell(std::move(batch));
    }
  }

  // What waits; waits for something. Empty: the end.
  std::vector<Job> take() {
    std::unique_lock guard{mutex_};
    wake_.wait(guard, [this] { return is_ending_ || !waiting_.empty(); });
    std::vector<Job> batch;
    while (!waiting_.empty() && batch.size() < settings_.max_batch) {
      batch.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    return batch;
  }

  void commit(std::vector<Job>& batch) {
    const auto outcome = try_commit(batch);
    if (outcome) return;
    for (auto& job : batch) job.outcome = outcome;
    connection_.reset();  // never trusted again
  }

  Result<> try_commit(std::vector<Job>& batch) {
    if (!connection_) connection_.emplace(TRY(open_after_failure(path)));
    TRY(connection_->run("BEGIN IMMEDIATE"));
    for (auto& job : batch) {
      TRY(connection_->run("SAVEPOINT work"));
      job.outcome = job.work(*connection_);
      if (!job.outcome) {
        if (is_of_the_disk(job.outcome.error())) return job.outcome;
        TRY(connection_->run("ROLLBACK TO work"));
      }
      TRY(connection_->run("RELEASE work"));
    }
    return connection_->run("COMMIT");
  }

  // ---- From any thread. ----

  void tell(std::vector<Job> batch) {
    loop_.post(alive_.guard([this, batch = std::move(batch)]() mutable {
      note(batch);
      for (auto& job : batch) {
        if (job.done) job.done(job.outcome);
      }
    }));
  }

  // ---- On the loop's thread. ----

  // One line when it begins, one when it is over.
  void note(const std::vector<Job>& batch) {
    const Job* failed = nullptr;
    for (const auto& job : batch) {
      if (!job.outcome) failed = &job;
    }
    const bool disk_fails = failed && is_of_the_disk(failed->outcome.error());
    if (disk_fails && !std::exchange(is_failing_, true)) {
      log_.write(Level::error, "database", "cannot be written: what must be durable is refused",
                 {{"file", path}, {"why", failed->outcome.error().detail}});
    } else if (failed && !disk_fails) {
      log_.warning("database", "a change was refused", {{"why", failed->outcome.error().detail}});
    } else if (!failed && std::exchange(is_failing_, false)) {
      log_.info("database", "can be written again", {{"file", path}});
    }
  }

  DatabaseSettings settings_;
  FileDescriptor lock_;
  Loop& loop_;
  Log& log_;
  bool is_failing_ = false;  // of the loop's thread
  Alive alive_;

  std::optional<Sqlite> connection_;  // of the writer's thread; nothing after a failure

  std::mutex mutex_;  // of what follows
  std::condition_variable wake_;
  std::deque<Job> waiting_;
  bool is_ending_ = false;

  std::thread thread_;  // last: it uses all of the above
};

Database::Database(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(DatabaseSettings settings, Loop& loop, Log& log) {
  auto file = TRY(lock(settings.directory));
  const auto path = database_in(settings.directory);
  auto connection = open_newest(path);
  if (!connection) {
    auto error = connection.error();
    error.detail = path + ": " + error.detail;
    return std::unexpected(std::move(error));
  }
  return std::unique_ptr<Database>{new Database{std::make_unique<Impl>(
      std::move(settings), std::move(file), *std::move(connection), loop, log)}};
}

void Database::write(Work work, Done done) { impl_->write(std::move(work), std::move(done)); }

Result<Sqlite> Database::reader() const { return Sqlite::open(impl_->path, Sqlite::Access::read); }

const std::string& Database::path() const { return impl_->path; }

}  // namespace convene::io
