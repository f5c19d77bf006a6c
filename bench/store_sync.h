#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "io/loop.h"
#include "io/message_store.h"

namespace convene::bench {

// What a client does that brings its copy of an account up to date: the folders, in each what has
// changed since it last looked, and then the objects themselves.
struct Synced {
  std::size_t folders = 0;
  std::size_t objects = 0;
  std::uint64_t octets = 0;
  double seconds = 0;
};

class Copy {
 public:
  Copy(io::MessageStore& store, io::Loop& loop, std::string account);
  ~Copy();
  Synced sync();  // what is new; exits the process when the store fails

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace convene::bench
