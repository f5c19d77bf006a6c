#include "sip/grammar.h"

#include "sip/character_set.h"

namespace convene::sip {

bool is_token(std::string_view text) { return !text.empty() && token_characters.has_all(text); }

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
  if (quoted.find('\\') == quoted.npos) return std::string{quoted.substr(1, quoted.size() - 2)};
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
