#include <algorithm>
#include <utility>

#include "client/core.h"
#include "cpm/identity.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"
#include "sdp/session_description.h"
#include "sip/name_addr.h"

namespace convene::client {

using sip::Name;

std::optional<GroupId> Client::Core::session_at(std::string_view focus) const {
  const auto wanted = sip::parse_uri(focus);
  if (!wanted) return std::nullopt;
  for (const auto& [id, group] : sessions) {
    const auto known = sip::parse_uri(group.focus);
    if (known && group.is_group && are_equivalent(*known, *wanted)) return id;
  }
  return std::nullopt;
}

// By its identity, or by its ids: who restarts a group gives it another identity. Conversation 6.4
std::optional<GroupId> Client::Core::known_session(std::string_view focus,
                                                   const cpm::Ids& ids) const {
  if (const auto id = session_at(focus)) return id;
  if (ids.conversation.empty() || ids.contribution.empty()) return std::nullopt;
  for (const auto& [id, group] : sessions) {
    const bool is_same = group.is_group && group.ids.conversation == ids.conversation &&
                         group.ids.contribution == ids.contribution;
    const bool may_begin_anew =
        group.state == SessionState::ended || group.state == SessionState::creating;
    if (is_same && may_begin_anew) return id;
  }
  return std::nullopt;
}

cpm::Granted<cpm::ChatDescription> Client::Core::chat_to_join(const sip::Message& invite) const {
  auto offer = cpm::read_chat(invite, settings.address_rule);
  if (!offer) return offer;
  const auto setup = answered_setup(offer->media);
  if (!setup) return std::unexpected(setup.error());
  return offer;
}

// CPM 7.3.2 Receiving a CPM Session Invitation
void Client::Core::session_invited(const sip::RequestReceived& event, TimePoint now, Output& out) {
  const auto& invite = event.request;
  const auto refuse_with = [&](const cpm::Refusal& refusal) {
    refuse(event.transaction, invite, refusal, now, out);
  };
  const auto contacts = invite.values(Name::contact);
  const auto contact =
      contacts.empty() ? fail(Fault::malformed, "no Contact") : sip::parse_name_addr(contacts[0]);
  if (!contact) return refuse_with(cpm::refusal_of(contact.error()));
  const auto focus = sip::to_text(contact->uri);
  const auto capabilities = cpm::capabilities_of(*contact);
  auto ids = cpm::read_ids(invite);
  if (!ids) return refuse_with(cpm::refusal_of(ids.error()));
  const auto known = capabilities.is_focus ? known_session(focus, *ids) : std::nullopt;
  const bool is_ours_already = known && find(*known)->state != SessionState::ended;

  // (1) R2.1
  if (!is_ours_already && !has_room_for_session()) {
    return refuse_with(refusal(480, "too many sessions"));
  }

  // (2) R2.2: only a running session between two can be replaced.
  const auto replaces = replaced_session(invite);
  if (invite.has(Name::session_replaces) && !replaces) {
    return refuse_with(refusal(481, "Session-Replaces names no session of ours"));
  }

  auto offer = chat_to_join(invite);
  if (!offer) return refuse_with(offer.error());

  const auto id = known ? *known : GroupId{++last_number};
  const auto state_before = known ? find(id)->state : SessionState::ended;
  if (state_before == SessionState::invited) {
    return refuse_with(refusal(486, "invited already"));
  }
  // Conversation 6.4: two call each other into the same group at once; our own INVITE brings us in.
  if (state_before == SessionState::creating) {
    return refuse_with(refusal(486, "we are calling the group ourselves"));
  }
  if (is_ours_already) drop_leg(id, now, out);  // the focus begins anew: its old leg is gone
  if (known) revive(id);

  auto& group = sessions[id];
  group.state = SessionState::invited;
  group.is_group = capabilities.is_focus;
  const auto inviter = inviter_of(invite);
  group.focus = focus;  // (6) a, R2.6a
  group.peer = inviter.address;
  group.capabilities = capabilities;
  group.ids = *std::move(ids);
  if (invite.has(Name::subject)) group.subject = invite.header(Name::subject);
  group.invitation = Invitation{.transaction = event.transaction,
                                .request = invite,
                                .offer = *std::move(offer),
                                .give_up = now + settings.invitation_timeout,
                                .replaces = replaces};
  offers.emplace(event.transaction, id);

  if (settings.accept_invitations || is_ours_already) return accept_invitation(id, now, out);

  // (3) R2.3
  out.events.emplace_back(Invited{.group = id,
                                  .is_group = group.is_group,
                                  .focus = focus,
                                  .subject = group.subject,
                                  .inviter = inviter,
                                  .replaces_one_to_one = replaces.has_value()});
  answer(event.transaction, invite, 180, now, out);
}

// R2.2
std::optional<GroupId> Client::Core::replaced_session(const sip::Message& invite) const {
  const auto contribution = invite.header(Name::session_replaces);
  if (contribution.empty()) return std::nullopt;
  for (const auto& [id, group] : sessions) {
    if (!group.is_group && group.state == SessionState::active &&
        group.ids.contribution == contribution) {
      return id;
    }
  }
  return std::nullopt;
}

Result<> Client::accept(GroupId id, TimePoint now, Output& out) {
  const auto* group = core_->find(id);
  if (!group) return fail(Fault::not_found, "no such session");
  if (!group->invitation) return fail(Fault::out_of_order, "no invitation");
  core_->accept_invitation(id, now, out);
  return {};
}

Result<> Client::decline(GroupId id, const Decline& how, TimePoint now, Output& out) {
  auto* group = core_->find(id);
  if (!group) return fail(Fault::not_found, "no such session");
  if (!group->invitation) return fail(Fault::out_of_order, "no invitation");
  const auto invitation = *std::exchange(group->invitation, std::nullopt);
  core_->decline(invitation.transaction, invitation.request, how, now, out);
  core_->end_session({.group = id, .reason = EndReason::declined}, now, out);
  return {};
}

// (5) R2.5a, R2.5b, R2.5d
void Client::Core::decline(sip::ServerTransactionId transaction, const sip::Message& request,
                           const Decline& how, TimePoint now, Output& out) {
  switch (how.how) {
    case Decline::How::decline: {
      const int usual = settings.profile == Profile::deployed ? 603 : 480;  // A19
      return answer(transaction, request, settings.decline_status.value_or(usual), now, out);
    }
    case Decline::How::busy: return answer(transaction, request, 486, now, out);
    case Decline::How::redirect: break;
  }
  auto response = agent->respond_to(request, 302);
  response.add(Name::contact, "<" + how.to + ">");
  respond(transaction, std::move(response), now, out);
}

// (5) R2.5c
void Client::Core::time_out_invitation(GroupId id, TimePoint now, Output& out) {
  const auto invitation = *std::exchange(find(id)->invitation, std::nullopt);
  answer(invitation.transaction, invitation.request, 408, now, out);
  end_session({.group = id, .reason = EndReason::timed_out, .status = 408}, now, out);
}

// (6) - (10)
void Client::Core::accept_invitation(GroupId id, TimePoint now, Output& out) {
  auto& group = *find(id);
  const auto invitation = *std::exchange(group.invitation, std::nullopt);
  const auto setup = answered_setup(invitation.offer.media).value_or(sdp::Setup::active);

  // (7) a, R2.7a
  group.theirs = invitation.offer.media;
  group.ours = chat_media(group, setup, group.theirs->is_secure);
  group.ours.direction = sdp::reversed(group.theirs->direction);
  group.description_id = new_description_id();
  group.description =
      sdp::to_text(cpm::answer_chat(invitation.offer, group.description_id, group.ours));
  group.state = SessionState::accepting;
  group.replaces = invitation.replaces;

  // (7) c, (8), (9), (10)
  const auto dialog =
      respond(invitation.transaction,
              make_acceptance(invitation.request, cpm::icsi::session, group.description), now, out);
  if (!dialog) {
    return end_session({.group = id, .reason = EndReason::cancelled}, now, out);
  }
  group.dialog = dialog;
  dialogs.emplace(*dialog, id);
  // Who is waited for must be ready before the ACK.
  if (setup == sdp::Setup::passive) open_chat(id, msrp::Setup::passive, now, out);
}

// CPM 7.3.2, upon receiving a SIP ACK request. R2.11
void Client::Core::session_acknowledged(GroupId id, TimePoint now, Output& out) {
  auto* group = find(id);
  if (!group || group->state != SessionState::accepting) return;  // of a later INVITE
  group->state = SessionState::active;
  const auto replaces = std::exchange(group->replaces, std::nullopt);

  // (2) The media plane; of 7.3.2 (4), R2.4, A18: the subscription.
  if (!group->media) open_chat(id, msrp::Setup::active, now, out);
  session_is_up(id, now, out);

  // (3) R2.12, R2.6b: the session between two has become this one.
  const auto* replaced = replaces ? find(*replaces) : nullptr;
  if (!replaced || !replaced->dialog) return;
  say_goodbye(*replaces, call_completed, now, out);
  end_session({.group = *replaces, .reason = EndReason::replaced}, now, out);
}

// A re-INVITE or UPDATE with the same media is answered as before (RFC 4028 7.4, RFC 5547 8.1);
// another one is more than we can do, and changes nothing (RFC 3261 14.2).
void Client::Core::offered_again(const sip::RequestReceived& event, TimePoint now, Output& out) {
  const auto known = event.dialog ? dialogs.find(*event.dialog) : dialogs.end();
  if (known == dialogs.end()) return answer(event.transaction, event.request, 481, now, out);

  std::string description;
  msrp::Path path;
  std::string_view icsi = cpm::icsi::session;
  if (const auto* group_id = std::get_if<GroupId>(&known->second)) {
    const auto& group = *find(*group_id);
    description = group.description;
    if (group.theirs) path = group.theirs->path;
  } else if (const auto* files = std::get_if<FileSessionId>(&known->second)) {
    return files_offered_again(*files, event, now, out);
  } else if (const auto* message_id = std::get_if<MessageId>(&known->second)) {
    const auto& message = *find(*message_id);
    description = message.description;
    if (message.theirs) path = message.theirs->path;
    icsi = cpm::icsi::large_message;
  }

  if (description.empty()) return answer(event.transaction, event.request, 488, now, out);
  if (!event.request.body().empty() || event.request.method() == "UPDATE") {
    const auto offer = cpm::description_of(event.request);
    if (!offer) return refuse(event.transaction, event.request, offer.error(), now, out);
    const bool is_same = std::ranges::any_of(offer->media, [&](const sdp::Media& line) {
      return line.port != 0 && msrp::to_text(path) == line.attributes.value("path").value_or("");
    });
    if (!is_same) {
      return refuse(event.transaction, event.request, refusal(488, "other media in a session"), now,
                    out);
    }
  }
  respond(event.transaction, make_acceptance(event.request, icsi, description), now, out);
}

}  // namespace convene::client
