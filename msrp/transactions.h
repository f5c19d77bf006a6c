#pragma once

#include <list>
#include <optional>

#include "base/time.h"
#include "msrp/endpoint.h"
#include "msrp/failure_report.h"

namespace convene::msrp {

// One SEND that waits for its response. RFC 4975 7.1.2.
struct Transaction {
  std::uint64_t id = 0;
  std::optional<OutgoingId> message;  // nothing: the SEND that binds
  std::uint64_t octets = 0;
  FailureReport failure_report = FailureReport::yes;
  bool is_open = false;  // its chunk has not come to its end
  bool is_written = false;
  TimePoint since;  // while written
};

// The unanswered SENDs of a session in the order they were sent. Peers answer in that order, so
// only the oldest has its clock running: from when it had left, or from when the one before it was
// answered. A slow but living peer is thus never taken for dead.
class Transactions {
 public:
  void add(Transaction transaction) { waiting_.push_back(transaction); }
  // Takes out the one that a response answers.
  std::optional<Transaction> take(std::uint64_t id, TimePoint now);
  // Its chunk is complete, with so many octets less than were planned. False: it was answered
  // already.
  bool close(std::uint64_t id, std::uint64_t lacking);
  // Takes out the oldest whose answer is late.
  std::optional<Transaction> take_late(TimePoint now, Duration patience);
  // Takes out the oldest if silence answers it, too.
  std::optional<Transaction> take_silent();
  void written(TimePoint now);
  void clear() { waiting_.clear(); }

  std::size_t size() const { return waiting_.size(); }
  Deadline deadline(Duration patience) const;

 private:
  std::list<Transaction> waiting_;
};

}  // namespace convene::msrp
