#include "scenario/form.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace convene::scenario {

namespace {

bool is_glue(const Word& word) {
  return !word.is_quoted && (word.text == "," || word.text == "and");
}

bool is_one_of(std::string_view choices, std::string_view word) {
  const auto all = split(choices, '|');
  return std::ranges::find(all, word) != all.end();
}

// Cuts the next piece off a pattern: a word, a blank with its <>, or an optional part with its [].
std::string_view take_piece(std::string_view& pattern) {
  pattern = trim(pattern);
  std::size_t end = 0;
  if (pattern.starts_with('[')) {
    end = pattern.find(']') + 1;
  } else {
    end = std::min(pattern.find(' '), pattern.size());
  }
  const auto piece = pattern.substr(0, end);
  pattern.remove_prefix(end);
  return piece;
}

struct Matching {
  const Names& clients;
  Arguments arguments;

  bool rest(std::string_view pattern, std::span<const Word> words);
  bool people(std::string_view name, std::string_view pattern, std::span<const Word> words);
  bool fits(std::string_view type, const Word& word) const;
};

bool Matching::fits(std::string_view type, const Word& word) const {
  if (type == "text") return word.is_quoted || word.text != ",";
  if (word.is_quoted) return false;
  if (type == "client") return clients.contains(word.text);
  if (type == "person") return clients.contains(word.text) || word.text == "somebody";
  if (type == "people") return clients.contains(word.text) || word.text.contains(':');
  if (type == "number") return to_number(word.text).has_value();
  if (type == "time") return milliseconds_of(word.text).has_value();
  return is_one_of(type, word.text);
}

// As many as there are, but for what the rest of the pattern needs.
bool Matching::people(std::string_view name, std::string_view pattern,
                      std::span<const Word> words) {
  const auto before = arguments.size();
  std::size_t taken = 0;
  std::vector<std::size_t> ends;
  while (taken < words.size() &&
         (fits("people", words[taken]) || (taken > 0 && is_glue(words[taken])))) {
    ++taken;
    if (!is_glue(words[taken - 1])) ends.push_back(taken);
  }
  for (; !ends.empty(); ends.pop_back()) {
    for (const auto& word : words.first(ends.back())) {
      if (!is_glue(word))
        arguments.add({.name = std::string{name}, .text = word.text, .is_client = true});
    }
    if (rest(pattern, words.subspan(ends.back()))) return true;
    arguments.cut(before);
  }
  return false;
}

bool Matching::rest(std::string_view pattern, std::span<const Word> words) {
  while (!words.empty() && !words.front().is_quoted && words.front().text == ",")
    words = words.subspan(1);
  const auto piece = take_piece(pattern);
  if (piece.empty()) return words.empty();

  const auto before = arguments.size();
  if (piece.front() == '[') {
    const auto with = std::string{piece.substr(1, piece.size() - 2)} + ' ' + std::string{pattern};
    if (rest(with, words)) return true;
    arguments.cut(before);
    return rest(pattern, words);
  }
  if (words.empty()) return false;
  if (piece.front() != '<') {
    return !words.front().is_quoted && is_one_of(piece, words.front().text) &&
           rest(pattern, words.subspan(1));
  }
  const auto colon = piece.find(':');
  const auto name = piece.substr(1, colon - 1);
  const auto type = piece.substr(colon + 1, piece.size() - colon - 2);
  if (type == "people") return people(name, pattern, words);
  if (!fits(type, words.front())) return false;
  arguments.add({.name = std::string{name},
                 .text = words.front().text,
                 .is_client = type == "client" || type == "person"});
  if (rest(pattern, words.subspan(1))) return true;
  arguments.cut(before);
  return false;
}

}  // namespace

bool Arguments::has(std::string_view name) const {
  return std::ranges::find(values_, name, &Value::name) != values_.end();
}

const std::string& Arguments::operator[](std::string_view name) const {
  static const std::string none;
  const auto found = std::ranges::find(values_, name, &Value::name);
  return found == values_.end() ? none : found->text;
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  std::vector<std::string> found;
  for (const auto& value : values_) {
    if (value.name == name) found.push_back(value.text);
  }
  return found;
}

bool Arguments::mention(std::string_view client) const {
  return std::ranges::any_of(
      values_, [&](const Value& value) { return value.is_client && value.text == client; });
}

std::optional<Arguments> match(std::string_view pattern, std::span<const Word> words,
                               const Names& clients) {
  Matching matching{.clients = clients, .arguments = {}};
  if (!matching.rest(pattern, words)) return {};
  return std::move(matching.arguments);
}

bool begins_with(std::string_view pattern, std::string_view verb) {
  return is_one_of(take_piece(pattern), verb);
}

std::optional<std::int64_t> milliseconds_of(std::string_view text) {
  static constexpr auto units = std::to_array<std::pair<std::string_view, std::int64_t>>(
      {{"ms", 1}, {"s", 1'000}, {"m", 60'000}});
  constexpr std::uint64_t most = 1'000'000;
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = to_number(text.substr(0, digits));
  if (!number || *number > most) return {};
  for (const auto& [unit, milliseconds] : units) {
    if (text.substr(digits) == unit) return static_cast<std::int64_t>(*number) * milliseconds;
  }
  return {};
}

}  // namespace convene::scenario
