#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace convene::imap {

struct ResponseLimits {
  std::size_t line_octets = 64 * 1024;            // between two literals
  std::size_t response_octets = 8 * 1024 * 1024;  // with all its literals
};

// Cuts a stream into responses: a line with the literals that it announces. RFC 3501 2.2.2, 4.3.
//
// Keeps at most one response, and what was fed beyond it. An error ends the stream.
class Framer {
 public:
  explicit Framer(ResponseLimits limits = {}) : limits_{limits} {}

  void feed(std::string_view octets) { buffer_.append(octets); }

  // The next whole response without its last CRLF, literals in place; nothing: more is needed.
  Result<std::optional<std::string>> next();

 private:
  Result<> take_line(std::size_t line_end);

  ResponseLimits limits_;
  std::string buffer_;
  std::size_t begin_ = 0;           // of the response
  std::size_t line_ = 0;            // begin of its current line
  std::size_t scanned_ = 0;         // no CRLF before here
  std::optional<std::size_t> end_;  // of the last line, once the response is whole
};

// The size at the end of a line that announces a literal: {42}, {42+}, ~{42}. RFC 3501 4.3, RFC
// 3516, RFC 7888. Fault::malformed for one that cannot be read.
Result<std::optional<std::size_t>> announced_literal(std::string_view line);

// "* OK ...", "a1 NO ...", "+ ...": words for people, in which nothing is a literal.
bool is_words(std::string_view line);

}  // namespace convene::imap
