#include <algorithm>

#include "controlling/group_session.h"
#include "controlling/sip_request.h"
#include "cpm/identity.h"
#include "sip/fields.h"
#include "sip/refer.h"

namespace convene::controlling {

using sip::Name;

namespace {

// RFC 3515 2.4.6: the CSeq tells several REFERs in one dialog apart.
std::string event_of(const sip::Message& refer) {
  const auto cseq = sip::parse_cseq(refer.header(Name::cseq));
  return sip::to_text(
      sip::Event{.package = "refer", .id = cseq ? std::to_string(cseq->number) : std::string{}});
}

}  // namespace

// Conversation 6.5, 6.6, RFC 3515, RFC 4579 5.5, 5.11: a member adds or removes others.
void GroupSession::referred(Turn& turn, const PeerRequest& request, const std::string& sender,
                            std::optional<sip::DialogId> dialog) {
  const auto refuse_with = [&](cpm::Refusal refusal) {
    refusal.detail = "6.5 REFER refused: " + refusal.detail;
    refuse(turn, request.transaction, request.message, refusal);
  };
  if (!is_active_) return refuse_with({.status = 404, .warning = {}, .detail = "no session"});
  auto wanted = read_refer(request.message, profile_.focus, turn.policy.group);
  if (!wanted) return refuse_with(wanted.error());
  if (const auto granted = may_refer(turn, sender, *wanted); !granted) {
    return refuse_with(granted.error());
  }
  const bool is_anonymous = cpm::asks_for_anonymity(request.message);
  if (is_anonymous && !allows_anonymity(turn, sender)) {
    return refuse_with(
        {.status = 403, .warning = "Anonymity not allowed", .detail = "asked for anonymity"});
  }
  const bool is_silent = wanted->is_multiple || sip::suppresses_subscription(request.message);
  if (!is_silent && pending_referrals() >= turn.policy.group.max_referrals) {
    return refuse_with({.status = 503, .warning = {}, .detail = "too many referrals"});
  }
  if (const auto granted = limit_invitations(turn, *wanted); !granted) {
    return refuse_with(granted.error());
  }

  // R1.12, G-36: Referred-By says who, unless they are anonymous.
  const auto& referrer = *member(sender);
  const bool stays_unknown = is_anonymous && referrer.pseudonym.empty();
  const auto inviter = stays_unknown ? std::string{cpm::anonymous_uri} : referrer.shown_address();
  AcceptedRefer accepted{.is_silent = is_silent,
                         .dialog = dialog,
                         .inviter = inviter,
                         .to_invite = {},
                         .to_remove = {}};
  for (const auto& one : wanted->to_invite) {
    accepted.to_invite.push_back(one.address);
    removals_.erase(one.address);  // the last word counts
  }
  for (const auto& shown : wanted->to_remove) {
    const auto* one = shown_member(shown);
    if (!one) continue;
    accepted.to_remove.push_back(one->address);
    intend_to_remove(turn, one->address, inviter);
  }
  auto added = add_members(turn, wanted->to_invite);
  // CPM 9.2.7 (5): who belongs to the group is durable before anybody hears of it.
  answer_when_durable(turn, {.transaction = request.transaction,
                             .request = request.message,
                             .answer = std::move(accepted),
                             .added = std::move(added)});
  if (wanted->ends_session) release(turn, Release::administrator);
  tell(turn);
}

// Conversation 6.5, 6.6, 6.9, 17. Nothing of a REFER is done unless all of it is allowed.
cpm::Granted<> GroupSession::may_refer(const Turn& turn, const std::string& sender,
                                       const ReferRequest& wanted) const {
  const auto* who = member(sender);
  if (!who || !is_in_session(sender)) {
    return cpm::refuse(403, std::string{cpm::not_authorised}, "not in the session");
  }
  const auto is_new = [this](const Member& one) { return !member(one.address); };
  const auto added = static_cast<std::size_t>(std::ranges::count_if(wanted.to_invite, is_new));
  if (added > 0 && profile_.type == GroupType::closed) {
    return cpm::refuse(403, std::string{cpm::not_authorised}, "a closed group");
  }
  if (members_.size() + added > turn.policy.group.max_participants) {
    return cpm::refuse(403, "Group is full", "more than the group may have");
  }

  const bool removes = !wanted.to_remove.empty() || wanted.ends_session;
  if (removes && !may_remove(turn, *who)) {
    return cpm::refuse(403, std::string{cpm::not_authorised}, "removing is not theirs");
  }
  const bool is_known = std::ranges::all_of(wanted.to_remove, [this](const auto& address) {
    const auto* one = shown_member(address);
    return one && member(one->address);
  });
  if (!is_known) return cpm::refuse(404, "Not a member", "nobody to remove");
  return {};
}

// A storm of REFERs rings nobody's device for long. In a list, the others are still invited.
cpm::Granted<> GroupSession::limit_invitations(Turn& turn, ReferRequest& wanted) {
  const bool had_some = !wanted.to_invite.empty();
  std::erase_if(wanted.to_invite, [&](const Member& one) {
    if (legs_of(one.address) > 0) return false;  // is there already: nothing will be sent
    if (by_refer_.take(one.address, turn.now, turn.policy.group)) return false;
    turn.world.log.warning("controlling", "6.5 not invited: too often",
                           {{"contribution", id_text()}, {"who", masked(one.address)}});
    return true;
  });
  if (had_some && wanted.to_invite.empty()) {
    return cpm::refuse(403, "Invited too often", "invited too often");
  }
  return {};
}

std::size_t GroupSession::pending_referrals() const {
  const auto waiting = std::ranges::count_if(state_.waiting, [](const auto& one) {
    const auto* refer = std::get_if<AcceptedRefer>(&one.answer);
    return refer && !refer->is_silent;
  });
  return referrals_.count() + static_cast<std::size_t>(waiting);
}

// What it changes is kept: 202, in the dialog where the sender is told what follows, if that is
// wanted (RFC 3515 2.4.2, RFC 4488 4); the BYEs, and the invitations.
void GroupSession::refer_kept(Turn& turn, const WaitingAnswer& waiting,
                              const AcceptedRefer& refer) {
  auto response = turn.agent.respond_to(waiting.request, 202);
  response.add(Name::contact, "<" + profile_.focus + ">;isfocus");
  if (refer.is_silent) response.add(Name::refer_sub, "false");
  auto notified = refer.dialog;
  if (refer.is_silent || refer.dialog) {
    turn.agent.respond(waiting.transaction, std::move(response), turn.now, turn.sip);
  } else {
    notified = accept(turn, waiting.transaction, std::move(response), OfReferral{id_});
  }
  for (const auto& address : refer.to_remove) remove(turn, address);
  if (!refer.is_silent && notified) tell_referrer(turn, waiting.request, *notified, refer);

  for (const auto& address : refer.to_invite) {
    auto* invitee = is_active_ ? find_member(address) : nullptr;
    if (invitee && legs_of(address) == 0) invite(turn, *invitee, refer.inviter);
  }
  if (!refer.to_remove.empty()) apply_release_policy(turn);
  tell(turn);
}

// RFC 3515 2.4.4: 100 at once; the end when it is known, which it may be already.
void GroupSession::tell_referrer(Turn& turn, const sip::Message& request, sip::DialogId dialog,
                                 const AcceptedRefer& refer) {
  const auto invitee = refer.to_invite.empty() ? std::string{} : refer.to_invite.front();
  referrals_.begin(turn,
                   {.dialog = dialog,
                    .has_own_dialog = !refer.dialog,
                    .event = event_of(request),
                    .invitee = invitee,
                    .until = turn.now + turn.policy.group.invitation_patience},
                   profile_.focus);
  const bool is_done = invitee.empty() || is_in_session(invitee);
  if (is_done) return referrals_.answered(turn, invitee, 200, "OK");
  if (!is_active_ || !find_member(invitee)) {  // meanwhile the session ended, or they were removed
    referrals_.answered(turn, invitee, 487, "Request Terminated");
  }
}

// RFC 6665 4.2.1.3: only the end is listened to; it lives as long as it was said to.
void GroupSession::referral_resubscribed(Turn& turn, sip::DialogId dialog,
                                         const PeerRequest& request) {
  const auto left = referrals_.left(dialog, turn.now);
  const auto wanted = sip::parse_delta_seconds(request.message.header(Name::expires));
  auto response = begin_ok(turn, request.message);
  response.add(Name::contact, "<" + profile_.focus + ">;isfocus");
  response.add(Name::expires, std::to_string(wanted && *wanted == 0 ? 0 : left.count()));
  turn.agent.respond(request.transaction, std::move(response), turn.now, turn.sip);
  if (wanted && *wanted == 0) referrals_.unsubscribed(turn, dialog);
}

}  // namespace convene::controlling
