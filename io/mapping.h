#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "io/file_descriptor.h"
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

  // Copies a part of octets() by way of the file: a disk that fails is an error then, and no fault
  // of the process. Fault::closed.
  Result<> read(std::string_view part, std::span<char> into) const;

  std::string_view octets() const { return {static_cast<const char*>(address_), size_}; }

 private:
  Mapping(void* address, std::size_t size, FileDescriptor file, std::uint64_t offset)
      : address_{address}, size_{size}, file_{std::move(file)}, offset_{offset} {}
  void* address_;
  std::size_t size_;
  FileDescriptor file_;
  std::uint64_t offset_;
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
