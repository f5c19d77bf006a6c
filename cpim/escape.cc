#include <cstdint>
#include <optional>

#include "base/text.h"
#include "cpim/message.h"

namespace convene::cpim {

namespace {

constexpr std::uint32_t replacement = 0xFFFD;

void append_utf8(std::string& out, std::uint32_t code) {
  const auto add = [&out](std::uint32_t octet) { out += static_cast<char>(octet); };
  if (code < 0x80) {
    add(code);
    return;
  }
  if (code < 0x800) {
    add(0xC0U | code >> 6U);
  } else {
    if (code < 0x10000) {
      add(0xE0U | code >> 12U);
    } else {
      add(0xF0U | code >> 18U);
      add(0x80U | (code >> 12U & 0x3FU));
    }
    add(0x80U | (code >> 6U & 0x3FU));
  }
  add(0x80U | (code & 0x3FU));
}

// The four digits after "\u" at the start of `text`.
std::optional<std::uint32_t> unicode_escape(std::string_view text) {
  if (!text.starts_with("\\u") || text.size() < 6) return std::nullopt;
  std::uint32_t code = 0;
  for (const char c : text.substr(2, 4)) {
    const char digit = to_lower(c);
    if (digit >= '0' && digit <= '9') {
      code = code * 16 + static_cast<std::uint32_t>(digit - '0');
    } else if (digit >= 'a' && digit <= 'f') {
      code = code * 16 + static_cast<std::uint32_t>(digit - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return code;
}

bool is_high_surrogate(std::uint32_t code) { return code >= 0xD800 && code <= 0xDBFF; }
bool is_low_surrogate(std::uint32_t code) { return code >= 0xDC00 && code <= 0xDFFF; }

// Appends what "\uXXXX" at the start of `text` stands for; two of them can be one character. How
// many octets were read, 0 when there is none.
std::size_t append_unicode(std::string& out, std::string_view text) {
  const auto code = unicode_escape(text);
  if (!code) return 0;
  const auto next = unicode_escape(text.substr(6));
  if (is_high_surrogate(*code) && next && is_low_surrogate(*next)) {
    append_utf8(out, 0x10000 + ((*code - 0xD800) << 10U) + (*next - 0xDC00));
    return 12;
  }
  const bool is_character = *code != 0 && !is_high_surrogate(*code) && !is_low_surrogate(*code);
  append_utf8(out, is_character ? *code : replacement);
  return 6;
}

}  // namespace

// Escape = "\" ( "u" 4HEXDIG / "b" / "t" / "n" / "r" / DQUOTE / "'" / "\" ). RFC 3862 2.3
std::string unescape(std::string_view text) {
  constexpr std::string_view names = "btnr\"'\\";
  constexpr std::string_view meanings = "\b\t\n\r\"'\\";
  std::string out;
  while (!text.empty()) {
    const auto name = text.size() > 1 && text[0] == '\\' ? names.find(text[1]) : names.npos;
    if (name != names.npos) {
      out += meanings[name];
      text.remove_prefix(2);
    } else if (const auto read = append_unicode(out, text); read > 0) {
      text.remove_prefix(read);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

// RFC 3862 2.3.1: in a header value the quotes need none.
std::string escape(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\b') {
      out += "\\b";
    } else if (octet < 0x20 || octet == 0x7F) {
      out += "\\u00";
      out += digits[octet >> 4U];
      out += digits[octet & 0xFU];
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace convene::cpim
