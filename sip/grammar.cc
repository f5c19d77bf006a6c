#include "sip/grammar.h"

#include <algorithm>
#include <array>

namespace convene::sip {

namespace {

constexpr auto token_characters = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 128; ++c)
    table[static_cast<std::size_t>(c)] = is_alphanumeric(static_cast<char>(c));
  for (const char c : {'-', '.', '!', '%', '*', '_', '+', '`', '\'', '~'}) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

}  // namespace

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return token_characters[static_cast<unsigned char>(c)];
  });
}

std::size_t find_outside(std::string_view text, char separator) {
  bool in_quotes = false;
  bool in_brackets = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_quotes) {
      if (c == '\\') ++at;
      if (c == '"') in_quotes = false;
    } else if (in_brackets) {
      if (c == '>') in_brackets = false;
    } else if (c == separator) {
      return at;
    } else if (c == '"') {
      in_quotes = true;
    } else if (c == '<') {
      in_brackets = true;
    }
  }
  return text.npos;
}

std::optional<std::size_t> quoted_length(std::string_view text) {
  if (!text.starts_with('"')) return std::nullopt;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at + 1;
  }
  return std::nullopt;
}

std::string unquote(std::string_view quoted) {
  std::string text;
  text.reserve(quoted.size());
  for (std::size_t at = 1; at + 1 < quoted.size(); ++at) {
    if (quoted[at] == '\\' && at + 2 < quoted.size()) ++at;
    text += quoted[at];
  }
  return text;
}

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace convene::sip
