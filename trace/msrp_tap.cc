#include "trace/msrp_tap.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace convene::trace {
namespace {

constexpr std::size_t max_head = 16'384;  // twice what the endpoint takes
constexpr std::string_view dashes = "-------";

std::string_view value_of(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    const auto line = take_line(head);
    const auto colon = line.find(':');
    if (colon != line.npos && iequals(line.substr(0, colon), name))
      return trim(line.substr(colon + 1));
  }
  return {};
}

bool is_text(std::string_view content_type) {
  const auto type = to_lower(content_type.substr(0, content_type.find(';')));
  return type.starts_with("text/") || type.starts_with("message/") || type.ends_with("xml");
}

// Where `end_line`, a continuation flag and CRLF stand in `text`; the size of `text` that is
// certainly before it.
struct Search {
  std::optional<std::size_t> found;
  std::size_t passed = 0;
};
Search find_end(std::string_view text, std::string_view end_line) {
  const std::size_t whole = end_line.size() + 3;
  for (std::size_t at = 0;; ++at) {
    at = text.find(end_line, at);
    if (at == text.npos) {
      return {std::nullopt, text.size() - std::min(text.size(), end_line.size() - 1)};
    }
    const auto tail = text.substr(at + end_line.size(), 3);
    if (tail.size() < 3) return {std::nullopt, at};
    if (std::string_view{"+$#"}.contains(tail[0]) && tail.substr(1) == "\r\n")
      return {at, at + whole};
  }
}

}  // namespace

void MsrpTap::pass(std::string_view octets, std::vector<Frame>& out) {
  if (state_ == State::lost) return;
  waiting_ += octets;
  while (state_ == State::in_head ? take_head(out) : state_ == State::in_body && take_body(out)) {
  }
}

void MsrpTap::pass_unseen(std::uint64_t octets) {
  if (state_ != State::in_body) return;
  count_body(waiting_.size());
  frame_.left_out += octets;
  keep_ = 0;
}

// RFC 4975 9: "MSRP" SP transaction-id SP ... CRLF, headers, and then CRLF with a body or the
// end-line.
bool MsrpTap::take_head(std::vector<Frame>& out) {
  const auto head = std::string_view{waiting_}.substr(0, max_head);
  const auto line_end = head.find("\r\n");
  if (line_end != head.npos) {
    const auto words = split(head.substr(0, line_end), ' ');
    if (words[0] != "MSRP") return lose(line_end + 2, out);
    if (words.size() > 2) {
      end_line_ = std::string{dashes}.append(words[1]);
      const auto blank = head.find("\r\n\r\n");
      const auto end = find_end(head, "\r\n" + end_line_);
      if (end.found && *end.found < blank) {
        finish(end.passed, out);
        return true;
      }
      if (blank != head.npos) {
        begin_body(blank + 4);
        return true;
      }
    }
  }
  return head.size() == max_head ? lose(max_head, out) : false;
}

// The first `size` octets that wait make no sense: the same ones however what comes is cut.
bool MsrpTap::lose(std::size_t size, std::vector<Frame>& out) {
  state_ = State::lost;
  out.push_back({waiting_.substr(0, size), 0});
  waiting_.clear();
  return false;
}

void MsrpTap::begin_body(std::size_t head_size) {
  const auto head = std::string_view{waiting_}.substr(0, head_size);
  keep_ = is_text(value_of(head, "Content-Type")) ? max_body_ : 0;
  frame_ = {std::string{head}, 0};
  waiting_.erase(0, head_size);
  end_line_ = "\r\n" + end_line_;
  state_ = State::in_body;
}

bool MsrpTap::take_body(std::vector<Frame>& out) {
  const auto end = find_end(waiting_, end_line_);
  count_body(end.found.value_or(end.passed));
  if (!end.found) return false;
  finish(end_line_.size() + 3, out);
  return true;
}

// The first `size` octets that wait belong to the body.
void MsrpTap::count_body(std::size_t size) {
  const auto kept = std::min(size, keep_);
  frame_.octets.append(waiting_, 0, kept);
  frame_.left_out += size - kept;
  keep_ -= kept;
  waiting_.erase(0, size);
}

// The first `size` octets that wait end the frame.
void MsrpTap::finish(std::size_t size, std::vector<Frame>& out) {
  frame_.octets.append(waiting_, 0, size);
  waiting_.erase(0, size);
  out.push_back(std::exchange(frame_, {}));
  state_ = State::in_head;
}

}  // namespace convene::trace
