#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>

#include "io/file_descriptor.h"

namespace convene::bench {

// A process of ours, and a line to it. It ends with its handle.
class Child {
 public:
  // Runs `work` in a process of its own, which gets its end of the line.
  explicit Child(const std::function<void(int line)>& work);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t id() const { return id_; }
  void tell(char word) const;
  // Waits for what the child says next, and calls `meanwhile` every 20 ms. Throws
  // std::runtime_error when it ends, says 'F', or says nothing for `patience` seconds.
  std::uint64_t hear(const std::function<void()>& meanwhile = {}, int patience = 300) const;

 private:
  pid_t id_ = 0;
  io::FileDescriptor line_;
};

// For the child: says something to its parent.
void say(int line, std::uint64_t word);

}  // namespace convene::bench
