#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace convene::bench {

struct RawFigures {
  double seconds = 0;
  double processor = 0;  // of the process that relays
};

// What the machine can do: one process sends a file over the loopback, the second relays what it
// has read of it to `receivers` sockets, one writev each, with a head and an end-line for each
// chunk, and the third reads and forgets. Nothing is kept, parsed, hashed or answered.
RawFigures raw_relay(const std::string& file, std::uint64_t octets, std::size_t receivers);

}  // namespace convene::bench
