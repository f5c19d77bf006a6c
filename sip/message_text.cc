#include <array>
#include <cstring>

#include "base/text.h"
#include "sip/grammar.h"
#include "sip/message.h"

namespace convene::sip {

namespace {

constexpr std::string_view our_version = "SIP/2.0";

// SIP-Version = "SIP" "/" 1*DIGIT "." 1*DIGIT, whatever its case.
bool is_version(std::string_view text) {
  if (text.size() < 7 || !iequals(text.substr(0, 4), "SIP/")) return false;
  const auto numbers = text.substr(4);
  const auto dot = numbers.find('.');
  return dot != numbers.npos && to_number(numbers.substr(0, dot)) &&
         to_number(numbers.substr(dot + 1));
}

}  // namespace

// Indexes the octets of one message from start to end.
class Message::Reader {
 public:
  Reader(std::string octets, const MessageLimits& limits) : limits_{limits} {
    message_.buffer_ = std::move(octets);
    message_.headers_.reserve(usual_headers);
  }

  Result<Message> read() {
    if (message_.buffer_.size() > max_octets) return fail(Fault::too_large, "message");
    skip_empty_lines();
    const auto start_line = TRY(take_line(Folding::forbidden));
    TRY(read_start_line(start_line));
    for (;;) {
      const auto line = TRY(take_line(Folding::allowed));
      if (line.empty()) break;
      TRY(read_header(line));
    }
    TRY(read_body());
    return std::move(message_);
  }

 private:
  static constexpr std::size_t usual_headers = 32;
  static constexpr std::size_t max_octets = 1U << 31;  // a Slice can point at
  enum class Folding { allowed, forbidden };

  // RFC 3261 7.5
  void skip_empty_lines() {
    while (message_.buffer_.compare(at_, 2, "\r\n") == 0) at_ += 2;
    begin_ = at_;
  }

  // Cuts off one logical line; the folds in it become blanks, in place. RFC 3261 7.3.1
  Result<std::string_view> take_line(Folding folding) {
    auto& buffer = message_.buffer_;
    const auto start = at_;
    for (;;) {
      const auto* const feed =
          static_cast<const char*>(std::memchr(buffer.data() + at_, '\n', buffer.size() - at_));
      if (feed == nullptr) return fail(Fault::malformed, "headers do not end");
      const auto end = static_cast<std::size_t>(feed - buffer.data());
      if (end == start || buffer[end - 1] != '\r') return fail(Fault::malformed, "bare LF");
      at_ = end + 1;
      if (at_ - begin_ > limits_.header_octets) return fail(Fault::too_large, "headers");

      const bool is_folded = folding == Folding::allowed && end - 1 > start &&
                             at_ < buffer.size() && is_blank(buffer[at_]);
      if (is_folded) {
        buffer[end - 1] = buffer[end] = ' ';
        continue;
      }
      const std::string_view line{buffer.data() + start, end - 1 - start};
      if (std::memchr(line.data(), '\r', line.size()) != nullptr)
        return fail(Fault::malformed, "bare CR");
      return line;
    }
  }

  // Where a piece of the buffer is.
  Slice slice_of(std::string_view piece) const {
    return {.at = static_cast<std::uint32_t>(piece.data() - message_.buffer_.data()),
            .size = static_cast<std::uint32_t>(piece.size())};
  }

  // Blanks that do not belong there stay in the Request-URI, for defect() to find.
  Result<> read_start_line(std::string_view line) {
    if (line.size() >= 4 && iequals(line.substr(0, 4), "SIP/")) return read_status_line(line);
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == line.npos || last <= first + 1) return fail(Fault::malformed, "start line");

    const auto method = line.substr(0, first);
    if (!is_token(method)) return fail(Fault::malformed, "method");
    message_.method_ = slice_of(method);
    message_.uri_ = slice_of(line.substr(first + 1, last - first - 1));
    return read_version(line.substr(last + 1));
  }

