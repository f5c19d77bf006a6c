#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace convene::scenario {

struct Word {
  std::string text;
  bool is_quoted = false;
  bool operator==(const Word&) const = default;
};

// The words of one line. A text in double quotes is one word, with \" \\ \n \t inside; a comma, and
// a colon at the end of a word, are words of their own; '#' where a word may begin starts a
// comment. Fault::malformed for a quote that does not end, and for another escape.
Result<std::vector<Word>> words_of(std::string_view line);

inline bool is(const Word& word, std::string_view text) {  // a bare one
  return !word.is_quoted && word.text == text;
}

// As it may be written in a line again.
std::string to_text(const Word& word);

}  // namespace convene::scenario
