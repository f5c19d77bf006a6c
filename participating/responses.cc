#include <algorithm>

#include "base/text.h"
#include "participating/participating_function_impl.h"
#include "sip/fields.h"
#include "sip/name_addr.h"
#include "sip/tag.h"

// Responses, from either side to the other, and the dialogs that they make, refresh and end.
namespace convene::participating {

namespace {

// RFC 3261 12.1.2: the route set of who called is the reverse; the nearest, which is us, goes.
std::vector<std::string> routes_to_callee(const sip::Message& response) {
  auto routes = values_of(response, sip::Name::record_route);
  std::ranges::reverse(routes);
  if (!routes.empty()) routes.erase(routes.begin());
  return routes;
}

bool ends_dialog(const sip::Message& request, int status) {
  if (status == 481 || status == 408) return true;  // RFC 3261 12.2.1.2
  // RFC 3261 15.1.1: whoever says BYE is gone, unless it has to say it again.
  if (request.method() == "BYE") return status != 401 && status != 407 && status != 503;
  if (request.method() != "NOTIFY" || status >= 300) return false;
  const auto state = sip::parse_subscription_state(request.header(sip::Name::subscription_state));
  return state && state->state == "terminated";  // RFC 6665 4.4.1
}

// RFC 4028 10, RFC 6665 4.1.2.2: how long a dialog may go on without a word.
Duration lifetime(const sip::Message& response, Duration otherwise) {
  constexpr std::chrono::seconds grace{64};
  if (const auto timer = sip::parse_session_expires(response.header(sip::Name::session_expires)))
    return timer->interval + grace;
  if (const auto expires = sip::parse_delta_seconds(response.header(sip::Name::expires));
      expires && response.method() == "SUBSCRIBE")
    return std::chrono::seconds{*expires} + grace;
  return otherwise;
}

}  // namespace

// RFC 3261 12.1.2: the dialogs that a response to the first request belongs to; nothing when it
// makes none.
Pairing* ParticipatingFunction::Impl::pair(Call& call, const sip::Message& response) {
  const auto tag = sip::tag_of(response.header(sip::Name::to));
  if (tag.empty() || response.status() >= 300 || !call.makes_dialogs()) return nullptr;
  auto* pairing = call.pairing_at(Side::callee, tag);
  if (pairing == nullptr) {
    if (call.pairings.size() >= settings_.max_forks) {
      world_.log.warning("participating", "too many forks of one request",
                         {{"call_id", call.callee_call_id}});
      return nullptr;
    }
    pairing = &call.pairings.emplace_back();
    pairing->tag_to_caller = random_token(world_.random, 12);
    pairing->callee_tag = tag;
  }
  if (!pairing->is_confirmed) pairing->callee_routes = routes_to_callee(response);
  if (auto contact = contact_of(response); !contact.empty())
    pairing->callee_contact = std::move(contact);
  pairing->is_confirmed |= response.status() >= 200;
  return pairing;
}

// RFC 3261 12.2.1.2: target refresh, and with it the time that the dialog may last.
void ParticipatingFunction::Impl::refresh(Turn& turn, Call& call, const Exchange& exchange,
                                          Pairing& pairing, const sip::Message& response) {
  if (response.status() < 200 || response.status() >= 300) return;
  const auto method = exchange.request.method();
  if (method == "INVITE" || method == "UPDATE" || method == "SUBSCRIBE") {
    const bool is_from_caller = exchange.from == Side::caller;
    if (auto contact = contact_of(exchange.request); !contact.empty())
      (is_from_caller ? call.caller_contact : pairing.callee_contact) = std::move(contact);
    if (auto contact = contact_of(response); !contact.empty())
      (is_from_caller ? pairing.callee_contact : call.caller_contact) = std::move(contact);
  }
  call_deadlines_.set(exchange.call.value, turn.now + lifetime(response, settings_.idle_dialog));
}

void ParticipatingFunction::Impl::response_arrived(Turn& turn, sip::ClientTransactionId transaction,
                                                   const sip::Message& response) {
  auto deferring_turn = deferring(turn);
  if (deferred_.answered(deferring_turn, transaction, response.status())) return;
  const auto under_way = exchange_of_.find(transaction);
  if (under_way == exchange_of_.end() || response.status() == 100) return;
  const auto server = under_way->second;
  const auto& exchange = exchanges_.at(server);
  std::string to_tag = sip::tag_of(exchange.request.header(sip::Name::to));
  const auto found = calls_.find(exchange.call);
  if (found == calls_.end()) {  // it ended while this was under way
    answer(turn, server, backward(exchange.request, response, to_tag, {}));
    if (response.status() >= 200) forget(server);
    return;
  }
  auto& call = found->second;
  if (exchange.is_first &&
      deferred_.wants_instead_of(response.status(), call.served, exchange.request)) {
    deferred_.take(deferring_turn, server, exchange.request, call.served, false);
    return finish(turn, server, response);
  }
  if (exchange.is_deferrable && response.status() >= 300) {
    const bool was_reached = !is_unreachable(exchange.is_late ? 408 : response.status());
    if (!was_reached && sessions_.can_take(call.served, exchange.request, deferred_))
      return have_taken(turn, exchange.call, server);
  } else if (exchange.is_deferrable && !exchange.is_late && response.status() < 200) {  // it rings
    exchange_deadlines_.set(server.value, turn.now + settings_.invitation_patience);
  }
  auto* pairing = exchange.is_first ? pair(call, response)
                                    : call.pairing_at(Side::caller, exchange.tag_to_caller);
  if (exchange.is_first && response.status() > 100)
    to_tag = pairing != nullptr ? pairing->tag_to_caller : layer_->to_tag(exchange.request);
  if (exchange.is_first && response.status() >= 200 && response.status() < 300)
    warn_of_lost_feature_tags(call, response);

  const bool records = exchange.is_first && pairing != nullptr;
  if (call.method == "MESSAGE" && exchange.is_first) message_passed(turn, server, response);
  auto made = backward(exchange.request, response, to_tag,
                       records ? call.record_routes : std::vector<std::string>{});
  media_in_response(turn, exchange, server, made);
  answer(turn, server, std::move(made));
  if (exchange.request.method() == "INVITE" && response.status() / 100 == 2) {
    if (exchange.is_first)
      history_.accepted(call, exchange.request, response, turn.out.asks);
    else
      History::accepted_again(call, exchange.request, response);
  }
  if (pairing != nullptr) refresh(turn, call, exchange, *pairing, response);
  if (response.status() >= 200) finish(turn, server, response);
}

// After a final response: what is over is forgotten.
void ParticipatingFunction::Impl::finish(Turn& turn, sip::ServerTransactionId transaction,
                                         const sip::Message& response) {
  auto& exchange = exchanges_.at(transaction);
  const auto id = exchange.call;
  auto& call = calls_.at(id);
  const int status = response.status();
  const bool is_accepted_invite = exchange.request.method() == "INVITE" && status < 300;
  bool is_over = false;
  if (exchange.is_first) {
    call.is_beginning = false;
    const bool has_dialog = std::ranges::any_of(call.pairings, &Pairing::is_confirmed);
    const bool no_subscription =
        call.method == "REFER" && iequals(response.header(sip::Name::refer_sub), "false");
    is_over = !has_dialog || no_subscription;
  } else if (ends_dialog(exchange.request, status)) {
    std::erase_if(call.pairings, [&](const Pairing& pairing) {
      return pairing.tag_to_caller == exchange.tag_to_caller;
    });
    is_over = call.pairings.empty() && !call.is_beginning;
  }
  if (is_accepted_invite) {  // RFC 6026 7.2: its 2xx may come again for 64*T1, and others
    exchange.is_answered = true;
    exchange_deadlines_.set(transaction.value, turn.now + 64 * settings_.layer.timers.t1);
  } else {
    forget(transaction);
  }
  if (is_over) end(turn, id);
}

}  // namespace convene::participating
