#include "imap/mailbox_name.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/base64.h"
#include "base/text.h"

namespace convene::imap {

namespace {

bool stands_for_itself(char c) { return c >= ' ' && c <= '~'; }

// One character of UTF-8, cut off `text`. It is well-formed, or read as Latin-1.
std::uint32_t take_character(std::string_view& text, bool is_well_formed) {
  const auto first = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  if (first < 0x80 || !is_well_formed) return first;
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  std::uint32_t character = first & (0x3FU >> more);
  for (int i = 0; i < more; ++i, text.remove_prefix(1))
    character = character << 6U | (static_cast<unsigned char>(text.front()) & 0x3FU);
  return character;
}

void append_utf16(std::uint32_t character, std::string& octets) {
  const auto append = [&octets](std::uint32_t unit) {
    octets += static_cast<char>(unit >> 8U);
    octets += static_cast<char>(unit & 0xFFU);
  };
  if (character < 0x10000) return append(character);
  append(0xD800 + ((character - 0x10000) >> 10U));
  append(0xDC00 + ((character - 0x10000) & 0x3FFU));
}

void append_utf8(std::uint32_t c, std::string& text) {
  const auto put = [&text](std::uint32_t octet) { text += static_cast<char>(octet); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | c >> 6U);
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12U);
    put(0x80 | (c >> 6U & 0x3FU));
  } else {
    put(0xF0 | c >> 18U);
    put(0x80 | (c >> 12U & 0x3FU));
    put(0x80 | (c >> 6U & 0x3FU));
  }
  put(0x80 | (c & 0x3FU));
}

std::string shifted(const std::string& utf16) {
  auto text = to_base64(utf16);
  text.erase(std::min(text.find('='), text.size()));
  std::ranges::replace(text, '/', ',');
  return "&" + text + "-";
}

// What a shifted piece says, or nothing when it is not well written.
std::string unshifted(std::string text) {
  std::ranges::replace(text, ',', '/');
  while (text.size() % 4 != 0) text += '=';
  const auto octets = from_base64(text);
  if (!octets || octets->empty() || octets->size() % 2 != 0) return {};
  std::string utf8;
  for (std::size_t i = 0; i < octets->size(); i += 2) {
    const auto unit_at = [&](std::size_t at) {
      return static_cast<std::uint32_t>(static_cast<unsigned char>((*octets)[at])) << 8U |
             static_cast<unsigned char>((*octets)[at + 1]);
    };
    auto character = unit_at(i);
    if (character >= 0xD800 && character < 0xDC00 && i + 3 < octets->size()) {
      const auto low = unit_at(i + 2);
      if (low < 0xDC00 || low > 0xDFFF) return {};
      character = 0x10000 + ((character - 0xD800) << 10U) + (low - 0xDC00);
      i += 2;
    } else if (character >= 0xD800 && character < 0xE000) {
      return {};
    }
    append_utf8(character, utf8);
  }
  return utf8;
}

}  // namespace

// RFC 3501 5.1.3
std::string to_mailbox_name(std::string_view utf8) {
  const bool is_well_formed = is_utf8(utf8);
  std::string name;
  std::string utf16;
  while (!utf8.empty()) {
    const bool plain = stands_for_itself(utf8.front());
    if (!plain) {
      append_utf16(take_character(utf8, is_well_formed), utf16);
      continue;
    }
    if (!utf16.empty()) name += shifted(std::exchange(utf16, {}));
    name += utf8.front();
    if (utf8.front() == '&') name += '-';
    utf8.remove_prefix(1);
  }
  return utf16.empty() ? name : name + shifted(utf16);
}

std::string from_mailbox_name(std::string_view name) {
  std::string utf8;
  while (!name.empty()) {
    const auto end = name.find('-');
    if (name.front() != '&' || end == std::string_view::npos) {
      utf8 += name.front();
      name.remove_prefix(1);
      continue;
    }
    const auto meant = end == 1 ? "&" : unshifted(std::string{name.substr(1, end - 1)});
    if (meant.empty()) return utf8 + std::string{name};
    utf8 += meant;
    name.remove_prefix(end + 1);
  }
  return utf8;
}

bool can_be_quoted(std::string_view text) {
  return std::ranges::none_of(
      text, [](unsigned char c) { return c == 0 || c == '\r' || c == '\n' || c >= 0x80; });
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace convene::imap
