#include "sip/offer_answer.h"

#include "base/state_table.h"

namespace convene::sip {

namespace {

using State = OfferAnswer::State;
using Event = OfferAnswer::Event;

constexpr auto arrows = std::to_array<Arrow<State, Event>>({
    {State::stable, Event::send_offer, State::offer_sent},
    {State::stable, Event::receive_offer, State::offer_received},
    {State::offer_sent, Event::end_of_ours, State::stable},
    {State::offer_received, Event::end_of_theirs, State::stable},
});
static_assert(is_deterministic(arrows));

}  // namespace

bool OfferAnswer::step(Event event) {
  const auto to = follow(arrows, state_, event);
  if (to) state_ = *to;
  return to.has_value();
}

}  // namespace convene::sip
