#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace convene::load {

// Finer than the time of our machines: what is measured here is shorter than a millisecond.
using Instant = std::chrono::steady_clock::time_point;
using Span = std::chrono::steady_clock::duration;

// What a crowd of clients does to a server: each group the same.
struct Plan {
  std::size_t groups = 1;
  std::size_t members = 10;  // of each group, its creator among them; at least 2
  Span time = std::chrono::seconds{10};

  // Chat: so many messages a second in each group, or, as fast as they arrive, so many under way.
  double chat_rate = 0;
  std::size_t chat_window = 0;    // both 0: no chat
  std::size_t chat_octets = 300;  // of the text; at least `least_chat_octets`
  std::size_t files = 0;          // in each group, one after the other
  Span file_every{};              // from the begin of one to the begin of the next; 0: at its end
  std::uint64_t file_octets = 0;
  double churn_rate = 0;  // members of all groups that leave, and come back, a second

  std::size_t crowd() const { return groups * members; }
};

inline constexpr std::size_t least_chat_octets = 48;  // room for what a message says of itself

}  // namespace convene::load
