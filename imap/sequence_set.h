#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace convene::imap {

inline constexpr std::size_t max_uids = 1'000'000;  // that one set may stand for

// "1,3:5". RFC 3501 9. A server's set: ranges in either order, no "*". Fault::too_large beyond
// max_uids.
Result<std::vector<std::uint32_t>> parse_sequence_set(std::string_view text);

// Ascending runs become ranges.
std::string to_sequence_set(const std::vector<std::uint32_t>& numbers);

}  // namespace convene::imap
