#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "msrp/endpoint.h"
#include "msrp/head.h"
#include "msrp/range_set.h"
#include "msrp/reports.h"
#include "msrp/write_batch.h"

namespace convene::msrp {

// A chunk whose body is longer must be interruptible: its range-end is "*". RFC 4975 7.1.1.
constexpr std::uint64_t max_uninterruptible_octets = 2'048;

// One message on its way out: which of its octets exist, which were put into chunks, which are
// confirmed.
//
// A chunk is planned only over octets that exist. Whoever supplied the body thus could not know the
// chunk's transaction id, and bodies need not be searched for it. It may be written in parts, and
// ended before its plan when something else must pass. RFC 4975 7.1.1.
class Outgoing {
 public:
  Outgoing(OutgoingId number, OutgoingMessage message);

  // Octets [0, ready) of the body exist, prefix not counted.
  void body_grew(std::uint64_t ready);

  // How many octets wait to be put into chunks.
  std::uint64_t available() const { return ready_ - at_; }
  // All that will ever come is there.
  bool is_ready_to_its_end() const { return ready_ == total_; }
  bool is_all_chunked() const { return is_all_chunked_; }
  bool is_begun() const { return is_all_chunked_ || at_ > 0; }

  // Begins a chunk of up to `max_octets` of what is available; how many are planned.
  std::uint64_t begin_chunk(WriteBatch& batch, const SessionPaths& paths, std::uint64_t transaction,
                            std::uint64_t max_octets);
  // The next octets of the open chunk, up to `room`. True: it has come to its end.
  bool continue_chunk(WriteBatch& batch, std::uint64_t room);
  // Ends the open chunk where it is; how many octets of its plan it lacks.
  std::uint64_t cut_chunk(std::string& text, Continuation flag);
  // The transaction of the open chunk.
  std::optional<std::uint64_t> open_chunk() const;
  // The chunk that aborts it: without octets, with '#'. RFC 4975 7.1.1.
  void append_abort(std::string& frames, const SessionPaths& paths, const TransactionId& id) const;

  void restart();  // nothing was sent
  void forget_octets();

  OutgoingId id;
  OutgoingMessage message;
  std::uint64_t confirmed = 0;       // octets
  std::uint64_t told_confirmed = 0;  // SendProgress
  std::size_t unanswered = 0;        // chunks
  RangeSet reported;
  Deadline gather_until;     // little is available: wait for more until then
  bool is_gathered = false;  // ... and then it was over
  TimePoint last_progress;   // while waiting for its report

 private:
  Head head_of_chunk(const SessionPaths& paths, const TransactionId& id) const;
  void append_octets(WriteBatch& batch, std::uint64_t begin, std::uint64_t end) const;

  struct OpenChunk {
    std::uint64_t transaction = 0;
    std::uint64_t end = 0;  // planned
  };

  std::optional<OpenChunk> open_;
  std::uint64_t total_ = 0;
  std::uint64_t ready_ = 0;
  std::uint64_t at_ = 0;  // octets before it are in chunks
  bool is_all_chunked_ = false;
};

}  // namespace convene::msrp
