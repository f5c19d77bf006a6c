#include "msrp/chunk_decoder.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/text.h"
#include "msrp/end_line_search.h"
#include "msrp/start_line.h"

namespace convene::msrp {

namespace {

constexpr std::string_view crlf = "\r\n";
constexpr std::string_view seven_dashes = "-------";
constexpr std::string_view start = "MSRP ";
constexpr std::size_t flag_and_crlf = 3;

std::optional<Continuation> continuation(char flag) {
  switch (flag) {
    case '+': return Continuation::more;
    case '$': return Continuation::complete;
    case '#': return Continuation::aborted;
    default: return std::nullopt;
  }
}

bool is_text(std::string_view line) {
  return std::ranges::all_of(line, [](char c) {
    const auto value = static_cast<unsigned char>(c);
    return value == '\t' || (value >= 0x20 && value != 0x7F);
  });
}

}  // namespace

std::span<std::byte> ChunkDecoder::prepare() {
  if (!buffer_) {
    buffer_ = buffers_->take();
    std::memcpy(buffer_.get(), carried_.data(), carried_.size());
    carried_.clear();
  } else if (taken_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + taken_, filled_ - taken_);
    filled_ -= taken_;
    taken_ = 0;
  }
  return std::span{buffer_.get(), ReadBuffers::octets}.subspan(filled_);
}

// Gives the buffer back when there is little in it.
void ChunkDecoder::rest() {
  const auto text = unread();
  if (!buffer_ || text.size() > max_header_octets) return;
  carried_ = text;
  filled_ = carried_.size();
  taken_ = 0;
  buffers_->give_back(std::move(buffer_));
}

std::string_view ChunkDecoder::unread() const {
  if (!buffer_) return carried_;
  return {reinterpret_cast<const char*>(buffer_.get()) + taken_, filled_ - taken_};
}

Result<ChunkEvent> ChunkDecoder::next() {
  Result<ChunkEvent> event = fail(Fault::closed, "nothing after an error");
  switch (phase_) {
    case Phase::head: event = next_in_head(); break;
    case Phase::body: event = next_in_body(); break;
    case Phase::ended: event = take_end(0, static_cast<char>(flag_)); break;
    case Phase::broken: break;
  }
  if (!event) phase_ = Phase::broken;
  if (event && std::holds_alternative<NeedOctets>(*event)) rest();
  return event;
}

// Headers run to an empty line (a body follows) or to the end-line (no body). RFC 4975 7.1.
Result<ChunkEvent> ChunkDecoder::next_in_head() {
  const auto text = unread();
  const auto block = text.substr(0, max_header_octets);
  if (!start.starts_with(text.substr(0, start.size()))) return fail(Fault::malformed, "not MSRP");

  for (;;) {
    const auto line_end = block.find('\n', searched_);
    if (line_end == block.npos) {
      if (text.size() >= max_header_octets) return fail(Fault::too_large, "MSRP headers");
      searched_ = text.size();
      return NeedOctets{};
    }
    auto line = block.substr(line_begin_, line_end - line_begin_);
    if (!line.ends_with('\r')) return fail(Fault::malformed, "line feed alone");
    line.remove_suffix(1);
    if (++lines_ > max_header_lines) return fail(Fault::too_large, "MSRP headers");

    const auto size = line_begin_;
    line_begin_ = searched_ = line_end + 1;
    if (size > 0 && line.empty()) return take_head(size, line_begin_, true);
    if (size > 0 && is_end_line(block.substr(size - crlf.size())) &&
        line.size() == end_line_.size() - crlf.size() + 1) {
      flag_ = *continuation(line.back());
      return take_head(size, line_begin_, false);
    }
    if (size > 0)
      TRY(check_line(line));
    else
      end_line_ =
          std::string{crlf}.append(seven_dashes).append(TRY(parse_start_line(line)).transaction_id);
  }
}

