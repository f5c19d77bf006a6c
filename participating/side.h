#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace convene::participating {

// Names a call inside its Participating Function; never used again.
struct CallId {
  std::uint64_t value = 0;
  auto operator<=>(const CallId&) const = default;
};

// Towards whom: who sent the first request, or for whom it was.
enum class Side { caller, callee };

inline constexpr Side both_sides[] = {Side::caller, Side::callee};
constexpr Side opposite(Side side) { return side == Side::caller ? Side::callee : Side::caller; }
constexpr std::size_t index_of(Side side) { return side == Side::caller ? 0 : 1; }

}  // namespace convene::participating
