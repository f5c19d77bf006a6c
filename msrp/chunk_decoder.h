#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "msrp/read_buffers.h"

namespace convene::msrp {

enum class Continuation : char { more = '+', complete = '$', aborted = '#' };  // RFC 4975 7.1

struct HeaderLine {
  std::string_view name;
  std::string_view value;  // without spaces at its ends
};

// The head of a request or response. Its texts are valid until the next call on the decoder.
struct ChunkBegin {
  std::string_view transaction_id;
  std::string_view method;  // empty: a response
  int status = 0;           // 0: a request
  std::string_view comment;
  std::span<const HeaderLine> headers;  // in the order received
  bool has_body = false;                // an empty line ended the headers
};

struct ChunkBody {
  std::span<const std::byte> octets;  // valid until the next call on the decoder
};

struct ChunkEnd {
  Continuation flag;
};

struct NeedOctets {};  // nothing more until further octets arrive

using ChunkEvent = std::variant<NeedOctets, ChunkBegin, ChunkBody, ChunkEnd>;

// Cuts a stream of octets into MSRP requests and responses. Holds at most one buffer of octets,
// however large the file: a body is handed out as it arrives, where it arrived.
//
// Use: read into prepare(), say how much with commit(), then take next() until NeedOctets.
class ChunkDecoder {
 public:
  static constexpr std::size_t max_header_octets =
      8'192;  // start line, headers and the line that ends them
  static constexpr std::size_t max_header_lines = 64;
  static constexpr std::size_t min_transaction_id = 4;
  static constexpr std::size_t max_transaction_id = 32;
  static constexpr std::size_t max_method = 32;
  static constexpr std::uint64_t max_other_body_octets =
      10'240;  // of anything but SEND. RFC 4975 7.1

  // `buffers` outlives the decoder, which borrows one only while octets are in it.
  explicit ChunkDecoder(ReadBuffers& buffers) : buffers_{&buffers} {}

  // Room for the next octets. Never empty after NeedOctets.
  std::span<std::byte> prepare();
  void commit(std::size_t count) { filled_ += count; }

  // The next event. An error ends the stream: there is no way to find the next chunk.
  Result<ChunkEvent> next();

  // Whether a head has begun that is not complete.
  bool is_inside_head() const { return phase_ == Phase::head && filled_ > taken_; }
  bool is_inside_body() const { return phase_ == Phase::body; }

 private:
  enum class Phase { head, body, ended, broken };

  Result<ChunkEvent> next_in_head();
  Result<ChunkEvent> next_in_body();
  Result<ChunkEvent> take_head(std::size_t size, std::size_t taken, bool has_body);
  Result<ChunkEvent> take_body(std::size_t size);
  ChunkEvent take_end(std::size_t size, char flag);
  Result<> check_line(std::string_view line);
  std::size_t possible_end_line(std::string_view text) const;
  bool is_end_line(std::string_view text) const;
  void rest();
  std::string_view unread() const;

  ReadBuffers* buffers_;
  ReadBuffer buffer_;       // none while resting: what is unread is then in carried_
  std::string carried_;     // less than one head
  std::size_t taken_ = 0;   // octets already handed out
  std::size_t filled_ = 0;  // octets received

  Phase phase_ = Phase::head;
  std::size_t line_begin_ =
      0;  // in the unread octets: the first line of the head that was not looked at
  std::size_t searched_ = 0;  // no end of that line before here
  std::vector<HeaderLine> headers_;
  std::size_t lines_ = 0;
  std::string end_line_;                        // CRLF "-------" transaction-id
  Continuation flag_ = Continuation::complete;  // while ended
  bool is_send_ = false;
  std::uint64_t body_octets_ = 0;
};

}  // namespace convene::msrp
