#pragma once

#include <cstdint>

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
// A chunk is made only of octets that exist, and is written whole. Whoever supplied the body thus
// could not know the chunk's transaction id, and bodies need not be searched for it. Between chunks
// everything else may pass.
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

  // Puts up to `max_octets` of what is available into a chunk; how many they were.
  std::uint64_t append_chunk(WriteBatch& batch, const SessionPaths& paths, const TransactionId& id,
                             std::uint64_t max_octets);
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

  std::uint64_t total_ = 0;
  std::uint64_t ready_ = 0;
  std::uint64_t at_ = 0;  // octets before it are in chunks
  bool is_all_chunked_ = false;
};

}  // namespace convene::msrp
