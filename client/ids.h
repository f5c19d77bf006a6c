#pragma once

#include <compare>
#include <cstdint>

namespace convene::client {

// Names one session of a client, a group's or one between two, also after it has ended; never used
// again.
struct GroupId {
  std::uint64_t value = 0;
  auto operator<=>(const GroupId&) const = default;
};

// Names one standalone message in large message mode; never used again.
struct MessageId {
  std::uint64_t value = 0;
  auto operator<=>(const MessageId&) const = default;
};

// Names one file transfer of a client; never used again.
struct TransferId {
  std::uint64_t value = 0;
  auto operator<=>(const TransferId&) const = default;
};

}  // namespace convene::client
