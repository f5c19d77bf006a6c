#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace convene::io {

// A thread that does one task after the other: what would hold up the loop. What it has not begun
// when it is destroyed is not done.
class Worker {
 public:
  using Task = std::move_only_function<void()>;

  Worker();
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void later(Task task);
  std::size_t waiting();  // tasks that have not begun

 private:
  void work();

  std::mutex mutex_;  // of what follows
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  bool is_ending_ = false;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace convene::io
