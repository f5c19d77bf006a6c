#pragma once
// For tests: a disk that fails on demand. The bodies are in disk_test.cc.

#include <atomic>
#include <cstddef>

namespace convene::io {

// While one lives, every connection that SQLite opens writes through it.
class TestDisk {
 public:
  TestDisk();
  ~TestDisk();
  TestDisk(const TestDisk&) = delete;
  TestDisk& operator=(const TestDisk&) = delete;

  enum class Fault { nothing, full, read_only, sync };
  void fail(Fault fault) { fault_ = fault; }   // from now on
  void fail_once(Fault fault, std::size_t n);  // the n-th write or sync from now, and only that

  std::size_t calls() const { return calls_; }  // writes and syncs so far

  int verdict(bool is_sync);  // of SQLite's files: SQLITE_OK, or what to fail with

 private:
  std::atomic<Fault> fault_ = Fault::nothing;
  std::atomic<Fault> once_ = Fault::nothing;
  std::atomic<std::size_t> calls_ = 0;
  std::atomic<std::size_t> once_at_ = 0;
};

}  // namespace convene::io
