#include "mime/base64_lines.h"

#include <cassert>

#include "base/base64.h"

namespace convene::mime {

// RFC 2045 6.8
std::string base64_lines_piece(std::uint64_t offset, std::string_view octets) {
  assert(offset % octets_per_line == 0);
  std::string text;
  text.reserve(base64_lines_size(octets.size()) + 2);
  for (std::size_t at = 0; at < octets.size(); at += octets_per_line) {
    if (offset + at > 0) text += "\r\n";
    text += to_base64(octets.substr(at, octets_per_line));
  }
  return text;
}

std::string to_base64_lines(std::string_view octets) { return base64_lines_piece(0, octets); }

std::uint64_t base64_lines_size(std::uint64_t octets) {
  if (octets == 0) return 0;
  const auto lines = (octets + octets_per_line - 1) / octets_per_line;
  return (octets + 2) / 3 * 4 + (lines - 1) * 2;
}

}  // namespace convene::mime
