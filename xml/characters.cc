#include "xml/characters.h"

#include <charconv>
#include <cstdint>

namespace convene::xml {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// XML 1.0 2.2
bool is_char(std::uint32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return code <= 0xD7FF || (code >= 0xE000 && code <= 0xFFFD) ||
         (code >= 0x10000 && code <= 0x10FFFF);
}

struct Sequence {
  std::size_t size = 1;
  bool is_good = false;  // well-formed, shortest, and a Char
};

// The UTF-8 sequence that `text` begins with.
Sequence first_sequence(std::string_view text) {
  const auto octet = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = octet(0);
  if (lead < 0x80) return {.size = 1, .is_good = is_char(lead)};

  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  std::uint32_t code = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((octet(i) & 0xC0U) != 0x80U) return {};
    code = code << 6U | (octet(i) & 0x3FU);
  }
  const bool is_shortest = code >= (size == 4 ? 0x10000U : size == 3 ? 0x800U : 0x80U);
  if (!is_shortest) return {};
  return {.size = size, .is_good = is_char(code)};
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto add = [&out](std::uint32_t octet) { out += static_cast<char>(octet); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0U | code >> 6U);
    add(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    add(0xE0U | code >> 12U);
    add(0x80U | (code >> 6U & 0x3FU));
    add(0x80U | (code & 0x3FU));
  } else {
    add(0xF0U | code >> 18U);
    add(0x80U | (code >> 12U & 0x3FU));
    add(0x80U | (code >> 6U & 0x3FU));
    add(0x80U | (code & 0x3FU));
  }
}

// The code of "#13" or "#xD".
Result<std::uint32_t> character_reference(std::string_view name) {
  name.remove_prefix(1);
  const int base = name.starts_with('x') ? 16 : 10;
  if (base == 16) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), code, base);
  if (error != std::errc{} || end != name.data() + name.size() || !is_char(code))
    return fail(Fault::malformed, "no such character in XML: " + std::string{name});
  return code;
}

Result<> append_reference(std::string& out, std::string_view name) {
  if (name == "lt") {
    out += '<';
  } else if (name == "gt") {
    out += '>';
  } else if (name == "amp") {
    out += '&';
  } else if (name == "apos") {
    out += '\'';
  } else if (name == "quot") {
    out += '"';
  } else if (name.starts_with('#')) {
    append_utf8(out, TRY(character_reference(name)));
  } else {
    return fail(Fault::malformed, "unknown entity");
  }
  return {};
}

// Writes `text`, with special(c) in the place of an octet for which it is not empty.
template <class Special>
std::string escape(std::string_view text, Special special) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto [size, is_good] = first_sequence(text);
    if (!is_good) {
      out += replacement;
    } else if (const std::string_view instead = special(text.front()); !instead.empty()) {
      out += instead;
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return out;
}

}  // namespace

bool is_legal(std::string_view text) {
  while (!text.empty()) {
    const auto [size, is_good] = first_sequence(text);
    if (!is_good) return false;
    text.remove_prefix(size);
  }
  return true;
}

// XML 1.0 4.1
Result<std::string> resolve_references(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (;;) {
    const auto begin = text.find('&');
    out += text.substr(0, begin);
    if (begin == std::string_view::npos) return out;
    text.remove_prefix(begin + 1);

    const auto end = text.find(';');
    if (end == std::string_view::npos) return fail(Fault::malformed, "'&' without ';'");
    TRY(append_reference(out, text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
}

std::string escape_text(std::string_view text) {
  return escape(text, [](char c) -> std::string_view {
    switch (c) {
      case '&': return "&amp;";
      case '<': return "&lt;";
      case '>': return "&gt;";
      case '\r': return "&#13;";
      default: return {};
    }
  });
}

std::string escape_attribute(std::string_view value) {
  return escape(value, [](char c) -> std::string_view {
    switch (c) {
      case '&': return "&amp;";
      case '<': return "&lt;";
      case '>': return "&gt;";
      case '"': return "&quot;";
      case '\t': return "&#9;";
      case '\n': return "&#10;";
      case '\r': return "&#13;";
      default: return {};
    }
  });
}

}  // namespace convene::xml
