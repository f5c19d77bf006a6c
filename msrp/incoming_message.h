#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>

#include "msrp/byte_range.h"
#include "msrp/endpoint.h"
#include "msrp/head.h"
#include "msrp/range_set.h"
#include "msrp/reports.h"

namespace convene::msrp {

// A chunk whose answer waits: for its octets [.., end) to be confirmed.
struct HeldChunk {
  Reply reply;
  std::uint64_t end = 0;
};

// One message on its way in, put together from chunks by their ranges. RFC 4975 7.3.1.
//
// Chunks may come in any order and overlap: the first write wins, since octets may have been passed
// on already. What the ranges say must agree, and the octets with them; what does not is a fault,
// and the end of the message.
class IncomingMessage {
 public:
  static constexpr std::size_t max_pieces = 64;        // that do not touch
  static constexpr std::size_t max_empty_chunks = 64;  // that bring nothing

  IncomingMessage(IncomingId id, const Head& head, const Receive& receive);

  // A chunk begins where its range says. Without a range: at the message's beginning.
  Result<> begin_chunk(const std::optional<ByteRange>& range);
  // The next octets of the chunk, into the store if the message has a body there, else into memory.
  Result<> put(std::span<const std::byte> octets, BodyStore& bodies);
  // `flag` is complete or more.
  Result<> end_chunk(Continuation flag);

  bool is_complete() const { return total_ && have_.ready() >= *total_; }
  std::uint64_t ready() const { return have_.ready(); }
  std::uint64_t octets_received() const { return have_.octets(); }
  std::optional<std::uint64_t> total() const { return total_; }
  std::uint64_t chunk_end() const { return at_; }  // of the latest chunk
  std::string take_octets() { return std::move(memory_); }

  IncomingId id;
  std::string message_id;
  std::string content_type;
  bool success_report = false;
  FailureReport failure_report = FailureReport::yes;
  std::optional<BodyId> body;    // Receive::to_body
  TimePoint last_progress;       // when octets came last
  std::uint64_t told_ready = 0;  // MessageGrew
  std::deque<HeldChunk> held;    // whose octets the far side has not confirmed

 private:
  Result<> agree_on(std::uint64_t total);
  Result<> write(std::uint64_t offset, std::span<const std::byte> octets, BodyStore& bodies);

  std::uint64_t max_octets_;
  std::optional<std::uint64_t> expected_;
  std::optional<std::uint64_t> total_;
  RangeSet have_;
  std::string memory_;
  std::uint64_t at_ = 0;  // where the chunk's next octet goes
  std::uint64_t chunk_begin_ = 0;
  std::size_t empty_chunks_ = 0;
};

}  // namespace convene::msrp
