#pragma once

#include <optional>

#include "sip/hop.h"
#include "sip/timers.h"
#include "sip/transaction.h"

namespace convene::sip {

// The server side of any request but INVITE. RFC 3261 17.2.2.
//
// Begins when its request arrived. Touches neither socket nor clock: every input says what time it
// is, every consequence is appended to `out`. A response that could not be sent changes nothing
// (RFC 6026 8.8): a retransmitted request must still find its transaction.
class ServerTransaction {
 public:
  enum class State { trying, proceeding, completed, terminated };
  enum class Event { provisional, final_response, request_again, timer_j };

  ServerTransaction(Transport transport, const Timers& timers)
      : transport_{transport}, timers_{timers} {}

  // The transaction user answers. Answers after the first final one are dropped.
  void respond(Message response, TimePoint now, TransactionEffects& out);

  // The same request arrived again.
  void receive_again(TransactionEffects& out);

  // Time passed. Call no later than deadline(); calling earlier or again does no harm.
  void wake(TimePoint now, TransactionEffects& out);
  Deadline deadline() const { return timer_j_; }

  State state() const { return state_; }

 private:
  bool step(Event event);

  Transport transport_;
  Timers timers_;
  State state_ = State::trying;
  std::optional<Message> last_;  // what a retransmitted request gets; nothing while trying
  Deadline timer_j_;             // set while completed
};

}  // namespace convene::sip
