#include "sip/invite_client_transaction.h"

#include <utility>

#include "base/state_table.h"
#include "sip/related_requests.h"

namespace convene::sip {

namespace {

using State = InviteClientTransaction::State;
using Event = InviteClientTransaction::Event;

// RFC 3261 figure 5 as RFC 6026 7.2 has it, one row per arrow; timer C is RFC 3261 16.6 (11),
// cancel_timeout 9.1.
constexpr auto arrows = std::to_array<Arrow<State, Event>>({
    {State::calling, Event::timer_a, State::calling},
    {State::calling, Event::timer_b, State::terminated},
    {State::calling, Event::transport_error, State::terminated},
    {State::calling, Event::provisional, State::proceeding},
    {State::calling, Event::success, State::accepted},
    {State::calling, Event::failure, State::completed},
    {State::proceeding, Event::provisional, State::proceeding},
    {State::proceeding, Event::success, State::accepted},
    {State::proceeding, Event::failure, State::completed},
    {State::proceeding, Event::timer_c, State::proceeding},
    {State::proceeding, Event::cancel_timeout, State::terminated},
    {State::completed, Event::failure, State::completed},
    {State::completed, Event::timer_d, State::terminated},
    {State::completed, Event::transport_error, State::terminated},
    {State::accepted, Event::success, State::accepted},
    {State::accepted, Event::timer_m, State::terminated},
});
static_assert(is_deterministic(arrows));

Event event_of(int status) {
  if (status < 200) return Event::provisional;
  return status < 300 ? Event::success : Event::failure;
}

}  // namespace

bool InviteClientTransaction::step(Event event) {
  const auto to = follow(arrows, state_, event);
  if (to) state_ = *to;
  return to.has_value();
}

// RFC 3261 17.1.1.2
void InviteClientTransaction::start(Message invite, TimePoint now, TransactionEffects& out) {
  invite_ = std::move(invite);
  interval_ = timers_.t1;
  if (!is_reliable(transport_)) timer_a_ = now + interval_;
  timer_b_ = now + 64 * timers_.t1;
  out.emplace_back(Transmit{*invite_});
}

void InviteClientTransaction::receive(Message response, TimePoint now, TransactionEffects& out) {
  const int status = response.status();
  const bool is_first_final = state_ == State::calling || state_ == State::proceeding;
  if (!step(event_of(status))) return;

  if (status >= 300) return receive_failure(std::move(response), now, out);
  if (status < 200) {
    timer_a_.reset();
    timer_b_.reset();
    // RFC 3261 16.7 (2): 101 to 199 begin timer C anew; the first provisional response begins it.
    if (!cancel_timeout_ && (status > 100 || !timer_c_)) timer_c_ = now + timers_.timer_c;
  } else if (is_first_final) {
    stop_timers();
    invite_.reset();
    timer_m_ = now + 64 * timers_.t1;  // RFC 6026 7.2
  }
  out.emplace_back(Deliver{std::move(response)});
}

// RFC 3261 17.1.1.2: every copy is acknowledged, the first is told.
void InviteClientTransaction::receive_failure(Message response, TimePoint now,
                                              TransactionEffects& out) {
  if (ack_) {
    out.emplace_back(Transmit{*ack_});
    return;
  }
  stop_timers();
  ack_ = make_ack_to_failure(*invite_, response);
  invite_.reset();
  timer_d_ = is_reliable(transport_) ? now : now + 64 * timers_.t1;
  out.emplace_back(Transmit{*ack_});
  out.emplace_back(Deliver{std::move(response)});
  wake(now, out);
}

void InviteClientTransaction::expect_cancellation(TimePoint now) {
  if (state_ != State::proceeding || cancel_timeout_) return;
  timer_c_.reset();
  cancel_timeout_ = now + 64 * timers_.t1;
}

// RFC 3261 17.1.4
void InviteClientTransaction::fail_transport(TransactionEffects& out) {
  const bool is_answered = state_ == State::completed;
  if (!step(Event::transport_error)) return;
  if (!is_answered) out.emplace_back(TransportFailed{});
  end(out);
}

void InviteClientTransaction::wake(TimePoint now, TransactionEffects& out) {
  if (is_due(timer_b_, now) && step(Event::timer_b)) give_up(out);
  if (is_due(cancel_timeout_, now) && step(Event::cancel_timeout)) give_up(out);
  if (is_due(timer_a_, now) && step(Event::timer_a)) {
    interval_ *= 2;
    timer_a_ = now + interval_;
    out.emplace_back(Transmit{*invite_});
  }
  if (is_due(timer_c_, now) && step(Event::timer_c)) {
    timer_c_.reset();
    out.emplace_back(PatienceEnded{});
  }
  if (is_due(timer_d_, now) && step(Event::timer_d)) end(out);
  if (is_due(timer_m_, now) && step(Event::timer_m)) end(out);
}

Deadline InviteClientTransaction::deadline() const {
  return earliest(earliest(earliest(timer_a_, timer_b_), earliest(timer_c_, timer_d_)),
                  earliest(timer_m_, cancel_timeout_));
}

void InviteClientTransaction::give_up(TransactionEffects& out) {
  out.emplace_back(TimedOut{});
  end(out);
}

void InviteClientTransaction::stop_timers() {
  timer_a_.reset();
  timer_b_.reset();
  timer_c_.reset();
  timer_d_.reset();
  timer_m_.reset();
  cancel_timeout_.reset();
}

void InviteClientTransaction::end(TransactionEffects& out) {
  stop_timers();
  invite_.reset();
  ack_.reset();
  out.emplace_back(TransactionEnded{});
}

}  // namespace convene::sip
