#include <utility>

#include "base/text.h"
#include "sip/fields.h"
#include "sip/refer.h"
#include "sip/tag.h"
#include "sip/user_agent_impl.h"

namespace convene::sip {

namespace {

constexpr std::string_view retry_after_without_room = "30";  // seconds

// RFC 3261 8.2.2.3: what it requires and we do not understand; empty: nothing.
std::string unknown_extensions(const Message& request, const std::vector<std::string>& supported) {
  std::string unknown;
  for (const auto tag : request.values(Name::require)) {
    bool is_known = false;
    for (const auto& ours : supported) is_known = is_known || iequals(ours, tag);
    if (is_known) continue;
    if (!unknown.empty()) unknown += ", ";
    unknown += tag;
  }
  return unknown;
}

// RFC 3261 12.1, RFC 6665 4.4.1; RFC 3515 2.4.4: a REFER subscribes, unless it says otherwise.
bool makes_dialog(const Message& request) {
  const auto method = request.method();
  return method == "INVITE" || method == "SUBSCRIBE" ||
         (method == "REFER" && !suppresses_subscription(request));
}

// Only inside a dialog do these mean anything. RFC 3261 15.1.2, RFC 3311 5.2, RFC 6086 4.2.2.
bool needs_dialog(std::string_view method) {
  return method == "BYE" || method == "UPDATE" || method == "INFO" || method == "PRACK";
}

bool refreshes_session(std::string_view method) { return method == "INVITE" || method == "UPDATE"; }

}  // namespace

// RFC 3261 14, RFC 3311 5.1: an INVITE has an offer, or asks for one; an UPDATE may have one.
bool carries_offer(const Message& request) {
  return request.method() == "INVITE" || (request.method() == "UPDATE" && !request.body().empty());
}

void UserAgent::Impl::refuse(const RequestArrived& event, int status, const Headers& headers,
                             TimePoint now, UserAgentOutput& out) {
  if (status >= 300) {
    surroundings_.log.info("sip", "refused",
                           {{"status", std::to_string(status)},
                            {"method", event.request.method()},
                            {"call_id", event.request.header(Name::call_id)}});
  }
  auto response = respond_to(event.request, status, {});
  for (const auto& [name, value] : headers) response.add(name, value);
  send_response(event.transaction, std::move(response), now, out);
}

// RFC 3261 8.2, 13.3
void UserAgent::Impl::receive_outside(RequestArrived& event, TimePoint now, UserAgentOutput& out) {
  const auto& request = event.request;
  if (needs_dialog(request.method())) return refuse(event, 481, {}, now, out);
  if (const auto unknown = unknown_extensions(request, settings_.supported); !unknown.empty()) {
    return refuse(event, 420, {{Name::unsupported, unknown}}, now, out);
  }
  Incoming incoming;
  incoming.method = request.method();
  if (makes_dialog(request)) {
    if (dialogs_.size() >= settings_.max_dialogs) {
      return refuse(event, 503, {{Name::retry_after, std::string{retry_after_without_room}}}, now,
                    out);
    }
    auto prospective = Dialog::as_uas(request, layer_.to_tag(request));
    if (!prospective) return refuse(event, 400, {}, now, out);
    incoming.prospective = std::move(*prospective);
    incoming.allows_update = request.lists(Name::allow, "UPDATE");
  }
  if (request.method() == "INVITE") {
    incoming.has_offer = true;
    incoming.session_timer = session_timer_request(request);
    if (is_interval_too_small(incoming.session_timer, settings_.min_se)) {
      return refuse(event, 422, {{Name::min_se, std::to_string(settings_.min_se.count())}}, now,
                    out);
    }
  }
  if (request.method() == "INVITE") {
    const auto& dialog = *incoming.prospective;
    incoming.early_key = dialog_key(dialog.call_id(), dialog.local_tag(), dialog.remote_tag());
    early_.emplace(incoming.early_key, event.transaction);
  }
  incoming_.emplace(event.transaction, std::move(incoming));
  out.events.emplace_back(RequestReceived{event.transaction, std::nullopt, std::move(event.request),
                                          std::move(event.source)});
}

// RFC 3261 12.2.2
void UserAgent::Impl::receive_in_dialog(RequestArrived& event, TimePoint now,
                                        UserAgentOutput& out) {
  const auto& request = event.request;
  const std::string method{request.method()};
  auto id = find(request);
  if (!id && method == "NOTIFY") id = dialog_from_notify(request);
  if (!id && method == "BYE") return receive_early_bye(event, now, out);
  if (!id) return refuse(event, 481, {}, now, out);
  auto& entry = *find(*id);

  const auto cseq = parse_cseq(request.header(Name::cseq));
  if (entry.is_ending) {
    refuse(event, method == "BYE" ? 200 : 481, {}, now, out);
    if (method == "BYE" && entry.bye_after_ack) {  // ours need not be sent any more
      out.hung_up.push_back(*id);
      remove(*id);
    }
    return;
  }
  if (!cseq || !entry.dialog.accept_sequence(cseq->number)) return refuse(event, 500, {}, now, out);
  if (const auto unknown = unknown_extensions(request, settings_.supported); !unknown.empty()) {
    return refuse(event, 420, {{Name::unsupported, unknown}}, now, out);
  }
  if (method == "BYE") return receive_bye(*id, event, now, out);
  if (is_glare(*id, event, now, out)) return;

  Incoming incoming;
  incoming.method = method;
  incoming.dialog = id;
  incoming.has_offer = carries_offer(request);
  if (refreshes_session(method)) {
    incoming.session_timer = session_timer_request(request);
    if (is_interval_too_small(incoming.session_timer, settings_.min_se)) {
      return refuse(event, 422, {{Name::min_se, std::to_string(settings_.min_se.count())}}, now,
                    out);
    }
    if (request.has(Name::allow)) entry.allows_update = request.lists(Name::allow, "UPDATE");
    refresh_target(*id, request, out);
  } else if (request.has(Name::contact)) {
    entry.dialog.refresh_target(request);  // RFC 6665 4.4.1, RFC 3515 2.4.6
  }
  if (incoming.has_offer) entry.offer_answer.receive_offer();
  if (method == "INVITE") entry.invite_in = event.transaction;
  if (method == "UPDATE") entry.update_in = event.transaction;
  incoming_.emplace(event.transaction, std::move(incoming));

  // RFC 4028 7.4, RFC 3311: nothing but "I am still here".
  if (method == "UPDATE" && request.body().empty()) {
    respond(event.transaction, respond_to(request, 200, {}), now, out);
    return;
  }
  out.events.emplace_back(
      RequestReceived{event.transaction, id, std::move(event.request), std::move(event.source)});
}

// RFC 3261 14.2, RFC 3311 5.2: refuses what crosses an offer. True when it did.
bool UserAgent::Impl::is_glare(DialogId id, RequestArrived& event, TimePoint now,
                               UserAgentOutput& out) {
  const auto& entry = *find(id);
  const bool is_invite = event.request.method() == "INVITE";
  const bool is_update = event.request.method() == "UPDATE";
  const bool is_too_early = (is_invite && entry.invite_in) || (is_update && entry.update_in);
  const auto state = entry.offer_answer.state();
  const bool has_offer = carries_offer(event.request);

  if (has_offer && state == OfferAnswer::State::offer_sent) {
    refuse(event, 491, {}, now, out);
    return true;
  }
  if (is_too_early || (has_offer && state == OfferAnswer::State::offer_received)) {
    const auto wait = random_below(surroundings_.random, 11);  // seconds
    refuse(event, 500, {{Name::retry_after, std::to_string(wait)}}, now, out);
    return true;
  }
  return false;
}

// RFC 3261 15, 15.1.2: a caller may say BYE in place of CANCEL once it has seen our To tag.
void UserAgent::Impl::receive_early_bye(const RequestArrived& event, TimePoint now,
                                        UserAgentOutput& out) {
  const auto& bye = event.request;
  const auto early = early_.find(dialog_key(bye.header(Name::call_id), tag_of(bye.header(Name::to)),
                                            tag_of(bye.header(Name::from))));
  if (early == early_.end()) return refuse(event, 481, {}, now, out);
  const auto invite = early->second;
  refuse(event, 200, {}, now, out);
  terminate_invite(invite, now, out);
  out.events.emplace_back(Cancelled{invite});
}

// RFC 3261 15.1.2
void UserAgent::Impl::receive_bye(DialogId id, RequestArrived& event, TimePoint now,
                                  UserAgentOutput& out) {
  const auto& entry = *find(id);
  if (!entry.is_session) return refuse(event, 481, {}, now, out);
  if (const auto invite = entry.invite_in) terminate_invite(*invite, now, out);
  if (settings_.hold_bye) {
    find(id)->session_timer.stop();
    rearm(id);
    Incoming incoming;
    incoming.method = "BYE";
    incoming.dialog = id;
    incoming_.emplace(event.transaction, std::move(incoming));
    out.events.emplace_back(
        RequestReceived{event.transaction, id, std::move(event.request), std::move(event.source)});
    return;
  }
  refuse(event, 200, {}, now, out);
  end(id, DialogEnded::Why::bye, std::move(event.request), now, out);
}

// RFC 6665 4.4.1: the NOTIFY that overtakes the 2xx to our SUBSCRIBE makes the dialog; those of
// other forks do not.
std::optional<DialogId> UserAgent::Impl::dialog_from_notify(const Message& notify) {
  const auto subscribing = subscribing_.find(
      dialog_key(notify.header(Name::call_id), tag_of(notify.header(Name::to)), {}));
  if (subscribing == subscribing_.end()) return std::nullopt;
  auto& request = outgoing_.at(subscribing->second);
  const auto ours = parse_event(request.request.header(Name::event));
  const auto theirs = parse_event(notify.header(Name::event));
  if (request.notified || !ours || !theirs || *ours != *theirs) return std::nullopt;

  auto dialog = Dialog::as_subscriber(request.request, notify);
  if (!dialog) return std::nullopt;
  Entry entry{std::move(*dialog)};
  entry.made_by = subscribing->second;
  request.notified = add_dialog(std::move(entry));
  return request.notified;
}

// RFC 3261 12.2.1.2, 12.2.2; RFC 3840 7: with the Contact the peer's feature tags change.
void UserAgent::Impl::refresh_target(DialogId id, const Message& message, UserAgentOutput& out) {
  auto& dialog = find(id)->dialog;
  if (message.has(Name::contact) && dialog.refresh_target(message)) {
    out.events.emplace_back(PeerRefreshed{id, dialog.remote_contact()});
  }
}

}  // namespace convene::sip
