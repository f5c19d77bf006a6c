#include <algorithm>

#include "controlling/group_session.h"
#include "controlling/interworking.h"
#include "controlling/recipient_history.h"
#include "controlling/sip_request.h"
#include "cpm/identity.h"
#include "cpm/session_offer.h"
#include "sip/fields.h"

namespace convene::controlling {

using sip::Name;

namespace {

std::string reason_of(const sip::Message& response) {
  return sip::to_text(sip::Reason{
      .protocol = "SIP", .cause = response.status(), .text = std::string{response.reason()}});
}

}  // namespace

void GroupSession::invite_everybody(Turn& turn) {
  for (auto& member : members_) {
    if (legs_of(member.address) > 0) continue;
    if (has_room_for(member.address)) {
      invite(turn, member);
    } else {
      turn.world.log.info("controlling", "6.2 not inviting: as many as the group may have",
                          {{"contribution", id_text()}, {"who", masked(member.address)}});
    }
  }
  tell(turn);
}

void GroupSession::invite(Turn& turn, Member& member, const std::string& inviter) {
  auto& leg = add_leg(turn, member);
  leg.inviter = inviter;
  member.standing = {.status = conference::Status::pending};
  send_invite_to(turn, leg, member);
  turn.world.log.info("controlling", "9.2.10 (15) inviting",
                      {{"contribution", id_text()}, {"who", masked(member.address)}});
  changed(member.address);
}

// CPM 9.2.10 (15) Towards the SIP/IP core. R1.15
void GroupSession::send_invite_to(Turn& turn, ParticipantLeg& leg, const Member& member) {
  const auto offer = cpm::describe(leg.description, leg.ours.host, {cpm::chat_line(leg.ours)});
  auto invitation = profile_.invitation;
  const auto inviter = leg.inviter.empty() ? shown_inviter(turn, invitation.inviter) : leg.inviter;
  invitation.inviter = {
      .display = {}, .uri = sip::parse_uri(inviter).value_or(sip::Uri{}), .params = {}};
  auto invite = create_session_with_participant(
      {.focus = profile_.focus, .asserted = asserted_identity()}, invitation,
      {.request_uri = member.request_uri, .session_replaces = member.session_replaces}, offer,
      new_call_id(turn), turn.policy);

  // RFC 5366 5: who else is invited.
  if (!profile_.recipient_history.empty()) {
    cpm::set_parts(invite,
                   {cpm::sdp_part(offer), recipient_history_part(profile_.recipient_history)},
                   turn.world.random);
  }

  // CPM 9.2.10, 6.5: the same content, by way of the ISF. R1.16
  if (leg.went_to_interworking) route_to_interworking(turn, invite);
  leg.invited_until = turn.now + turn.policy.group.invitation_patience;
  send_invite(turn, std::move(invite), OfParticipant{id_, leg.id}, leg.invite);
}

// RFC 3261 9.1: who only rings is not waited for without end.
void GroupSession::give_up_invitations(Turn& turn) {
  std::vector<LegId> given_up;
  for (const auto& [id, leg] : legs_) {
    if (is_due(leg.invited_until, turn.now)) given_up.push_back(id);
  }
  for (const auto id : given_up) {
    auto& leg = legs_.at(id);
    leg.invited_until.reset();
    cancel_invite(turn, leg.invite);
    declined(turn, leg, sip::Message::response(408));
  }
}

void GroupSession::answered(Turn& turn, LegId id, const sip::ResponseReceived& answer) {
  auto* leg = find_leg(id);
  if (!leg || answer.request != leg->invite) return;

  const auto status = answer.response.status();
  if (status < 200) {
    const bool rings = status == 180 && leg->state == LegState::inviting;
    if (rings) leg->state = LegState::alerting;
    if (rings) changed(leg->participant);
    tell(turn);
    return;
  }
  leg->invite.reset();
  leg->invited_until.reset();
  if (status < 300 && answer.dialog) {
    accepted(turn, *leg, answer);
  } else {
    declined(turn, *leg, answer.response);
  }
  tell(turn);
}

// CPM 9.2.10 Upon receiving SIP 200 "OK"
void GroupSession::accepted(Turn& turn, ParticipantLeg& leg, const sip::ResponseReceived& answer) {
  leg.dialog = answer.dialog;
  leg.state = LegState::accepted;
  turn.tables.dialogs.insert_or_assign(*leg.dialog, OfParticipant{id_, leg.id});

  // Privacy is checked first. R1.17
  if (!may_be_anonymous(turn, leg, answer.response)) return;

  // The Contact's IARI tags are kept for later file transfers; without any the leg is "not
  // indicated", and goes on. R1.20, R1.21, R1.22
  leg.capabilities = cpm::capabilities_of(answer.response);
  if (const auto view = turn.agent.dialog(*leg.dialog)) {
    leg.contact = sip::to_text(view->remote_contact.uri);
  }

  const auto chat = cpm::read_chat(answer.response, turn.policy.media.address_rule);
  const auto setup = chat ? cpm::setup_after_answer(*leg.ours.setup, chat->media.setup)
                          : std::optional<msrp::Setup>{};
  if (!setup || chat->media.is_secure != leg.ours.is_secure) {
    turn.world.log.warning("controlling", "9.2.10 an answer without usable media",
                           {{"contribution", id_text()}, {"who", masked(leg.participant)}});
    drop_leg(turn, leg.id, "SIP;cause=488;text=\"Not Acceptable Here\"",
             {.status = conference::Status::disconnected,
              .left_by = conference::DisconnectionMethod::failed,
              .reason = "SIP;cause=488;text=\"Not Acceptable Here\"",
              .when = turn.date_time()});
    return apply_release_policy(turn);
  }

  // CPM 9.2.10 after the ACK, which has just been sent (A5): (1) media, (2) notifications.
  // R1.23, R1.24
  leg.theirs = chat->media;
  open_media(turn, id_, leg, *setup);
  joined(turn, leg);
}

// CPM 9.2.10, 9.2.11: Privacy: id in the 200 needs a group that allows it. R1.17, R1.18, R1.19
bool GroupSession::may_be_anonymous(Turn& turn, ParticipantLeg& leg, const sip::Message& response) {
  if (!cpm::asks_for_anonymity(response)) return true;
  if (allows_anonymity(turn, leg.participant)) {
    if (auto* member = find_member(leg.participant)) hide(turn, *member);
    return true;
  }

  constexpr std::string_view reason = "SIP;cause=403;text=\"Anonymity not allowed\"";
  turn.world.log.info("controlling", "9.2.11 removed: anonymity is not allowed",
                      {{"contribution", id_text()}, {"who", masked(leg.participant)}});
  drop_leg(turn, leg.id, reason,
           {.status = conference::Status::disconnected,
            .left_by = conference::DisconnectionMethod::booted,
            .reason = std::string{reason},
            .when = turn.date_time()});
  apply_release_policy(turn);
  return false;
}

// CPM 9.2.10 Upon receiving an error response: R1.16. 480, 486, 408, 603, 302 are all "not joined",
// told apart in the notification (A19).
void GroupSession::declined(Turn& turn, ParticipantLeg& leg, const sip::Message& response) {
  if (try_secure(turn, leg, response) || try_interworking(turn, leg, response)) return;

  const auto address = leg.participant;
  const auto id = leg.id;
  turn.world.log.info("controlling", "9.2.10 did not join",
                      {{"contribution", id_text()},
                       {"who", masked(address)},
                       {"status", std::to_string(response.status())}});
  referrals_.answered(turn, address, response.status(), response.reason());
  const Standing standing{.status = conference::Status::disconnected,
                          .left_by = response.status() == 486
                                         ? conference::DisconnectionMethod::busy
                                         : conference::DisconnectionMethod::failed,
                          .reason = reason_of(response),
                          .when = turn.date_time()};
  // RFC 3325 7: also who says no may do so unnamed.
  if (auto* member = find_member(address)) {
    if (cpm::asks_for_anonymity(response) && allows_anonymity(turn, address)) hide(turn, *member);
    member->has_answered = true;
    member->session_replaces.clear();  // conversation 6.10: for the first INVITE only
  }
  if (response.status() == 603 && turn.policy.group.decline_603_leaves) {
    leave(turn, address, standing);
  } else {
    drop_leg(turn, id, {}, standing);
  }
  const bool is_last_hope =
      std::ranges::none_of(legs_, [](const auto& entry) { return !entry.second.dialed_in; });
  if (is_last_hope) refuse_waiting_creator(turn, 480);
  apply_release_policy(turn);
}

// RFC 4975 14.4: who takes MSRP over TLS only is invited so.
bool GroupSession::try_secure(Turn& turn, ParticipantLeg& leg, const sip::Message& response) {
  const auto* member = find_member(leg.participant);
  const bool may_be = security_terms(turn).speaks && !leg.ours.is_secure;
  if (!member || !may_be || !cpm::wants_other_transport(response)) return false;
  leg.ours = chat_media(turn, profile_.wrapped_types, Security::tls);
  leg.description = new_description(turn);
  turn.world.log.info("controlling", "9.2.10, RFC 4975 14.4 inviting with MSRP over TLS",
                      {{"contribution", id_text()}, {"who", masked(leg.participant)}});
  send_invite_to(turn, leg, *member);
  return true;
}

bool GroupSession::try_interworking(Turn& turn, ParticipantLeg& leg, const sip::Message& response) {
  if (leg.went_to_interworking || !leads_to_interworking(turn, response)) return false;
  const auto* member = find_member(leg.participant);
  if (!member || member->is_cpm_user) return false;
  leg.went_to_interworking = true;
  turn.world.log.info("controlling", "9.2.10, 6.5 not a CPM subscriber: inviting by the ISF",
                      {{"contribution", id_text()}, {"who", masked(leg.participant)}});
  send_invite_to(turn, leg, *member);
  return true;
}

}  // namespace convene::controlling
