#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "io/output_queue.h"
#include "msrp/body_store.h"

namespace convene::io {

// A part of a file in memory, read-only and shared: what is written to the file later shows.
// Reading beyond the file's end is a fault of the process; the kernel answers EFAULT instead when
// it reads for a write.
class Mapping {
 public:
  static Result<std::shared_ptr<const Mapping>> map(int fd, std::uint64_t offset, std::size_t size);
  ~Mapping();
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  std::string_view octets() const { return {static_cast<const char*>(address_), size_}; }

 private:
  Mapping(void* address, std::size_t size) : address_{address}, size_{size} {}
  void* address_;
  std::size_t size_;
};

// The parts of files that were sent from lately. However large the files: at most `most` windows
// stay mapped, and those whose views have not left yet.
class MappedWindows {
 public:
  static constexpr std::size_t window_octets = 4U << 20;
  static constexpr std::size_t most = 16;

  // Views of [offset, offset + size) of the file behind `fd`, which exist.
  Result<std::vector<BodyView>> view(msrp::BodyId body, int fd, std::uint64_t offset,
                                     std::uint64_t size);
  void forget(msrp::BodyId body);
  std::size_t size() const { return windows_.size(); }

 private:
  struct Window {
    msrp::BodyId body;
    std::uint64_t index = 0;  // offset / window_octets
    std::uint64_t last_use = 0;
    std::shared_ptr<const Mapping> mapping;
  };
  Result<std::shared_ptr<const Mapping>> window(msrp::BodyId body, int fd, std::uint64_t index);

  std::vector<Window> windows_;
  std::uint64_t uses_ = 0;
};

}  // namespace convene::io
