#include "controlling/comparable_nickname.h"

#include <utility>

#include "base/text.h"

namespace convene::controlling {

namespace {

// The next code point of well-formed UTF-8. RFC 3629 3
char32_t next(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
  char32_t code = more == 0 ? first : first & (0x3FU >> more);
  for (std::size_t i = 1; i <= more; ++i) {
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  text.remove_prefix(more + 1);
  return code;
}

void append(std::string& text, char32_t code) {
  const auto octet = [&](char32_t value) { text += static_cast<char>(value); };
  if (code < 0x80) return octet(code);
  if (code < 0x800) {
    octet(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      octet(0xE0 | code >> 12);
    } else {
      octet(0xF0 | code >> 18);
      octet(0x80 | (code >> 12 & 0x3F));
    }
    octet(0x80 | (code >> 6 & 0x3F));
  }
  octet(0x80 | (code & 0x3F));
}

bool is_between(char32_t code, char32_t first, char32_t last) {
  return code >= first && code <= last;
}

// Unicode's category Zs.
bool is_space(char32_t code) {
  return code == ' ' || code == 0xA0 || code == 0x1680 || is_between(code, 0x2000, 0x200A) ||
         code == 0x202F || code == 0x205F || code == 0x3000;
}

// Controls, and what leaves no trace on a screen: two names that look the same would differ.
bool is_invisible(char32_t code) {
  return code < 0x20 || is_between(code, 0x7F, 0x9F) || code == 0xAD || code == 0x34F ||
         is_between(code, 0x200B, 0x200F) || is_between(code, 0x2028, 0x202E) ||
         is_between(code, 0x2060, 0x206F) || is_between(code, 0xFE00, 0xFE0F) || code == 0xFEFF ||
         is_between(code, 0xE0000, 0xE0FFF);
}

// Simple case folding of the alphabets that have case, as far as it is regular.
char32_t folded(char32_t code) {
  if (is_between(code, 0xFF01, 0xFF5E)) code -= 0xFEE0;  // full-width forms
  if (is_between(code, 'A', 'Z')) return code + 32;
  if (is_between(code, 0xC0, 0xDE) && code != 0xD7) return code + 32;
  const bool has_pairs = is_between(code, 0x100, 0x137) || is_between(code, 0x14A, 0x177) ||
                         is_between(code, 0x460, 0x481) || is_between(code, 0x48A, 0x4BF) ||
                         is_between(code, 0x4D0, 0x52F) || is_between(code, 0x1E00, 0x1E95);
  if (has_pairs) return code | 1;
  const bool has_odd_pairs = is_between(code, 0x139, 0x148) || is_between(code, 0x179, 0x17E);
  if (has_odd_pairs) return code % 2 == 1 ? code + 1 : code;
  if (code == 0x178) return 0xFF;
  if (is_between(code, 0x391, 0x3A9) && code != 0x3A2) return code + 32;
  if (code == 0x3C2) return 0x3C3;  // final sigma
  if (is_between(code, 0x410, 0x42F)) return code + 32;
  if (is_between(code, 0x400, 0x40F)) return code + 80;
  return code;
}

}  // namespace

Result<std::string> comparable_nickname(std::string_view nickname) {
  if (!is_utf8(nickname)) return fail(Fault::malformed, "not in UTF-8");
  std::string comparable;
  bool owes_space = false;
  for (auto rest = nickname; !rest.empty();) {
    const auto code = next(rest);
    if (is_invisible(code)) return fail(Fault::malformed, "characters that cannot be seen");
    if (is_space(code)) {
      owes_space = !comparable.empty();
      continue;
    }
    if (std::exchange(owes_space, false)) comparable += ' ';
    append(comparable, folded(code));
  }
  if (comparable.empty()) return fail(Fault::malformed, "nothing but spaces");
  return comparable;
}

}  // namespace convene::controlling
