#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace convene::sip {

// A set of characters, as a table: one look per octet.
class CharacterSet {
 public:
  constexpr explicit CharacterSet(std::string_view members) {
    for (const char c : members) table_[static_cast<unsigned char>(c)] = true;
  }

  constexpr bool has(char c) const { return table_[static_cast<unsigned char>(c)]; }
  constexpr bool has_all(std::string_view text) const {
    return std::ranges::all_of(text, [this](char c) { return has(c); });
  }

  constexpr CharacterSet with(std::string_view more) const {
    auto both = *this;
    for (const char c : more) both.table_[static_cast<unsigned char>(c)] = true;
    return both;
  }
  constexpr CharacterSet without(std::string_view less) const {
    auto rest = *this;
    for (const char c : less) rest.table_[static_cast<unsigned char>(c)] = false;
    return rest;
  }

 private:
  std::array<bool, 256> table_{};
};

// RFC 3261 25.1
inline constexpr CharacterSet digits{"0123456789"};
inline constexpr CharacterSet hex_digits = digits.with("abcdefABCDEF");
inline constexpr CharacterSet alphanumerics =
    digits.with("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
inline constexpr CharacterSet token_characters = alphanumerics.with("-.!%*_+`'~");
inline constexpr CharacterSet unreserved = alphanumerics.with("-_.!~*'()");

}  // namespace convene::sip
