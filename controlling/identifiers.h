#pragma once

#include <compare>
#include <cstdint>

namespace convene::controlling {

// Names of what the focus owns; never used again.
struct GroupId {
  std::uint64_t value = 0;
  auto operator<=>(const GroupId&) const = default;
};
struct TransferId {
  std::uint64_t value = 0;
  auto operator<=>(const TransferId&) const = default;
};
struct MessageId {  // a pager-mode message to several
  std::uint64_t value = 0;
  auto operator<=>(const MessageId&) const = default;
};
struct LegId {  // of a group session or of a file transfer
  std::uint64_t value = 0;
  auto operator<=>(const LegId&) const = default;
};

}  // namespace convene::controlling
