#include "sip/client_transaction.h"

#include <algorithm>
#include <utility>

#include "base/state_table.h"

namespace convene::sip {

namespace {

using State = ClientTransaction::State;
using Event = ClientTransaction::Event;

// RFC 3261 figure 6, one row per arrow.
constexpr auto arrows = std::to_array<Arrow<State, Event>>({
    {State::trying, Event::timer_e, State::trying},
    {State::trying, Event::timer_f, State::terminated},
    {State::trying, Event::transport_error, State::terminated},
    {State::trying, Event::provisional, State::proceeding},
    {State::trying, Event::final_response, State::completed},
    {State::proceeding, Event::timer_e, State::proceeding},
    {State::proceeding, Event::timer_f, State::terminated},
    {State::proceeding, Event::transport_error, State::terminated},
    {State::proceeding, Event::provisional, State::proceeding},
    {State::proceeding, Event::final_response, State::completed},
    {State::completed, Event::timer_k, State::terminated},
});
static_assert(is_deterministic(arrows));

}  // namespace

bool ClientTransaction::step(Event event) {
  const auto to = follow(arrows, state_, event);
  if (to) state_ = *to;
  return to.has_value();
}

// RFC 3261 17.1.2.2
void ClientTransaction::start(Message request, TimePoint now, TransactionEffects& out) {
  timer_f_ = now + 64 * timers_.t1;
  if (!is_reliable(transport_)) {
    interval_ = timers_.t1;
    timer_e_ = now + interval_;
    request_ = request;
  }
  out.emplace_back(Transmit{std::move(request)});
}

void ClientTransaction::receive(Message response, TimePoint now, TransactionEffects& out) {
  const bool is_final = response.status() >= 200;
  if (!step(is_final ? Event::final_response : Event::provisional)) return;

  out.emplace_back(Deliver{std::move(response)});
  if (!is_final) return;
  request_.reset();
  timer_e_.reset();
  timer_f_.reset();
  timer_k_ = is_reliable(transport_) ? now : now + timers_.t4;
  wake(now, out);
}

// RFC 3261 17.1.4
void ClientTransaction::fail_transport(TransactionEffects& out) {
  if (!step(Event::transport_error)) return;
  out.emplace_back(TransportFailed{});
  end(out);
}

void ClientTransaction::wake(TimePoint now, TransactionEffects& out) {
  if (is_due(timer_f_, now) && step(Event::timer_f)) {
    out.emplace_back(TimedOut{});
    end(out);
  }
  if (is_due(timer_e_, now) && step(Event::timer_e)) retransmit(now, out);
  if (is_due(timer_k_, now) && step(Event::timer_k)) end(out);
}

// RFC 3261 17.1.2.2: doubling up to T2 while trying, every T2 while proceeding.
void ClientTransaction::retransmit(TimePoint now, TransactionEffects& out) {
  interval_ = state_ == State::trying ? std::min(2 * interval_, timers_.t2) : timers_.t2;
  timer_e_ = now + interval_;
  out.emplace_back(Transmit{*request_});
}

void ClientTransaction::end(TransactionEffects& out) {
  timer_e_.reset();
  timer_f_.reset();
  timer_k_.reset();
  request_.reset();
  out.emplace_back(TransactionEnded{});
}

}  // namespace convene::sip
