#pragma once

#include <optional>

#include "sip/hop.h"
#include "sip/timers.h"
#include "sip/transaction.h"

namespace convene::sip {

// The client side of an INVITE. RFC 3261 17.1.1, RFC 6026 7.2.
//
// Acknowledges a non-2xx by itself; every 2xx is the user's to acknowledge. After a provisional
// response it waits timer C for each further one; when that ends the user should cancel.
class InviteClientTransaction {
 public:
  enum class State { calling, proceeding, completed, accepted, terminated };
  enum class Event {
    provisional,
    success,
    failure,
    timer_a,
    timer_b,
    timer_c,
    timer_d,
    timer_m,
    cancel_timeout,
    transport_error,
  };

  InviteClientTransaction(Transport transport, const Timers& timers)
      : transport_{transport}, timers_{timers} {}

  // Sends the INVITE for the first time. Once.
  void start(Message invite, TimePoint now, TransactionEffects& out);

  void receive(Message response, TimePoint now, TransactionEffects& out);

  // A CANCEL went out: the final response has 64*T1 to come. RFC 3261 9.1.
  void expect_cancellation(TimePoint now);

  void fail_transport(TransactionEffects& out);

  // Time passed. Call no later than deadline(); calling earlier or again does no harm.
  void wake(TimePoint now, TransactionEffects& out);
  Deadline deadline() const;

  State state() const { return state_; }
  const std::optional<Message>& invite() const { return invite_; }  // while calling and proceeding

 private:
  bool step(Event event);
  void receive_failure(Message response, TimePoint now, TransactionEffects& out);
  void give_up(TransactionEffects& out);
  void stop_timers();
  void end(TransactionEffects& out);

  Transport transport_;
  Timers timers_;
  State state_ = State::calling;
  std::optional<Message> invite_;  // while calling and proceeding
  std::optional<Message> ack_;     // while completed
  Duration interval_{};            // of timer A
  Deadline timer_a_, timer_b_;     // set while calling; A over unreliable transports
  Deadline timer_c_;               // set while proceeding, not cancelled
  Deadline timer_d_;               // set while completed
  Deadline timer_m_;               // set while accepted
  Deadline cancel_timeout_;        // set while proceeding, cancelled
};

}  // namespace convene::sip
