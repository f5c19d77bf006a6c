#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace convene::msrp {

// Where a chunk's body lies in its message. Counts octets from 1. RFC 4975 7.1.1.
struct ByteRange {
  std::uint64_t first = 1;
  std::optional<std::uint64_t> last;   // nothing: "*", the sender may interrupt the chunk
  std::optional<std::uint64_t> total;  // nothing: "*", size not known yet

  bool operator==(const ByteRange&) const = default;
};

// No message is longer: sums of numbers up to this never overflow.
constexpr std::uint64_t max_message_octets = std::uint64_t{1} << 40;

// byte-range = range-start "-" range-end "/" total. RFC 4975 9.
// An empty body is "1-0/0". The range lies within its total, if both are told.
Result<ByteRange> parse_byte_range(std::string_view text);
std::string to_text(const ByteRange& range);

}  // namespace convene::msrp