Result<> ChunkDecoder::check_line(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == 0 || colon == line.npos) return fail(Fault::malformed, "header without a name");
  if (!is_text(line)) return fail(Fault::malformed, "control character in a header");
  return {};
}

// Hands out the head in the first `size` octets; `taken` includes the line that ended it.
Result<ChunkEvent> ChunkDecoder::take_head(std::size_t size, std::size_t taken, bool has_body) {
  auto lines = unread().substr(0, size);
  const auto first = TRY(parse_start_line(take_line(lines)));
  headers_.clear();
  while (!lines.empty()) {
    const auto line = take_line(lines);
    const auto colon = line.find(':');
    headers_.push_back({line.substr(0, colon), trim(line.substr(colon + 1))});
  }

  taken_ += taken;
  line_begin_ = searched_ = lines_ = 0;
  body_octets_ = 0;
  is_send_ = first.method == "SEND";
  phase_ = has_body ? Phase::body : Phase::ended;
  return ChunkBegin{.transaction_id = first.transaction_id,
                    .method = first.method,
                    .status = first.status,
                    .comment = first.comment,
                    .headers = headers_,
                    .has_body = has_body};
}

// Whether `text` begins with the whole end-line: nothing else, however alike, ends a body.
bool ChunkDecoder::is_end_line(std::string_view text) const {
  const auto size = end_line_.size();
  return text.size() >= size + flag_and_crlf && text.starts_with(end_line_) &&
         continuation(text[size]) && text.substr(size + 1, crlf.size()) == crlf;
}

Result<ChunkEvent> ChunkDecoder::next_in_body() {
  const auto text = unread();
  const auto whole = end_line_.size() + flag_and_crlf;

  // Some write an empty body without the CRLF that belongs to its end-line.
  if (body_octets_ == 0) {
    const auto dashes = std::string_view{end_line_}.substr(crlf.size());
    const auto bare = whole - crlf.size();
    if (text.size() >= bare && text.starts_with(dashes) && continuation(text[dashes.size()]) &&
        text.substr(dashes.size() + 1, crlf.size()) == crlf)
      return take_end(bare, text[dashes.size()]);
    if (text.size() < bare && dashes.starts_with(text.substr(0, dashes.size())))
      return NeedOctets{};
  }

  std::size_t from = 0;
  for (;;) {
    const auto found = find_end_line(text.substr(from), end_line_);
    if (found == text.npos) break;
    const auto at = from + found;
    if (at + whole > text.size()) return at > 0 ? take_body(at) : NeedOctets{};
    if (is_end_line(text.substr(at)))
      return at > 0 ? take_body(at) : take_end(whole, text[end_line_.size()]);
    from = at + 1;  // part of the body: another transaction's end-line, or none
  }

  // No end-line yet: hand out all that cannot be the beginning of one.
  const auto count = text.size() - possible_end_line(text);
  return count > 0 ? take_body(count) : NeedOctets{};
}

// How many octets at the end of `text` may be the first of an end-line.
std::size_t ChunkDecoder::possible_end_line(std::string_view text) const {
  auto tail = text.substr(text.size() - std::min(text.size(), end_line_.size() - 1));
  while (!tail.empty() && !std::string_view{end_line_}.starts_with(tail)) {
    const auto next = tail.find('\r', 1);
    tail.remove_prefix(std::min(next, tail.size()));
  }
  return tail.size();
}

Result<ChunkEvent> ChunkDecoder::take_body(std::size_t size) {
  body_octets_ += size;
  if (!is_send_ && body_octets_ > max_other_body_octets)
    return fail(Fault::too_large, "body of what is not SEND");
  const auto octets = std::as_bytes(std::span{unread().substr(0, size)});
  taken_ += size;
  return ChunkBody{octets};
}

ChunkEvent ChunkDecoder::take_end(std::size_t size, char flag) {
  taken_ += size;
  phase_ = Phase::head;
  return ChunkEnd{continuation(flag).value_or(Continuation::complete)};
}

}  // namespace convene::msrp
