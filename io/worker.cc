#include "io/worker.h"

#include <utility>

namespace convene::io {

Worker::Worker() : thread_{[this] { work(); }} {}

Worker::~Worker() {
  {
    const std::scoped_lock guard{mutex_};
    is_ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Worker::later(Task task) {
  {
    const std::scoped_lock guard{mutex_};
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

std::size_t Worker::waiting() {
  const std::scoped_lock guard{mutex_};
  return tasks_.size();
}

void Worker::work() {
  for (;;) {
    Task task;
    {
      std::unique_lock guard{mutex_};
      wake_.wait(guard, [this] { return is_ending_ || !tasks_.empty(); });
      if (is_ending_) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace convene::io
