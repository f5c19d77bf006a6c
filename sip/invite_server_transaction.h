#pragma once

#include <optional>

#include "sip/hop.h"
#include "sip/timers.h"
#include "sip/transaction.h"

namespace convene::sip {

// The server side of an INVITE. RFC 3261 17.2.1, RFC 6026 7.1.
//
// Says 100 when the user says nothing for 200 ms. Retransmits a non-2xx until its ACK; a 2xx is
// retransmitted by the user. A response that could not be sent changes nothing (RFC 6026 8.8).
class InviteServerTransaction {
 public:
  enum class State { proceeding, completed, confirmed, accepted, terminated };
  enum class Event {
    provisional,
    success,
    failure,
    invite_again,
    ack,
    trying_due,
    timer_g,
    timer_h,
    timer_i,
    timer_l,
  };

  // Begins when its INVITE arrived; `trying` is the 100 to it.
  InviteServerTransaction(Transport transport, const Timers& timers, Message trying, TimePoint now);

  // The transaction user answers. After a final answer only copies of a 2xx are let through.
  void respond(Message response, TimePoint now, TransactionEffects& out);

  void receive_again(TransactionEffects& out);
  void receive_ack(TimePoint now, TransactionEffects& out);

  // Time passed. Call no later than deadline(); calling earlier or again does no harm.
  void wake(TimePoint now, TransactionEffects& out);
  Deadline deadline() const;

  State state() const { return state_; }

  // While proceeding, the last provisional response, sent or not: Via, From, To, Call-ID and CSeq
  // of every other.
  const Message* provisional() const;

 private:
  bool step(Event event);
  void stop_timers();
  void end(TransactionEffects& out);

  Transport transport_;
  Timers timers_;
  State state_ = State::proceeding;
  std::optional<Message> trying_;  // until 200 ms or an answer
  std::optional<Message> last_;  // proceeding: the last provisional; completed: the final response
  Deadline trying_due_;          // set while trying_ is
  Duration interval_{};          // of timer G
  Deadline timer_g_, timer_h_;   // set while completed; G over unreliable transports
  Deadline timer_i_;             // set while confirmed
  Deadline timer_l_;             // set while accepted
};

}  // namespace convene::sip
