#include "sip/server_transaction.h"

#include <utility>

#include "base/state_table.h"

namespace convene::sip {

namespace {

using State = ServerTransaction::State;
using Event = ServerTransaction::Event;

// RFC 3261 figure 8, one row per arrow; without those of the transport error, which RFC 6026 8.8
// took out.
constexpr auto arrows = std::to_array<Arrow<State, Event>>({
    {State::trying, Event::provisional, State::proceeding},
    {State::trying, Event::final_response, State::completed},
    {State::trying, Event::request_again, State::trying},
    {State::proceeding, Event::provisional, State::proceeding},
    {State::proceeding, Event::final_response, State::completed},
    {State::proceeding, Event::request_again, State::proceeding},
    {State::completed, Event::request_again, State::completed},
    {State::completed, Event::timer_j, State::terminated},
});
static_assert(is_deterministic(arrows));

}  // namespace

bool ServerTransaction::step(Event event) {
  const auto to = follow(arrows, state_, event);
  if (to) state_ = *to;
  return to.has_value();
}

void ServerTransaction::respond(Message response, TimePoint now, TransactionEffects& out) {
  const bool is_final = response.status() >= 200;
  if (!step(is_final ? Event::final_response : Event::provisional)) return;

  if (!is_reliable(transport_) || !is_final) last_ = response;
  out.emplace_back(Transmit{std::move(response)});
  if (is_final) {
    timer_j_ = is_reliable(transport_) ? now : now + 64 * timers_.t1;
    wake(now, out);
  }
}

void ServerTransaction::receive_again(TransactionEffects& out) {
  if (step(Event::request_again) && last_) out.emplace_back(Transmit{*last_});
}

void ServerTransaction::wake(TimePoint now, TransactionEffects& out) {
  if (!is_due(timer_j_, now) || !step(Event::timer_j)) return;
  timer_j_.reset();
  last_.reset();
  out.emplace_back(TransactionEnded{});
}

}  // namespace convene::sip
