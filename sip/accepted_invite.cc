#include "sip/accepted_invite.h"

#include <algorithm>
#include <utility>

#include "base/state_table.h"
#include "sip/fields.h"

namespace convene::sip {

namespace {

using State = AcceptedInvite::State;
using Event = AcceptedInvite::Event;

constexpr auto arrows = std::to_array<Arrow<State, Event>>({
    {State::waiting, Event::ack, State::acknowledged},
    {State::waiting, Event::retransmit, State::waiting},
    {State::waiting, Event::timeout, State::given_up},
});
static_assert(is_deterministic(arrows));

}  // namespace

AcceptedInvite::AcceptedInvite(ServerTransactionId transaction, Message success,
                               const Timers& timers, TimePoint now)
    : transaction_{transaction},
      number_{sequence_of(success)},
      success_{std::move(success)},
      timers_{timers},
      interval_{timers.t1},
      retransmit_at_{now + timers.t1},
      timeout_{now + 64 * timers.t1} {}

bool AcceptedInvite::step(Event event) {
  const auto to = follow(arrows, state_, event);
  if (to) state_ = *to;
  return to.has_value();
}

bool AcceptedInvite::acknowledge(std::uint32_t number) {
  if (number != number_ || !step(Event::ack)) return false;
  finish();
  return true;
}

AcceptedInvite::Effect AcceptedInvite::wake(TimePoint now) {
  if (is_due(timeout_, now) && step(Event::timeout)) {
    finish();
    return Effect::no_ack;
  }
  if (is_due(retransmit_at_, now) && step(Event::retransmit)) {
    interval_ = std::min(2 * interval_, timers_.t2);
    retransmit_at_ = now + interval_;
    return Effect::retransmit;
  }
  return Effect::nothing;
}

void AcceptedInvite::finish() {
  retransmit_at_.reset();
  timeout_.reset();
  success_ = {};
}

}  // namespace convene::sip
