#pragma once

#include <optional>

#include "sip/hop.h"
#include "sip/timers.h"
#include "sip/transaction.h"

namespace convene::sip {

// The client side of any request but INVITE and ACK. RFC 3261 17.1.2.
//
// Touches neither socket nor clock: every input says what time it is, every consequence is appended
// to `out`.
class ClientTransaction {
 public:
  enum class State { trying, proceeding, completed, terminated };
  enum class Event {
    provisional,
    final_response,
    timer_e,
    timer_f,
    timer_k,
    transport_error,
  };

  ClientTransaction(Transport transport, const Timers& timers)
      : transport_{transport}, timers_{timers} {}

  // Sends the request for the first time. Once.
  void start(Message request, TimePoint now, TransactionEffects& out);

  void receive(Message response, TimePoint now, TransactionEffects& out);
  void fail_transport(TransactionEffects& out);

  // Time passed. Call no later than deadline(); calling earlier or again does no harm.
  void wake(TimePoint now, TransactionEffects& out);
  Deadline deadline() const { return earliest(earliest(timer_e_, timer_f_), timer_k_); }

  State state() const { return state_; }

 private:
  bool step(Event event);
  void retransmit(TimePoint now, TransactionEffects& out);
  void end(TransactionEffects& out);

  Transport transport_;
  Timers timers_;
  State state_ = State::trying;
  std::optional<Message> request_;  // until the final response, over unreliable transports
  Duration interval_{};             // of timer E
  Deadline timer_e_;                // set while trying and proceeding, over unreliable transports
  Deadline timer_f_;                // set while trying and proceeding
  Deadline timer_k_;                // set while completed
};

}  // namespace convene::sip
