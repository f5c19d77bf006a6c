#include "mime/encoded_word.h"

#include <algorithm>
#include <optional>

#include "base/base64.h"
#include "base/text.h"
#include "mime/quoted_printable.h"

namespace convene::mime {

namespace {

constexpr std::string_view begin_of_word = "=?";
constexpr std::string_view head = "=?UTF-8?B?";
constexpr std::size_t octets_per_word = 45;  // 60 characters of base64: a word of 72

bool is_plain(std::string_view text) {
  return !text.contains(begin_of_word) &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F; });
}

// How many octets of `text` fit into a word without cutting a character. RFC 2047 5
std::size_t word_size(std::string_view text) {
  auto size = std::min(text.size(), octets_per_word);
  if (size == text.size()) return size;
  const auto is_inside = [&](std::size_t at) { return (text[at] & 0xC0) == 0x80; };
  for (int i = 0; i < 3 && is_inside(size); ++i) --size;
  return size;
}

// encoded-word = "=?" charset "?" encoding "?" encoded-text "?=". Cut off `text`, or nothing.
std::optional<std::string> take_word(std::string_view& text) {
  auto rest = text.substr(begin_of_word.size());
  const auto charset = rest.substr(0, rest.find('?'));
  if (rest.size() < charset.size() + 3 || rest[charset.size() + 2] != '?') return std::nullopt;
  const char encoding = to_lower(rest[charset.size() + 1]);
  rest.remove_prefix(charset.size() + 3);
  const auto end = rest.find("?=");
  if (end == std::string_view::npos) return std::nullopt;
  auto encoded = std::string{rest.substr(0, end)};
  if (!iequals(charset, "utf-8") && !iequals(charset, "us-ascii")) return std::nullopt;
  if (encoded.contains(' ') || (encoding != 'b' && encoding != 'q')) return std::nullopt;

  if (encoding == 'q') std::ranges::replace(encoded, '_', ' ');
  auto word = encoding == 'b' ? from_base64(encoded) : from_quoted_printable(encoded);
  if (!word) return std::nullopt;
  text = rest.substr(end + 2);
  return *std::move(word);
}

}  // namespace

// RFC 2047 2
std::string to_encoded_words(std::string_view utf8) {
  if (is_plain(utf8)) return std::string{utf8};
  std::string text;
  while (!utf8.empty()) {
    const auto size = word_size(utf8);
    if (!text.empty()) text += ' ';
    text.append(head).append(to_base64(utf8.substr(0, size))).append("?=");
    utf8.remove_prefix(size);
  }
  return text;
}

// RFC 2047 6.2: white space between two encoded words is not shown.
std::string from_encoded_words(std::string_view text) {
  std::string shown;
  bool after_word = false;
  while (!text.empty()) {
    const auto at = std::min(text.find(begin_of_word), text.size());
    const auto between = text.substr(0, at);
    text.remove_prefix(at);
    auto rest = text;
    auto word = text.empty() ? std::nullopt : take_word(rest);
    if (!(after_word && word && trim(between).empty())) shown += between;
    after_word = word.has_value();
    if (word) {
      shown += *word;
      text = rest;
    } else {
      const auto skipped = text.substr(0, begin_of_word.size());
      shown += skipped;
      text.remove_prefix(skipped.size());
    }
  }
  return shown;
}

}  // namespace convene::mime
