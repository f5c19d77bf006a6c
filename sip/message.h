#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sip/header_name.h"

namespace convene::sip {

// Sizes a peer may not exceed. Beyond them: Fault::too_large.
struct MessageLimits {
  std::size_t header_octets = 65'536;  // start line and all headers
  std::size_t headers = 256;
  std::size_t one_header_octets = 16'384;
  std::size_t body_octets = 1'048'576;
};

// A SIP request or response. RFC 3261 7.
//
// One owned buffer; headers are indexed once and their values parsed when asked for (uri.h,
// fields.h). May be copied and moved. Unknown headers are kept, in order and spelling. What a view
// shows is valid until the message is changed, moved or destroyed.
class Message {
 public:
  static Message request(std::string_view method, std::string_view uri);
  static Message response(int status, std::string_view reason = {});  // empty: the usual phrase

  bool is_request() const { return status_ == 0; }
  int status() const { return status_; }  // 0: a request
  std::string_view reason() const;
  std::string_view method() const;  // of a response: that of its CSeq; empty when it has none
  std::string_view uri() const;     // the Request-URI as received; empty in a response
  void set_uri(std::string_view uri);
  std::string_view version() const { return version_.size == 0 ? "SIP/2.0" : view(version_); }

  // The value of the first such header, unfolded and trimmed. Empty when there is none.
  std::string_view header(Name name) const;
  std::string_view header(std::string_view name) const;
  bool has(Name name) const;
  std::size_t count(Name name) const;  // header lines, not values

  // Every value of a header that may hold a comma list (Via, Contact, Route, Accept-Contact,
  // Supported...), over all its lines, in order. Commas in quotes and in <> do not separate.
  std::vector<std::string_view> values(Name name) const;

  // Whether the comma list holds `token`, whatever its case: Require, Supported, Allow, Privacy
  // (which uses ';').
  bool lists(Name name, std::string_view token) const;

  struct Field {
    Name name;
    std::string_view text;   // the name as spelled
    std::string_view value;  // unfolded, trimmed
  };
  std::vector<Field> fields() const;  // all headers in order

  // CR, LF and NUL in a value become blanks: nobody can smuggle in a header.
  void add(Name name, std::string_view value);  // after the last of that name, else at the end
  void add(std::string_view name, std::string_view value);
  void add_first(Name name, std::string_view value);  // before that name's others, else on top
  void set(Name name, std::string_view value);        // replaces all of that name
  void remove(Name name);
  void remove(std::string_view name);
  void remove_first_value(Name name);  // takes one value off a list: our own Via or Route

  // Copies every header line of that name from another message; Name::other: all unknown ones.
  void copy(Name name, const Message& from);

  std::string_view body() const;
  void set_body(std::string_view content_type, std::string_view body);  // sets Content-Type
  void remove_body();

  bool operator==(const Message& other) const;  // same start line, headers in order, and body

 private:
  class Reader;
  friend Result<Message> parse_message(std::string octets, const MessageLimits& limits);
  friend std::string to_text(const Message& message);

  struct Slice {
    std::uint32_t at = 0;
    std::uint32_t size = 0;
  };
  struct Indexed {
    Name name = Name::other;
    Slice text;  // empty: the usual spelling
    Slice value;
  };

  std::string_view view(Slice slice) const { return {buffer_.data() + slice.at, slice.size}; }
  Slice append(std::string_view text);
  Slice append_value(std::string_view value);
  std::string_view text_of_header(const Indexed& header) const;
  bool is_named(const Indexed& header, std::string_view name, Name known) const;
  const Indexed* find(Name name) const;
  void insert_after_last(const Indexed& header);

  std::string buffer_;  // what was received, then what was added
  int status_ = 0;
  Slice method_, uri_, reason_, version_, body_;  // version_ is empty for SIP/2.0
  std::vector<Indexed> headers_;
};

// Reads one whole message: a datagram, or what the Framer cut from a stream. Octets after
// Content-Length are dropped (RFC 3261 18.3); fewer than announced: malformed; without one good
// Content-Length the rest is the body. Checks the shape of start line and headers only.
Result<Message> parse_message(std::string octets, const MessageLimits& limits = {});

// Always with the long header names, a right Content-Length and CRLF line ends.
std::string to_text(const Message& message);

// What is wrong with a message that could be read at all: the answer it deserves.
struct Rejection {
  int status = 400;
  std::string reason;  // what the reason phrase says: "Missing Call-ID"
  bool operator==(const Rejection&) const = default;
};

// The rules of RFC 3261 8.1.1, 8.2, 16.3 and 20 that the grammar of single headers cannot say:
// mandatory headers once, CSeq fits the method, addresses and numbers in range, SIP/2.0 (505),
// known URI scheme (416).
std::optional<Rejection> defect(const Message& message);

// The usual reason phrase of a status: "OK", "Not Found"; of its class for an unknown one.
std::string_view reason_phrase(int status);

}  // namespace convene::sip
