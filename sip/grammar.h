#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"

namespace convene::sip {

// What the parsers of this folder share: the character classes and lists of RFC 3261 25.1.

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

// 1*( alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~" )
bool is_token(std::string_view text);

// Where `separator` comes next outside quoted strings and <>, or npos.
std::size_t find_outside(std::string_view text, char separator);

// Calls visit(element) for every element of a list, trimmed; none for a blank text.
template <class Visit>
void for_each_element(std::string_view text, char separator, Visit visit);

// How long the quoted-string at the start of `text` is, with its quotes. Nothing when it does not
// end.
std::optional<std::size_t> quoted_length(std::string_view text);

// The text of a whole quoted-string, without quotes and escapes. The way back is quote() of
// params.h.
std::string unquote(std::string_view quoted);

std::string_view trim_blanks(std::string_view text);

template <class Visit>
void for_each_element(std::string_view text, char separator, Visit visit) {
  text = trim_blanks(text);
  if (text.empty()) return;
  for (;;) {
    const auto end = find_outside(text, separator);
    visit(trim_blanks(text.substr(0, end)));
    if (end == text.npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace convene::sip
