#include <algorithm>
#include <utility>

#include "client/core.h"
#include "conference/apply.h"
#include "conference/conference_info.h"
#include "cpm/identity.h"
#include "mime/content_type.h"
#include "sip/fields.h"
#include "sip/name_addr.h"

namespace convene::client {

using namespace std::chrono_literals;
using sip::Name;

namespace {

constexpr std::string_view package = "conference";
constexpr Duration between_subscriptions{5'000};  // however often a document is missing
constexpr Duration after_failure{30'000};
constexpr Duration last_words{32'000};  // of the focus, once the session has ended

bool is_joined(const conference::Endpoint& endpoint) {
  using enum conference::Status;
  return endpoint.status == connected || endpoint.status == on_hold ||
         endpoint.status == muted_via_focus;
}

bool is_gone(const conference::Endpoint& endpoint) {
  using enum conference::Status;
  return endpoint.status == disconnected || endpoint.status == disconnecting;
}

Participant participant_of(const conference::User& user, std::string_view own_address) {
  Participant participant{
      .address = user.entity,
      .display_name = user.display_text,
      .nickname = user.nickname,
      .state = Participant::State::invited,
      .is_me = user.yourown || sip::address_of_record(user.entity) == own_address};
  if (std::ranges::any_of(user.endpoints, is_joined)) {
    participant.state = Participant::State::joined;
  } else if (!user.endpoints.empty() && std::ranges::all_of(user.endpoints, is_gone)) {
    participant.state = Participant::State::gone;
    const auto& method = user.endpoints.back().disconnection_method;
    if (method) participant.how = conference::name_of(*method);
  }
  return participant;
}

}  // namespace

// CPM 7.3.10 Participant Information; R2.4. Once the session is up (A18).
void Client::Core::subscribe(GroupId id, TimePoint now, Output& out) {
  auto& group = *find(id);
  auto request = make_request("SUBSCRIBE", group.focus);
  request.add(Name::contact, "<" + contact_uri() + ">");
  request.add(Name::p_preferred_identity, own_name_addr());
  request.add(Name::event, package);
  request.add(Name::accept, conference::content_type);
  request.add(Name::expires, std::to_string(settings.subscription_expires.count()));

  group.subscription.emplace();
  group.subscription->call_id = request.header(Name::call_id);
  group.subscription->last_sent = now;
  send(std::move(request), OfSubscription{id}, now, out);
}

void Client::Core::subscription_answered(GroupId id, const sip::Message& response,
                                         std::optional<sip::DialogId> dialog, TimePoint now) {
  auto* group = find(id);
  if (!group || !group->subscription) {
    if (dialog) agent->forget(*dialog);
    return;
  }
  auto& subscription = *group->subscription;
  if (response.status() < 300) {
    if (dialog) {
      subscription.dialog = dialog;
      dialogs.emplace(*dialog, OfSubscription{id});
    }
    if (group->state != SessionState::active) return;  // it ended meanwhile: see `forget`
    const auto granted = sip::parse_delta_seconds(response.header(Name::expires));
    const auto expires = granted ? std::chrono::seconds{*granted} : settings.subscription_expires;
    subscription.refresh = now + std::max<Duration>(renewal_after(expires), between_subscriptions);
    return;
  }
  const bool may_help = response.status() >= 500 || response.status() == 408;
  surroundings.log.info("client", "no participant information",
                        {{"status", std::to_string(response.status())}});
  if (may_help && group->state == SessionState::active) subscription.refresh = now + after_failure;
}

// RFC 6665 4.1.3
void Client::Core::notified(const sip::RequestReceived& event, TimePoint now, Output& out) {
  const auto id = subscription_of(event);
  if (!id) return answer(event.transaction, event.request, 481, now, out);
  const auto package_of = sip::parse_event(event.request.header(Name::event));
  if (!package_of || package_of->package != package) {
    return answer(event.transaction, event.request, 489, now, out);
  }
  const auto body = event.request.body();
  if (!body.empty()) {
    const auto type = mime::parse_content_type(event.request.header(Name::content_type));
    if (!type || type->type != conference::content_type) {
      return answer(event.transaction, event.request, 415, now, out);
    }
  }
  answer(event.transaction, event.request, 200, now, out);
  if (!body.empty()) read_participants(*id, body, now, out);

  const auto state = sip::parse_subscription_state(event.request.header(Name::subscription_state));
  if (state && state->state == "terminated") {
    agent->forget(*event.dialog);
    dialogs.erase(*event.dialog);
    subscription_ended(*id, state->reason, now);
  }
}

// A NOTIFY may come before the answer to its SUBSCRIBE. RFC 6665 4.1.2.4
std::optional<GroupId> Client::Core::subscription_of(const sip::RequestReceived& event) {
  if (!event.dialog) return std::nullopt;
  if (const auto known = dialogs.find(*event.dialog); known != dialogs.end()) {
    const auto* owner = std::get_if<OfSubscription>(&known->second);
    return owner ? std::optional{owner->group} : std::nullopt;
  }
  for (auto& [id, group] : sessions) {
    if (!group.subscription || group.subscription->dialog) continue;
    if (group.subscription->call_id != event.request.header(Name::call_id)) continue;
    group.subscription->dialog = event.dialog;
    dialogs.emplace(*event.dialog, OfSubscription{id});
    return id;
  }
  return std::nullopt;
}

// RFC 4575 4.6
void Client::Core::read_participants(GroupId id, std::string_view document, TimePoint now,
                                     Output& out) {
  auto& group = *find(id);
  auto& subscription = *group.subscription;
  const auto info = conference::parse_conference_info(document);
  if (!info) {
    surroundings.log.info("client",
                          "participant information that cannot be read: " + info.error().detail);
    return;
  }
  switch (conference::apply(*info, subscription.known)) {
    case conference::Applied::old: return;
    case conference::Applied::need_full:
      subscription.refresh = earliest(
          subscription.refresh, std::max(now, subscription.last_sent + between_subscriptions));
      return;
    case conference::Applied::yes: break;
  }
  const auto& known = *subscription.known;
  if (known.description && !known.description->subject.empty()) {
    group.subject = known.description->subject;
  }
  remember_members(group);
  out.events.emplace_back(RosterChanged{id, group.subject, roster(group)});
}

// Conversation 6.4: whom a restart would invite. Who left is no member any more, nor who was
// removed; of an anonymous one nobody but the focus knows the address.
void Client::Core::remember_members(GroupSession& group) const {
  std::vector<std::string> members;
  for (const auto& one : roster(group)) {
    const bool is_member = one.how != "departed" && one.how != "booted";
    if (is_member && !one.is_me && !cpm::is_pseudonym(one.address)) members.push_back(one.address);
  }
  if (!members.empty()) group.members = std::move(members);
}

std::vector<Participant> Client::Core::roster(const GroupSession& group) const {
  std::vector<Participant> participants;
  if (!group.subscription || !group.subscription->known) return participants;
  const auto& users = group.subscription->known->users;
  if (!users) return participants;
  for (const auto& user : users->list) {
    participants.push_back(participant_of(user, own_address_of_record));
  }
  return participants;
}

// RFC 6665 4.1.3: some reasons invite to subscribe anew.
void Client::Core::subscription_ended(GroupId id, std::string_view reason, TimePoint now) {
  auto* group = find(id);
  if (!group || !group->subscription) return;
  auto& subscription = *group->subscription;
  subscription.dialog.reset();
  subscription.refresh.reset();
  subscription.forget.reset();
  const bool is_final = reason == "noresource" || reason == "rejected" || reason == "invariant";
  if (group->state == SessionState::active && !is_final) {
    subscription.refresh = std::max(now, subscription.last_sent + between_subscriptions);
  }
}

void Client::Core::wake_subscription(GroupId id, TimePoint now, Output& out) {
  auto& subscription = *find(id)->subscription;
  if (is_due(subscription.forget, now)) {
    return forget_subscription(*find(id));
  }
  if (!is_due(subscription.refresh, now)) return;
  subscription.refresh.reset();
  if (!subscription.dialog) return subscribe_again(id, now, out);

  auto request = sip::Message::request("SUBSCRIBE", {});
  request.add(Name::event, package);
  request.add(Name::accept, conference::content_type);
  request.add(Name::expires, std::to_string(settings.subscription_expires.count()));
  subscription.last_sent = now;
  const auto dialog = *subscription.dialog;
  if (!send_in(dialog, std::move(request), OfSubscription{id}, now, out)) {
    dialogs.erase(dialog);
    subscription_ended(id, {}, now);
  }
}

// The next document will be a full one, of whatever version: what we knew until then stands.
void Client::Core::subscribe_again(GroupId id, TimePoint now, Output& out) {
  auto known = std::move(find(id)->subscription->known);
  subscribe(id, now, out);
  auto& subscription = find(id)->subscription;
  if (subscription) subscription->known = std::move(known);
}

// R6.6: the focus ends the subscription of who leaves.
void Client::Core::let_subscription_end(GroupSession& group, TimePoint now) const {
  if (!group.subscription) return;
  group.subscription->refresh.reset();
  group.subscription->forget = now + last_words;
}

void Client::Core::forget_subscription(GroupSession& group) {
  if (!group.subscription) return;
  if (const auto dialog = group.subscription->dialog) {
    agent->forget(*dialog);
    dialogs.erase(*dialog);
  }
  group.subscription.reset();
}

}  // namespace convene::client
