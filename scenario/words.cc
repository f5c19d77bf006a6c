#include "scenario/words.h"

#include <algorithm>

namespace convene::scenario {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

Result<char> escaped(char c) {
  switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case '"':
    case '\\': return c;
    default:
      return fail(Fault::malformed, std::string{"\\"} + c + " means nothing; \\\" \\\\ \\n \\t do");
  }
}

// From after the opening quote; takes the closing one.
Result<std::string> take_quoted(std::string_view& rest) {
  std::string text;
  while (!rest.empty()) {
    char c = rest.front();
    rest.remove_prefix(1);
    if (c == '"') return text;
    if (c == '\\') {
      if (rest.empty()) break;
      c = TRY(escaped(rest.front()));
      rest.remove_prefix(1);
    }
    text += c;
  }
  return fail(Fault::malformed, "a quote does not end in this line");
}

// A bare word, and the colons that it ends with.
void take_bare(std::string_view& rest, std::vector<Word>& words) {
  const auto end =
      std::ranges::find_if(rest, [](char c) { return is_space(c) || c == '"' || c == ','; });
  auto text = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  rest.remove_prefix(text.size());
  std::size_t colons = 0;
  for (; text.size() > 1 && text.ends_with(':'); ++colons) text.remove_suffix(1);
  words.push_back({.text = std::string{text}, .is_quoted = false});
  words.insert(words.end(), colons, {.text = ":", .is_quoted = false});
}

}  // namespace

Result<std::vector<Word>> words_of(std::string_view line) {
  std::vector<Word> words;
  while (!line.empty()) {
    const char c = line.front();
    if (is_space(c)) {
      line.remove_prefix(1);
    } else if (c == '#') {
      break;
    } else if (c == ',') {
      line.remove_prefix(1);
      words.push_back({.text = ",", .is_quoted = false});
    } else if (c == '"') {
      line.remove_prefix(1);
      auto text = TRY(take_quoted(line));
      words.push_back({.text = std::move(text), .is_quoted = true});
    } else {
      take_bare(line, words);
    }
  }
  return words;
}

std::string to_text(const Word& word) {
  if (!word.is_quoted) return word.text;
  std::string text = "\"";
  for (const char c : word.text) {
    if (c == '"' || c == '\\') text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else if (c == '\t') {
      text += "\\t";
    } else {
      text += c;
    }
  }
  return text + '"';
}

}  // namespace convene::scenario
