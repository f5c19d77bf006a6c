#pragma once

#include "sip/timers.h"
#include "sip/transaction_layer.h"

namespace convene::sip {

// A 2xx to an INVITE that waits for its ACK. RFC 3261 13.3.1.4.
//
// The core repeats it over every transport, T1 apart and doubling to T2, for 64*T1.
class AcceptedInvite {
 public:
  enum class State { waiting, acknowledged, given_up };
  enum class Event { ack, retransmit, timeout };
  enum class Effect { nothing, retransmit, no_ack };

  AcceptedInvite(ServerTransactionId transaction, Message success, const Timers& timers,
                 TimePoint now);

  // The ACK with that CSeq number came. False: it belongs to another INVITE, or was here before.
  bool acknowledge(std::uint32_t number);

  // Time passed. Call no later than deadline(); calling earlier or again does no harm.
  Effect wake(TimePoint now);
  Deadline deadline() const { return earliest(retransmit_at_, timeout_); }

  State state() const { return state_; }
  ServerTransactionId transaction() const { return transaction_; }
  const Message& success() const { return success_; }  // while waiting

 private:
  bool step(Event event);
  void finish();

  ServerTransactionId transaction_;
  std::uint32_t number_;  // of the INVITE's CSeq
  Message success_;       // while waiting
  Timers timers_;
  State state_ = State::waiting;
  Duration interval_;
  Deadline retransmit_at_, timeout_;  // set while waiting
};

}  // namespace convene::sip
