#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "sip/message.h"

namespace convene::sip {

// Cuts a stream of octets into SIP messages by Content-Length. RFC 3261 18.3.
//
// Keeps at most one message of octets. An error ends the stream: nobody can tell where the next
// message begins.
class Framer {
 public:
  explicit Framer(MessageLimits limits = {}) : limits_{limits} {}

  void feed(std::string_view octets) { buffer_.append(octets); }

  struct Ping {};  // CRLFCRLF keep-alive that wants a CRLF back. RFC 5626 4.4.1
  struct NeedOctets {};
  struct Frame {
    std::string octets;  // one whole message
  };
  using Next = std::variant<NeedOctets, Ping, Frame>;

  // The next message, or NeedOctets.
  Result<Next> next();

  // What no message was cut from: after an error, the one that cannot be.
  std::string_view unread() const { return std::string_view{buffer_}.substr(begin_); }

  // False: a message has begun (slowloris clock).
  bool is_between_messages() const { return begin_ == buffer_.size(); }

 private:
  bool take_ping();
  Result<> measure(std::string_view rest);

  MessageLimits limits_;
  std::string buffer_;
  std::size_t begin_ = 0;       // of the next message
  std::size_t scanned_ = 0;     // from begin_: no end of headers before here
  std::size_t size_ = 0;        // of the next message, once its head is whole; else 0
  bool has_half_ping_ = false;  // one CRLF has just gone by
};

}  // namespace convene::sip
