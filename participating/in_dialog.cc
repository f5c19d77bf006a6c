#include <algorithm>

#include "participating/participating_function_impl.h"
#include "sip/fields.h"
#include "sip/tag.h"

// Requests within dialogs, from either side to the other. RFC 3261 12.2
namespace convene::participating {

std::optional<ParticipatingFunction::Impl::Found> ParticipatingFunction::Impl::find(
    const sip::Message& request) {
  const auto call_id = request.header(sip::Name::call_id);
  const auto to = sip::tag_of(request.header(sip::Name::to));
  const auto from = sip::tag_of(request.header(sip::Name::from));
  const auto [first, last] = by_call_id_.equal_range(call_id);
  for (auto it = first; it != last; ++it) {
    auto& call = calls_.at(it->second);
    if (call.caller_call_id == call_id && call.caller_tag == from) {
      if (const auto* pairing = call.pairing_at(Side::caller, to))
        return Found{.id = it->second,
                     .from = Side::caller,
                     .pairing = static_cast<std::size_t>(pairing - call.pairings.data())};
    }
    if (call.callee_call_id == call_id && call.tag_to_callee == to) {
      if (const auto* pairing = call.pairing_at(Side::callee, from))
        return Found{.id = it->second,
                     .from = Side::callee,
                     .pairing = static_cast<std::size_t>(pairing - call.pairings.data())};
      return pair_early_notify(request, it->second);
    }
  }
  return std::nullopt;
}

// RFC 6665 4.4.1: the NOTIFY may come before the 2xx to the SUBSCRIBE, and makes the dialog.
std::optional<ParticipatingFunction::Impl::Found> ParticipatingFunction::Impl::pair_early_notify(
    const sip::Message& request, CallId id) {
  auto& call = calls_.at(id);
  if (request.method() != "NOTIFY" || call.pairings.size() >= settings_.max_forks)
    return std::nullopt;
  Pairing pairing;
  pairing.tag_to_caller = random_token(world_.random, 12);
  pairing.callee_tag = sip::tag_of(request.header(sip::Name::from));
  pairing.callee_routes = values_of(request, sip::Name::record_route);
  pairing.callee_contact = contact_of(request);
  call.pairings.push_back(std::move(pairing));
  return Found{.id = id, .from = Side::callee, .pairing = call.pairings.size() - 1};
}

sip::Message ParticipatingFunction::Impl::for_other_side(const sip::Message& request,
                                                         const Call& call, Side from,
                                                         const Pairing& pairing) const {
  const bool is_from_caller = from == Side::caller;
  Addressing addressing;
  addressing.call_id = is_from_caller ? call.callee_call_id : call.caller_call_id;
  addressing.from_tag = is_from_caller ? call.tag_to_callee : pairing.tag_to_caller;
  addressing.to_tag = is_from_caller ? pairing.callee_tag : call.caller_tag;
  addressing.routes = is_from_caller ? pairing.callee_routes : call.caller_routes;
  auto made = onward(request, addressing);
  const auto& target = is_from_caller ? pairing.callee_contact : call.caller_contact;
  if (!target.empty()) made.set_uri(target);
  return made;
}

void ParticipatingFunction::Impl::relay(Turn& turn, const sip::RequestArrived& arrived,
                                        const Found& found) {
  const auto& request = arrived.request;
  auto& call = calls_.at(found.id);
  const auto& pairing = call.pairings[found.pairing];
  auto& sequence = found.from == Side::caller ? call.caller_sequence : call.callee_sequence;
  sequence = std::max(sequence, sip::sequence_of(request));
  if (request.method() == "NOTIFY" && found.from != call.served_side())
    history_.notified(call, request);

  auto onward = for_other_side(request, call, found.from, pairing);
  const auto to = sip::next_hop(onward);
  const bool may_offer = request.method() == "INVITE" || request.method() == "UPDATE";
  if (call.is_anchored && may_offer && !request.body().empty()) {
    if (is_offer_under_way(call)) return refuse(turn, arrived, 491, "another offer is under way");
    offer(call, found.from, arrived.transaction, onward);
  }
  if (!to) return refuse(turn, arrived, 503, "nobody knows where the other side is");
  const auto sent = layer_->send(std::move(onward), *to, turn.now, turn.sip);
  exchange_of_.emplace(sent, arrived.transaction);
  exchanges_.emplace(arrived.transaction, Exchange{.call = found.id,
                                                   .from = found.from,
                                                   .is_first = false,
                                                   .tag_to_caller = pairing.tag_to_caller,
                                                   .request = request,
                                                   .sent = sent});
  if (request.method() == "BYE") hung_up(turn, found, arrived);
  if (request.method() == "INVITE")
    exchange_deadlines_.set(arrived.transaction.value, turn.now + settings_.invitation_patience);
}

// RFC 3261 13.2.2.4: the ACK to a 2xx goes from end to end.
void ParticipatingFunction::Impl::relay_ack(Turn& turn, const sip::Message& ack) {
  const auto found = find(ack);
  const auto hops = sip::parse_delta_seconds(ack.header(sip::Name::max_forwards));
  if (!found || (hops && *hops == 0)) return;
  auto& call = calls_.at(found->id);
  auto onward = for_other_side(ack, call, found->from, call.pairings[found->pairing]);
  const bool is_answer = call.proposal && call.proposal->offerer != found->from;
  if (is_answer && !ack.body().empty()) answer_offer(turn, found->id, onward);
  if (const auto to = sip::next_hop(onward))
    layer_->send_without_transaction(std::move(onward), *to, turn.sip);
}

// RFC 3261 9.2, 16.10: the other side ends it, and its 487 is the answer; a 2xx that crosses is,
// too.
void ParticipatingFunction::Impl::cancelled(Turn& turn, sip::ServerTransactionId invite) {
  const auto found = exchanges_.find(invite);
  if (found != exchanges_.end()) layer_->cancel(found->second.sent, turn.now, turn.sip);
}

}  // namespace convene::participating
