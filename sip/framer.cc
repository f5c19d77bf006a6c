#include "sip/framer.h"

#include <algorithm>

#include "base/text.h"
#include "sip/grammar.h"

namespace convene::sip {

namespace {

constexpr std::size_t kept_octets = 4'096;  // of a buffer that waits, empty, for the next message
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

// The Content-Length of a whole head, which the stream cannot do without. RFC 3261 18.3
Result<std::size_t> content_length(std::string_view head) {
  std::optional<std::uint64_t> length;
  auto at = head.find(line_end);  // behind the start line
  while (at + line_end.size() < head.size()) {
    const auto start = at + line_end.size();
    at = head.find(line_end, start);
    while (at + 2 < head.size() && is_blank(head[at + 2]))
      at = head.find(line_end, at + 2);  // folded

    const auto line = head.substr(start, at - start);
    const auto colon = line.find(':');
    if (colon == line.npos || is_blank(line.front())) continue;
    if (name_of(trim_blanks(line.substr(0, colon))) != Name::content_length) continue;
    if (length) return fail(Fault::malformed, "stream with a second Content-Length");
    length = to_number(trim(line.substr(colon + 1)));
    if (!length) return fail(Fault::malformed, "stream with a bad Content-Length");
  }
  if (!length) return fail(Fault::malformed, "stream without Content-Length");
  return static_cast<std::size_t>(*length);
}

}  // namespace

Result<Framer::Next> Framer::next() {
  if (take_ping()) return Ping{};

  const auto rest = std::string_view{buffer_}.substr(begin_);
  if (size_ == 0) TRY(measure(rest));
  if (size_ == 0 || rest.size() < size_) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    if (buffer_.empty() && buffer_.capacity() > kept_octets) buffer_ = {};
    return NeedOctets{};
  }
  Frame frame{.octets = std::string{rest.substr(0, size_)}};
  begin_ += size_;
  scanned_ = size_ = 0;
  return frame;
}

// Skips CRLFs between messages. Two in a row are a ping, however the stream was cut. RFC 5626 4.4.1
bool Framer::take_ping() {
  const auto rest = [&] { return std::string_view{buffer_}.substr(begin_); };
  while (rest().starts_with(line_end)) {
    begin_ += line_end.size();
    scanned_ = 0;
    has_half_ping_ = !has_half_ping_;
    if (!has_half_ping_) return true;
  }
  const bool may_be_crlf = rest().empty() || rest() == "\r";
  if (!may_be_crlf) has_half_ping_ = false;
  return false;
}

// Finds out size_, when the head is whole.
Result<> Framer::measure(std::string_view rest) {
  const auto end = rest.find(head_end, scanned_ > 3 ? scanned_ - 3 : 0);
  const auto head_size = end == rest.npos ? rest.size() : end + head_end.size();
  if (head_size > limits_.header_octets) return fail(Fault::too_large, "headers");
  if (end == rest.npos) {
    scanned_ = rest.size();
    return {};
  }
  const auto length = TRY(content_length(rest.substr(0, head_size)));
  if (length > limits_.body_octets) return fail(Fault::too_large, "body");
  size_ = head_size + length;
  return {};
}

}  // namespace convene::sip
