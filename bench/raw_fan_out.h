#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace convene::bench {

struct RawFigures {
  double seconds = 0;
  double processor = 0;  // of the process that writes
};

// What the machine can do: one process writes a mapped file to `receivers` sockets on the loopback,
// in chunks with a head and an end-line each, while another reads and forgets.
RawFigures raw_fan_out(const std::string& file, std::uint64_t octets, std::size_t receivers);

}  // namespace convene::bench