  // Status-Line = SIP-Version SP Status-Code SP Reason-Phrase. RFC 3261 7.2
  Result<> read_status_line(std::string_view line) {
    const auto version = line.substr(0, line.find(' '));
    TRY(read_version(version));
    line.remove_prefix(version.size());

    const bool has_code = line.size() >= 4 && line[1] >= '1' && line[1] <= '6' &&
                          is_digit(line[2]) && is_digit(line[3]);
    if (!has_code || (line.size() > 4 && line[4] != ' '))
      return fail(Fault::malformed, "status code");
    message_.status_ = static_cast<int>(*to_number(line.substr(1, 3)));
    if (line.size() > 5) message_.reason_ = slice_of(line.substr(5));
    return {};
  }

  Result<> read_version(std::string_view version) {
    if (!is_version(version)) return fail(Fault::malformed, "protocol version");
    if (!iequals(version, our_version)) message_.version_ = slice_of(version);
    return {};
  }

  // message-header = header-name HCOLON header-value
  Result<> read_header(std::string_view line) {
    if (message_.headers_.size() == limits_.headers)
      return fail(Fault::too_large, "number of headers");
    if (line.size() > limits_.one_header_octets) return fail(Fault::too_large, "header");
    const auto* const colon = static_cast<const char*>(std::memchr(line.data(), ':', line.size()));
    if (colon == nullptr || is_blank(line.front())) return fail(Fault::malformed, "header line");

    const auto name_size = static_cast<std::size_t>(colon - line.data());
    const auto name = trim_blanks(line.substr(0, name_size));
    if (!is_token(name)) return fail(Fault::malformed, "header name");
    const auto value = trim_blanks(line.substr(name_size + 1));
    message_.headers_.push_back(
        {.name = name_of(name), .text = slice_of(name), .value = slice_of(value)});
    return {};
  }

  // RFC 3261 18.3. A Content-Length that is no number, or is not the only one, is left to defect().
  Result<> read_body() {
    auto size = message_.buffer_.size() - at_;
    const auto length = to_number(message_.header(Name::content_length));
    if (length && message_.count(Name::content_length) == 1) {
      if (*length > limits_.body_octets) return fail(Fault::too_large, "body");
      if (*length > size) return fail(Fault::malformed, "body shorter than Content-Length");
      size = static_cast<std::size_t>(*length);
    }
    if (size > limits_.body_octets) return fail(Fault::too_large, "body");
    message_.body_ = {.at = static_cast<std::uint32_t>(at_),
                      .size = static_cast<std::uint32_t>(size)};
    message_.buffer_.resize(at_ + size);
    return {};
  }

  const MessageLimits& limits_;
  Message message_;
  std::size_t at_ = 0;     // first octet not read
  std::size_t begin_ = 0;  // of the start line
};

Result<Message> parse_message(std::string octets, const MessageLimits& limits) {
  return Message::Reader{std::move(octets), limits}.read();
}

std::string to_text(const Message& message) {
  constexpr std::size_t line_extra = 4;  // colon, blank, CRLF
  constexpr std::size_t other_extra = 64;
  std::size_t size = message.uri_.size + message.reason_.size + message.body_.size + other_extra;
  for (const auto& header : message.headers_)
    size += text_of(header.name).size() + header.text.size + header.value.size + line_extra;

  std::string text;
  text.reserve(size);
  if (message.is_request()) {
    text.append(message.method())
        .append(" ")
        .append(message.uri())
        .append(" ")
        .append(message.version());
  } else {
    text.append(message.version())
        .append(" ")
        .append(std::to_string(message.status()))
        .append(" ")
        .append(message.reason());
  }
  text += "\r\n";

  bool has_length = false;
  const auto add_length = [&] {
    if (!has_length)
      text.append("Content-Length: ").append(std::to_string(message.body_.size)).append("\r\n");
    has_length = true;
  };
  for (const auto& header : message.headers_) {
    if (header.name == Name::content_length) {
      add_length();
      continue;
    }
    text.append(header.name == Name::other ? message.view(header.text) : text_of(header.name));
    text.append(header.value.size == 0 ? ":" : ": ")
        .append(message.view(header.value))
        .append("\r\n");
  }
  add_length();
  return text.append("\r\n").append(message.body());
}

}  // namespace convene::sip
