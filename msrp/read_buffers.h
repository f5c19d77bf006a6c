#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace convene::msrp {

using ReadBuffer = std::unique_ptr<std::byte[]>;

// Large buffers that connections borrow while they read, so that an idle connection has none.
class ReadBuffers {
 public:
  static constexpr std::size_t octets = 262'144;
  static constexpr std::size_t max_spare = 4;

  ReadBuffer take() {
    if (spare_.empty()) return std::make_unique_for_overwrite<std::byte[]>(octets);
    auto buffer = std::move(spare_.back());
    spare_.pop_back();
    return buffer;
  }
  void give_back(ReadBuffer buffer) {
    if (spare_.size() < max_spare) spare_.push_back(std::move(buffer));
  }

 private:
  std::vector<ReadBuffer> spare_;
};

}  // namespace convene::msrp
