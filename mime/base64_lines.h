#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace convene::mime {

// A body in base64 as MIME wants it: lines of 76 characters, CRLF between them and none after the
// last. RFC 2045 6.8.
inline constexpr std::size_t octets_per_line = 57;

std::string to_base64_lines(std::string_view octets);

// How many octets that are, for a body of so many.
std::uint64_t base64_lines_size(std::uint64_t octets);

// One piece of a body that is too large for memory: its octets from `offset` on. All pieces but the
// last hold a multiple of `octets_per_line`; one after the other they are to_base64_lines(body).
std::string base64_lines_piece(std::uint64_t offset, std::string_view octets);

}  // namespace convene::mime
