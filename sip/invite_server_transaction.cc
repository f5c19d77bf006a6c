#include "sip/invite_server_transaction.h"

#include <algorithm>
#include <utility>

#include "base/state_table.h"

namespace convene::sip {

namespace {

using State = InviteServerTransaction::State;
using Event = InviteServerTransaction::Event;

constexpr Duration trying_after{200};  // RFC 3261 17.2.1

// RFC 3261 figure 7 as RFC 6026 7.1 has it, one row per arrow.
constexpr auto arrows = std::to_array<Arrow<State, Event>>({
    {State::proceeding, Event::invite_again, State::proceeding},
    {State::proceeding, Event::trying_due, State::proceeding},
    {State::proceeding, Event::provisional, State::proceeding},
    {State::proceeding, Event::success, State::accepted},
    {State::proceeding, Event::failure, State::completed},
    {State::completed, Event::invite_again, State::completed},
    {State::completed, Event::timer_g, State::completed},
    {State::completed, Event::ack, State::confirmed},
    {State::completed, Event::timer_h, State::terminated},
    {State::confirmed, Event::invite_again, State::confirmed},
    {State::confirmed, Event::ack, State::confirmed},
    {State::confirmed, Event::timer_i, State::terminated},
    {State::accepted, Event::invite_again, State::accepted},
    {State::accepted, Event::success, State::accepted},
    {State::accepted, Event::ack, State::accepted},
    {State::accepted, Event::timer_l, State::terminated},
});
static_assert(is_deterministic(arrows));

Event event_of(int status) {
  if (status < 200) return Event::provisional;
  return status < 300 ? Event::success : Event::failure;
}

}  // namespace

InviteServerTransaction::InviteServerTransaction(Transport transport, const Timers& timers,
                                                 Message trying, TimePoint now)
    : transport_{transport},
      timers_{timers},
      trying_{std::move(trying)},
      trying_due_{now + trying_after} {}

bool InviteServerTransaction::step(Event event) {
  const auto to = follow(arrows, state_, event);
  if (to) state_ = *to;
  return to.has_value();
}

void InviteServerTransaction::respond(Message response, TimePoint now, TransactionEffects& out) {
  const Event event = event_of(response.status());
  const bool was_accepted = state_ == State::accepted;
  if (!step(event)) return;

  stop_timers();
  trying_.reset();
  last_.reset();
  if (event == Event::success) {
    if (!was_accepted) timer_l_ = now + 64 * timers_.t1;  // RFC 6026 7.1, any transport
  } else if (event == Event::failure) {
    interval_ = timers_.t1;
    if (!is_reliable(transport_)) timer_g_ = now + interval_;
    timer_h_ = now + 64 * timers_.t1;
    last_ = response;
  } else {
    last_ = response;
  }
  out.emplace_back(Transmit{std::move(response)});
}

void InviteServerTransaction::receive_again(TransactionEffects& out) {
  if (step(Event::invite_again) && last_) out.emplace_back(Transmit{*last_});
}

void InviteServerTransaction::receive_ack(TimePoint now, TransactionEffects& out) {
  const State before = state_;
  if (!step(Event::ack)) return;
  if (before == State::accepted) out.emplace_back(DeliverAck{});
  if (before != State::completed) return;
  stop_timers();
  last_.reset();
  timer_i_ = is_reliable(transport_) ? now : now + timers_.t4;
  wake(now, out);
}

void InviteServerTransaction::wake(TimePoint now, TransactionEffects& out) {
  if (is_due(trying_due_, now) && step(Event::trying_due)) {
    trying_due_.reset();
    last_ = std::exchange(trying_, std::nullopt);
    out.emplace_back(Transmit{*last_});
  }
  if (is_due(timer_h_, now) && step(Event::timer_h)) {
    out.emplace_back(AckMissing{});
    end(out);
  }
  if (is_due(timer_g_, now) && step(Event::timer_g)) {
    interval_ = std::min(2 * interval_, timers_.t2);
    timer_g_ = now + interval_;
    out.emplace_back(Transmit{*last_});
  }
  if (is_due(timer_i_, now) && step(Event::timer_i)) end(out);
  if (is_due(timer_l_, now) && step(Event::timer_l)) end(out);
}

Deadline InviteServerTransaction::deadline() const {
  return earliest(earliest(earliest(trying_due_, timer_g_), earliest(timer_h_, timer_i_)),
                  timer_l_);
}

const Message* InviteServerTransaction::provisional() const {
  if (state_ != State::proceeding) return nullptr;
  return trying_ ? &*trying_ : &*last_;
}

// All but timer L, which nothing stops.
void InviteServerTransaction::stop_timers() {
  trying_due_.reset();
  timer_g_.reset();
  timer_h_.reset();
  timer_i_.reset();
}

void InviteServerTransaction::end(TransactionEffects& out) {
  stop_timers();
  timer_l_.reset();
  last_.reset();
  out.emplace_back(TransactionEnded{});
}

}  // namespace convene::sip
