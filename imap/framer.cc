#include "imap/framer.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace convene::imap {

Result<std::optional<std::size_t>> announced_literal(std::string_view line) {
  if (!line.ends_with('}')) return std::nullopt;
  const auto open = line.rfind('{');
  if (open == std::string_view::npos) return std::nullopt;
  auto digits = line.substr(open + 1, line.size() - open - 2);
  if (digits.ends_with('+')) digits.remove_suffix(1);
  const bool is_number =
      !digits.empty() && std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) return std::nullopt;
  const auto size = to_number(digits);
  if (!size) return fail(Fault::too_large, "a literal whose size is no number of ours");
  return *size;
}

bool is_words(std::string_view line) {
  if (line.starts_with('+')) return true;
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return false;
  const auto rest = line.substr(space + 1);
  const auto word = rest.substr(0, rest.find(' '));
  constexpr auto conditions =
      std::to_array<std::string_view>({"OK", "NO", "BAD", "BYE", "PREAUTH"});
  return std::ranges::any_of(conditions, [word](auto known) { return iequals(word, known); });
}

// `line_end`: where the CRLF stands. Either the response ends there, or a literal follows.
Result<> Framer::take_line(std::size_t line_end) {
  const auto line = std::string_view{buffer_}.substr(line_, line_end - line_);
  const bool first = line_ == begin_;
  if (line.size() > limits_.line_octets) return fail(Fault::too_large, "a line of a response");
  std::optional<std::size_t> literal;
  if (!(first && is_words(line))) literal = TRY(announced_literal(line));
  if (!literal) {
    end_ = line_end;
    return {};
  }
  const auto so_far = line_end + 2 - begin_;
  if (*literal > limits_.response_octets || so_far > limits_.response_octets - *literal)
    return fail(Fault::too_large, "a literal of a response");
  line_ = scanned_ = line_end + 2 + *literal;
  return {};
}

Result<std::optional<std::string>> Framer::next() {
  while (!end_) {
    if (scanned_ >= buffer_.size()) return std::nullopt;  // within a literal, or nothing new
    const auto at = buffer_.find("\r\n", scanned_);
    if (at == std::string::npos) {
      scanned_ = std::max(line_, buffer_.size() - 1);  // the CR may be the last octet
      if (buffer_.size() - line_ > limits_.line_octets + 1)
        return fail(Fault::too_large, "a line of a response");
      return std::nullopt;
    }
    TRY(take_line(at));
  }
  if (*end_ - begin_ > limits_.response_octets) return fail(Fault::too_large, "a response");

  auto response = buffer_.substr(begin_, *end_ - begin_);
  begin_ = line_ = scanned_ = *end_ + 2;
  end_.reset();
  constexpr std::size_t worth_moving = 64 * 1024;
  if (begin_ == buffer_.size() || begin_ > worth_moving) {
    buffer_.erase(0, begin_);
    begin_ = line_ = scanned_ = 0;
  }
  return response;
}

}  // namespace convene::imap
