#include <utility>

#include "base/text.h"
#include "sip/fields.h"
#include "sip/tag.h"
#include "sip/user_agent_impl.h"

namespace convene::sip {

namespace {

// RFC 3261 12.1.1: a response that makes a dialog says Record-Route again.
void add_routes(const Dialog& prospective, Message& response) {
  if (response.has(Name::record_route)) return;
  for (const auto& route : prospective.route_set()) response.add(Name::record_route, route);
}

}  // namespace

Message UserAgent::Impl::respond_to(const Message& request, int status, std::string_view reason) {
  auto response = make_response(request, status, layer_.to_tag(request), reason);
  if (!settings_.product.empty()) response.add(Name::server, settings_.product);
  return response;
}

void UserAgent::Impl::send_response(ServerTransactionId transaction, Message response,
                                    TimePoint now, UserAgentOutput& out) {
  LayerOutput layer;
  layer_.respond(transaction, std::move(response), now, layer);
  settle(std::move(layer), now, out);
}

std::optional<DialogId> UserAgent::Impl::respond(ServerTransactionId transaction, Message response,
                                                 TimePoint now, UserAgentOutput& out) {
  const auto found = incoming_.find(transaction);
  if (found == incoming_.end()) return std::nullopt;
  const int status = response.status();
  if (status > 100 && status < 300 && found->second.prospective) {
    add_routes(*found->second.prospective, response);
  }
  if (status < 200) {
    send_response(transaction, std::move(response), now, out);
    return std::nullopt;
  }
  auto& incoming = found->second;
  // RFC 4488 4: this REFER has no subscription, and so no dialog.
  if (incoming.method == "REFER" && iequals(response.header(Name::refer_sub), "false")) {
    incoming.prospective.reset();
  }
  std::optional<DialogId> dialog;
  if (status < 300) dialog = accept(transaction, incoming, response, now);
  const bool ends_dialog = incoming.method == "BYE" && incoming.dialog;
  const auto id = incoming.dialog;
  send_response(transaction, std::move(response), now, out);
  finish_incoming(transaction, now, out);
  if (ends_dialog) remove(*id);
  return dialog;
}

// RFC 3261 12.1.1, 13.3.1.4: completes the 2xx, and makes or updates the dialog.
std::optional<DialogId> UserAgent::Impl::accept(ServerTransactionId transaction, Incoming& incoming,
                                                Message& response, TimePoint now) {
  const bool is_invite = incoming.method == "INVITE";
  if ((is_invite || incoming.method == "UPDATE" || incoming.method == "OPTIONS") &&
      !settings_.allow.empty() && !response.has(Name::allow)) {
    response.add(Name::allow, settings_.allow);
  }
  std::optional<DialogId> made;
  Entry* entry = incoming.dialog ? find(*incoming.dialog) : nullptr;
  if (incoming.prospective) {
    incoming.prospective->set_local_contact(response.header(Name::contact));
    Entry fresh{std::move(*incoming.prospective)};
    fresh.is_session = is_invite;
    fresh.is_confirmed = !is_invite;
    fresh.allows_update = incoming.allows_update;
    made = add_dialog(std::move(fresh));
    entry = find(*made);
  }
  if (entry == nullptr) return std::nullopt;

  accept_in(*entry, incoming, response, now);
  if (is_invite) entry->accepted.emplace(transaction, response, settings_.layer.timers, now);
  rearm(made ? *made : *incoming.dialog);
  return made;
}

void UserAgent::Impl::accept_in(Entry& entry, const Incoming& incoming, Message& response,
                                TimePoint now) {
  const bool is_invite = incoming.method == "INVITE";
  if (!is_invite && incoming.method != "UPDATE") return;
  if (!response.has(Name::contact) && !entry.dialog.local_contact().empty()) {
    response.add(Name::contact, entry.dialog.local_contact());
  }
  entry.session_timer.agree(answer_session_timer(incoming.session_timer, response), now);
  remember_session(entry, response);
}

// A final answer was given: the dialog is free for the next INVITE or offer.
void UserAgent::Impl::finish_incoming(ServerTransactionId transaction, TimePoint now,
                                      UserAgentOutput& out) {
  const auto incoming = std::move(incoming_.extract(transaction).mapped());
  early_.erase(incoming.early_key);
  auto* entry = incoming.dialog ? find(*incoming.dialog) : nullptr;
  if (entry == nullptr) return;
  if (incoming.has_offer) entry->offer_answer.end_theirs();
  if (entry->invite_in == transaction) entry->invite_in.reset();
  if (entry->update_in == transaction) entry->update_in.reset();
  launch_waiting(*incoming.dialog, now, out);
}

// RFC 3261 9.2, 15.1.2: 487 to an INVITE that nobody wants any more.
void UserAgent::Impl::terminate_invite(ServerTransactionId invite, TimePoint now,
                                       UserAgentOutput& out) {
  LayerOutput layer;
  layer_.refuse(invite, 487, now, layer);
  settle(std::move(layer), now, out);
  finish_incoming(invite, now, out);
}

}  // namespace convene::sip
