#include <algorithm>
#include <string>
#include <utility>

#include "participating/participating_function_impl.h"
#include "sip/tag.h"

// CPM 8.3.2.3 CPM Session closing; for file transfers, too (8.3.3.2).
namespace convene::participating {

// (2) a, b, R6.2: it was sent on in the other dialog at once. R6.3, R6.9: no other call is looked
// at; a session and the transfers in it end each for itself. Of two BYEs that cross the first
// counts.
void ParticipatingFunction::Impl::hung_up(Turn& turn, const Found& found,
                                          const sip::RequestArrived& arrived) {
  auto& call = calls_.at(found.id);
  if (call.pairings.size() > 1) return;  // one fork of several
  release_media(turn, call);             // (1) R6.1
  const auto record = history_.over(call, &arrived.request, turn.now, turn.out.asks);
  // R5.1, A11: Message-UID is only for the user whose BYE it is.
  if (record && found.from == call.served_side()) hold_answer(turn, arrived.transaction, *record);
}

// RFC 4028 10: nothing was said in it for too long. Both sides are told, in case they are there.
void ParticipatingFunction::Impl::hang_up(Turn& turn, const Call& call) {
  if (call.method != "INVITE") return;
  for (const auto& pairing : call.pairings) {
    if (!pairing.is_confirmed) continue;
    for (const auto towards : {Side::caller, Side::callee}) {
      const bool is_to_caller = towards == Side::caller;
      auto bye =
          sip::Message::request("BYE", is_to_caller ? call.caller_contact : pairing.callee_contact);
      const auto& from = is_to_caller ? call.to : call.from;
      const auto& to = is_to_caller ? call.from : call.to;
      bye.add(sip::Name::max_forwards, "70");
      bye.add(sip::Name::from,
              sip::with_tag(from, is_to_caller ? pairing.tag_to_caller : call.tag_to_callee));
      bye.add(sip::Name::to,
              sip::with_tag(to, is_to_caller ? call.caller_tag : pairing.callee_tag));
      bye.add(sip::Name::call_id, is_to_caller ? call.caller_call_id : call.callee_call_id);
      const auto last = is_to_caller ? call.callee_sequence : call.caller_sequence;
      bye.add(sip::Name::cseq, std::to_string(last + 1) + " BYE");
      for (const auto& route : is_to_caller ? call.caller_routes : pairing.callee_routes)
        bye.add(sip::Name::route, route);
      if (const auto destination = sip::next_hop(bye))
        layer_->send(std::move(bye), *destination, turn.now, turn.sip);
    }
  }
}

}  // namespace convene::participating
