#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace convene {

// ASCII only: protocol text, never a user's words.
constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alphanumeric(char c) {
  return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z');
}
std::string to_lower(std::string_view text);
bool iequals(std::string_view a, std::string_view b);

// Orders names without regard to case: std::map<std::string, T, ILess>.
struct ILess {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

// Without spaces, tabs, CR and LF at both ends.
std::string_view trim(std::string_view text);

// The pieces between `separator`s; one empty piece for an empty text.
std::vector<std::string_view> split(std::string_view text, char separator);

// Cuts the next line off `text`: ends at CRLF or LF, which is dropped.
std::string_view take_line(std::string_view& text);

// 1*DIGIT that fits, or nothing.
std::optional<std::uint64_t> to_number(std::string_view text);

// RFC 3986 2.1. Decoding refuses a '%' that two hex digits do not follow.
Result<std::string> percent_decode(std::string_view text);
std::string percent_encode(std::string_view text,
                           std::string_view keep);  // keeps alphanumerics and `keep`

// For logs and terminals: control characters (CR, LF, ESC, C1, U+202A..E and their like) become
// "\xNN".
std::string printable(std::string_view text);

// Whether `text` is well-formed UTF-8.
bool is_utf8(std::string_view text);

}  // namespace convene
