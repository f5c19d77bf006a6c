#include <algorithm>

#include "controlling/group_session.h"
#include "controlling/sip_request.h"
#include "sip/fields.h"

namespace convene::controlling {

using sip::Name;

namespace {

conference::Status status_of(LegState state) {
  switch (state) {
    case LegState::inviting: return conference::Status::pending;
    case LegState::alerting: return conference::Status::alerting;
    case LegState::accepted: return conference::Status::pending;
    case LegState::joined: return conference::Status::connected;
  }
  return conference::Status::pending;
}

conference::Endpoint endpoint_of(const std::string& entity, const Standing& standing) {
  conference::Endpoint endpoint{.entity = entity, .status = standing.status};
  endpoint.disconnection_method = standing.left_by;
  if (!standing.reason.empty()) {
    endpoint.disconnection_info = conference::ExecutionInfo{
        .when = standing.when, .reason = standing.reason, .by = standing.by};
  }
  return endpoint;
}

}  // namespace

// RFC 4575 5.6: one endpoint per leg; a member without any shows how it left.
conference::User GroupSession::user_of(const Turn& turn, const Member& member) const {
  conference::User user{.entity = member.shown_address(), .state = conference::State::full};
  user.nickname = member.nickname;
  user.display_text = turn.policy.information.display_text ? member.shown_display() : "";

  for (const auto id : legs_.of(member.address)) {
    const auto& leg = legs_.at(id);
    const bool is_first = user.endpoints.empty();
    const bool shows_device = !is_first && member.pseudonym.empty();
    conference::Endpoint endpoint{.entity = shows_device ? leg.contact : user.entity,
                                  .status = status_of(leg.state)};
    if (turn.policy.information.joining_method) {
      endpoint.joining_method = leg.dialed_in ? conference::JoiningMethod::dialed_in
                                              : conference::JoiningMethod::dialed_out;
    }
    user.endpoints.push_back(std::move(endpoint));
  }
  if (user.endpoints.empty()) user.endpoints.push_back(endpoint_of(user.entity, member.standing));
  return user;
}

conference::ConferenceInfo GroupSession::information(const Turn& turn) const {
  conference::ConferenceInfo info{.entity = profile_.focus, .state = conference::State::full};
  info.description = conference::Description{
      .subject = profile_.invitation.subject,
      .maximum_user_count = static_cast<std::uint32_t>(turn.policy.group.max_participants)};

  std::uint32_t connected = 0;
  auto& users = info.users.emplace();
  for (const auto& member : members_) {
    if (!is_shown(turn, member)) continue;
    users.list.push_back(user_of(turn, member));
    const bool is_connected = std::ranges::any_of(
        users.list.back().endpoints,
        [](const auto& endpoint) { return endpoint.status == conference::Status::connected; });
    if (is_connected) ++connected;
  }
  info.conference_state = conference::ConferenceState{.user_count = connected};
  return info;
}

// A18: any member may subscribe, joined or still invited; 404 without a session, 403 to others.
void GroupSession::subscribed(Turn& turn, const PeerRequest& request) {
  const auto* who = member(sip::address_of_record(request.originator.uri));
  const auto& policy = turn.policy.information;
  const auto refuse_with = [&](int status, std::string_view detail) {
    refuse(turn, request.transaction, request.message,
           {.status = status,
            .warning = {},
            .detail = "9.2.14 subscription refused: " + std::string{detail}});
  };
  if (!who) return refuse_with(403, "not a member");
  if (!is_active_) return refuse_with(404, "no session");
  if (information_.count_of(who->shown_address()) >= policy.max_subscriptions_per_member) {
    return refuse_with(403, "too many subscriptions");
  }

  const auto expires = subscription_duration(request.message, policy);
  auto response = begin_ok(turn, request.message);
  response.add(Name::contact, "<" + profile_.focus + ">;isfocus");
  response.add(Name::expires, std::to_string(expires.count()));
  const auto dialog = accept(turn, request.transaction, std::move(response), OfSubscription{id_});
  if (!dialog) return;
  information_.subscribed(turn, *dialog, who->shown_address(), request.message.header(Name::event),
                          expires, information(turn));
}

// RFC 6665 4.2.1.3: a refresh, or with Expires 0 the end.
void GroupSession::resubscribed(Turn& turn, sip::DialogId dialog, const PeerRequest& request) {
  const auto* who = information_.subscriber_of(dialog);
  if (!who) {
    return refuse(turn, request.transaction, request.message,
                  {.status = 481, .warning = {}, .detail = "9.2.14 refused: it has ended"});
  }
  const std::string subscriber = *who;
  const auto expires = subscription_duration(request.message, turn.policy.information);
  auto response = begin_ok(turn, request.message);
  response.add(Name::contact, "<" + profile_.focus + ">;isfocus");
  response.add(Name::expires, std::to_string(expires.count()));
  turn.agent.respond(request.transaction, std::move(response), turn.now, turn.sip);
  information_.subscribed(turn, dialog, subscriber, request.message.header(Name::event), expires,
                          information(turn));
}

void GroupSession::changed(std::string_view address) {
  if (const auto* one = member(address)) information_.changed(one->shown_address());
}

void GroupSession::tell(Turn& turn) {
  if (information_.is_due(turn.now)) information_.tell(turn, information(turn));
}

}  // namespace convene::controlling
