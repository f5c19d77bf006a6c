#include <algorithm>

#include "controlling/group_session.h"
#include "controlling/sip_request.h"
#include "cpm/identity.h"
#include "cpm/service.h"

namespace convene::controlling {

using sip::Name;

namespace {

std::string contact_of(const sip::Message& message) {
  const auto contacts = message.values(Name::contact);
  if (contacts.empty()) return {};
  const auto contact = sip::parse_name_addr(contacts.front());
  return contact ? sip::to_text(contact->uri) : std::string{};
}

}  // namespace

// Conversation 6.3, 6.4: who may come in. A stranger becomes a member where the policy allows it.
cpm::Granted<> GroupSession::admit(Turn& turn, const PeerRequest& request) {
  const auto& policy = turn.policy.group;
  const auto address = sip::address_of_record(request.originator.uri);

  auto* member = find_member(address);
  if (!member) {
    if (!policy.strangers_may_join || profile_.type == GroupType::closed || !is_active_) {
      return cpm::refuse(403, std::string{cpm::not_authorised}, "not a member");
    }
    if (members_.size() >= policy.max_participants) {
      return cpm::refuse(403, "Group is full", "no room for a stranger");
    }
    member = &add_member({.address = address, .request_uri = address});
  }
  if (!has_room_for(address)) return cpm::refuse(403, "Group is full", "as many as it may have");
  if (!request.originator.display.empty()) member->display = request.originator.display;

  // Conversation 4, A16: an anonymous member needs a group that allows it. R1.17, R1.19
  if (cpm::asks_for_anonymity(request.message)) {
    if (!allows_anonymity(turn, address)) {
      return cpm::refuse(403, "Anonymity not allowed", "asked for anonymity");
    }
    hide(turn, *member);
  }
  member->has_answered = true;
  return {};
}

// Conversation 6.3: the same device takes the place of its old leg; another one has its own, up to
// a number.
void GroupSession::make_room(Turn& turn, const std::string& address,
                             const cpm::Capabilities& capabilities) {
  const auto replaced = [&](const ParticipantLeg& leg) {
    const bool is_invited = !leg.dialog && !leg.dialed_in;
    const bool is_same_device = leg.dialog && leg.capabilities.instance == capabilities.instance;
    return is_invited || is_same_device;
  };
  const auto theirs = legs_.of(address);
  std::vector<LegId> old;
  for (const auto id : theirs) {
    if (replaced(legs_.at(id))) old.push_back(id);
  }
  const bool is_full = old.empty() && theirs.size() >= turn.policy.group.max_devices;
  if (is_full) old.push_back(theirs.front());
  for (const auto id : old) {
    end_leg(turn, legs_.at(id), {});
    legs_.erase(id);
  }
}

// Conversation 6.1, 6.3, 6.4
void GroupSession::join(Turn& turn, const PeerRequest& request) {
  come_in(turn, request, Coming::alone, {});
}

// Conversation 6.4: a member's creation of a group that we know: it may name more members than we
// do, and wants them all.
void GroupSession::restart(Turn& turn, const PeerRequest& request, std::vector<Member> members) {
  if (profile_.type == GroupType::closed) members.clear();
  come_in(turn, request, Coming::with_others, std::move(members));
}

void GroupSession::come_in(Turn& turn, const PeerRequest& request, Coming how,
                           std::vector<Member> others) {
  const bool is_creation = !is_active_ && !kept_until_;
  const auto refuse_with = [&](cpm::Refusal refusal) {
    refusal.detail = "6.3 refused: " + refusal.detail;
    refuse(turn, request.transaction, request.message, refusal);
    if (is_creation) is_over_ = true;
  };

  const auto offer = cpm::read_chat(request.message, turn.policy.media.address_rule);
  if (!offer) return refuse_with(offer.error());
  const auto setup = cpm::setup_for_answer(offer->media, security_terms(turn));
  if (!setup) return refuse_with(setup.error());
  const auto address = sip::address_of_record(request.originator.uri);
  const bool is_stranger = !member(address);
  if (const auto granted = admit(turn, request); !granted) return refuse_with(granted.error());

  auto added = add_members(turn, std::move(others));
  if (is_stranger) added.push_back(address);
  const bool begins = !is_active_;
  if (begins) begin_session(turn, request, *offer);
  if (turn.policy.group.idle.count() > 0) idle_until_ = turn.now + turn.policy.group.idle;

  const auto capabilities = cpm::capabilities_of(request.message);
  make_room(turn, address, capabilities);

  auto& leg = add_leg(turn, *find_member(address));
  leg.dialed_in = true;
  leg.state = LegState::accepted;
  leg.contact = contact_of(request.message);
  leg.capabilities = capabilities;  // A22, G-01
  answer_when_durable(turn, {.transaction = request.transaction,
                             .request = request.message,
                             .answer = Admission{.leg = leg.id,
                                                 .offer = *offer,
                                                 .is_creation = is_creation,
                                                 .invites = (begins && invites_members()) ||
                                                            how == Coming::with_others},
                             .added = std::move(added)});
}

// The ids of the group stay whatever a rejoiner says.
void GroupSession::begin_session(Turn& turn, const PeerRequest& request,
                                 const cpm::ChatDescription& offer) {
  const bool is_creation = !kept_until_;
  if (is_creation) created_ = turn.world.calendar.at(turn.now);
  released_.reset();
  is_active_ = true;
  kept_until_.reset();
  if (turn.policy.group.longest.count() > 0) {
    active_until_ = turn.now + turn.policy.group.longest;
  }
  auto invitation = invitation_of(request.message, request.originator, profile_.invitation.ids);
  if (invitation.subject.empty()) invitation.subject = profile_.invitation.subject;
  // CPM 9.2.10 (14): of a pre-defined group, its own wins. R1.14
  const auto& group = profile_.predefined;
  if (group && !group->subject.empty()) invitation.subject = group->subject;
  profile_.invitation = std::move(invitation);
  profile_.wrapped_types =
      cpm::common_types(offer.media.accept_wrapped_types, turn.policy.media.wrapped_types);
  turn.world.log.info(
      "controlling", is_creation ? "6.1 group created" : "6.4 group active again",
      {{"contribution", id_text()}, {"who", masked(sip::to_text(request.originator.uri))}});
}

// What is left to do for who called us, once it is known to be kept.
void GroupSession::admitted(Turn& turn, const WaitingAnswer& waiting, const Admission& admission) {
  auto* leg = find_leg(admission.leg);
  if (!leg || !is_active_) {
    return refuse(turn, waiting.transaction, waiting.request,
                  {.status = 480, .warning = {}, .detail = "6.3 refused: the session has ended"});
  }
  if (admission.is_creation && turn.policy.group.wait_for_first_joiner) {
    waiting_creator_ = {leg->id, waiting.transaction, waiting.request, admission.offer};
    turn.tables.invites.emplace(waiting.transaction, OfParticipant{id_, leg->id});
  } else {
    accept_leg(turn, *leg, waiting.transaction, waiting.request, admission.offer,
               admission.is_creation);
  }
  if (admission.invites && is_active_) invite_everybody(turn);
}

// The 200 to who called us, and its media. F1.3, F7.2
void GroupSession::accept_leg(Turn& turn, ParticipantLeg& leg, sip::ServerTransactionId transaction,
                              const sip::Message& request, const cpm::ChatDescription& offer,
                              bool is_creation) {
  const auto setup = *cpm::setup_for_answer(offer.media.setup);
  leg.theirs = offer.media;
  if (leg.ours.is_secure != leg.theirs.is_secure)
    leg.ours = chat_media(turn, profile_.wrapped_types, security_of(leg.theirs));
  leg.ours.setup = setup;
  leg.ours.direction = sdp::reversed(offer.media.direction);
  leg.ours.accept_wrapped_types =
      cpm::common_types(offer.media.accept_wrapped_types, turn.policy.media.wrapped_types);

  auto response = begin_ok(turn, request);
  response.add(Name::contact, focus_contact(profile_.focus, cpm::icsi::session, turn.policy));
  if (is_creation) response.add(Name::p_asserted_identity, asserted_identity());
  cpm::write_ids(response, profile_.invitation.ids);
  response.add(Name::allow, allowed_methods);
  response.set_body("application/sdp",
                    sdp::to_text(cpm::answer_chat(offer, leg.description, leg.ours)));

  const auto id = leg.id;
  leg.dialog = accept(turn, transaction, std::move(response), OfParticipant{id_, id});
  if (!leg.dialog) {  // the peer is gone already
    drop_leg(turn, id, {}, {.status = conference::Status::disconnected});
    return apply_release_policy(turn);
  }
  open_media(turn, id_, leg,
             setup == sdp::Setup::active ? msrp::Setup::active : msrp::Setup::passive);
}

// CPM 9.2.12, R1.23 for who called us: in from the ACK on.
void GroupSession::acknowledged(Turn& turn, LegId id) {
  auto* leg = find_leg(id);
  if (leg && leg->state == LegState::accepted) joined(turn, *leg);
}

// R1.23, R1.24
void GroupSession::joined(Turn& turn, ParticipantLeg& leg) {
  leg.state = LegState::joined;
  if (auto* member = find_member(leg.participant)) {
    member->session_replaces.clear();
    member->has_answered = true;
    if (!leg.went_to_interworking) member->is_cpm_user = true;
    member->standing = {.status = conference::Status::connected};
  }
  turn.world.log.info("controlling", "9.2.10 participant joined",
                      {{"contribution", id_text()},
                       {"who", masked(leg.participant)},
                       {"file transfer", cpm::name_of(leg.capabilities.file_transfer)}});
  referrals_.answered(turn, leg.participant, 200, "OK");
  turn.notices.emplace_back(ParticipantJoined{id_, leg.id});
  changed(leg.participant);
  answer_waiting_creator(turn);
  tell(turn);
  deliver_waiting_reports(turn, leg);
}

// Conversation 6.1, wait_for_first_joiner
void GroupSession::answer_waiting_creator(Turn& turn) {
  if (!waiting_creator_) return;
  const auto waiting = *std::exchange(waiting_creator_, std::nullopt);
  if (auto* leg = find_leg(waiting.leg)) {
    accept_leg(turn, *leg, waiting.transaction, waiting.request, waiting.offer, true);
  }
}

void GroupSession::refuse_waiting_creator(Turn& turn, int status) {
  if (!waiting_creator_) return;
  const auto waiting = *std::exchange(waiting_creator_, std::nullopt);
  refuse(turn, waiting.transaction, waiting.request,
         {.status = status, .warning = {}, .detail = "6.1 creation refused: nobody joined"});
  legs_.erase(waiting.leg);
}

void GroupSession::cancelled(Turn& turn, LegId id) {
  const auto is_of_leg = [id](const WaitingAnswer& one) {
    const auto* admission = std::get_if<Admission>(&one.answer);
    return admission && admission->leg == id;
  };
  const auto waiting = std::ranges::find_if(state_.waiting, is_of_leg);
  if (waiting != state_.waiting.end()) {
    // A creation that nobody has heard of yet leaves nothing.
    if (std::get<Admission>(waiting->answer).is_creation) is_over_ = true;
    state_.waiting.erase(waiting);
  }
  if (waiting_creator_ && waiting_creator_->leg == id)
    waiting_creator_.reset();  // 487 has been sent
  legs_.erase(id);
  if (!is_over_) apply_release_policy(turn);
}

// Conversation 6.4, 6.5: a restart may know more members than we do. As many as there is room for;
// who is new.
std::vector<std::string> GroupSession::add_members(Turn& turn, std::vector<Member> members) {
  std::vector<std::string> added;
  for (auto& one : members) {
    if (member(one.address)) continue;
    if (members_.size() >= turn.policy.group.max_participants) {
      turn.world.log.warning("controlling", "6.5 group is full",
                             {{"contribution", id_text()}, {"who", masked(one.address)}});
      break;
    }
    added.push_back(one.address);
    add_member(std::move(one));
  }
  return added;
}

// The one place where somebody becomes a member. G-36: one pseudonym for good.
Member& GroupSession::add_member(Member member) {
  const auto before = std::ranges::find(former_, member.address, &Member::address);
  if (before != former_.end()) {
    member.pseudonym = before->pseudonym;
    former_.erase(before);
  }
  return members_.emplace_back(std::move(member));
}

}  // namespace convene::controlling
