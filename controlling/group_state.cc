#include <algorithm>
#include <utility>

#include "controlling/group_session.h"

namespace convene::controlling {

namespace {

// Of a standing only how the member left: after a restart nobody is in the session.
Standing kept_standing(const Standing& standing) {
  Standing kept = standing;
  kept.status = conference::Status::disconnected;
  if (!standing.left_by && standing.reason.empty()) kept.when.clear();
  return kept;
}

Member kept_member(Member member) {
  member.session_replaces.clear();  // for the first INVITE, which has been sent
  member.standing = kept_standing(member.standing);
  return member;
}

bool is_kept_as(const Member& member, const Member& kept) {
  const bool shows_when = member.standing.left_by || !member.standing.reason.empty();
  return member.address == kept.address && member.display == kept.display &&
         member.nickname == kept.nickname && member.pseudonym == kept.pseudonym &&
         member.request_uri == kept.request_uri && member.is_creator == kept.is_creator &&
         member.standing.left_by == kept.standing.left_by &&
         member.standing.reason == kept.standing.reason &&
         (!shows_when || member.standing.when == kept.standing.when);
}

bool is_same_answer(const Member& member, const Member& kept) {
  return member.has_answered == kept.has_answered && member.is_cpm_user == kept.is_cpm_user;
}

bool is_same_membership(const Member& member, const Member& kept) {
  return member.address == kept.address && member.pseudonym == kept.pseudonym;
}

}  // namespace

GroupSession::GroupSession(GroupId id, GroupRecord record, WallTime now, TimePoint kept_until)
    : id_{id},
      profile_{.focus = record.focus, .type = record.type, .document = record.document},
      members_{record.members},
      former_{record.former},
      remembers_all_{false},
      is_dissolved_{record.is_dissolved},
      pseudonyms_{record.pseudonyms},
      kept_until_{kept_until},
      created_{record.created},
      released_{record.released.value_or(now)} {
  profile_.invitation.ids = record.ids;
  profile_.invitation.subject = record.subject;
  if (auto document = groups::parse_group_document(record.document)) {
    profile_.predefined = *std::move(document);
  }
  state_.stored = std::move(record);
}

// CPM 9.2.7 (5), R6.8
GroupRecord GroupSession::record() const {
  const auto& ids = profile_.invitation.ids;
  GroupRecord record{.focus = profile_.focus,
                     .type = profile_.type,
                     .ids = {.conversation = ids.conversation,
                             .contribution = ids.contribution,
                             .in_reply_to = {}},
                     .subject = profile_.invitation.subject,
                     .document = profile_.document,
                     .pseudonyms = pseudonyms_,
                     .is_dissolved = is_dissolved_,
                     .created = created_,
                     .released = released_};
  for (const auto& one : members_) {
    if (stays(one)) record.members.push_back(kept_member(one));
  }
  std::ranges::transform(former_then(), std::back_inserter(record.former), kept_member);
  return record;
}

// Whether record() would be this one: asked at the end of every input, so it copies nothing.
bool GroupSession::is_kept_as(const GroupRecord& kept) const {
  const auto is_same = [](const Member& a, const Member& b) {
    return controlling::is_kept_as(a, b);
  };
  return profile_.invitation.subject == kept.subject && profile_.document == kept.document &&
         pseudonyms_ == kept.pseudonyms && is_dissolved_ == kept.is_dissolved &&
         released_ == kept.released && std::ranges::equal(staying(), kept.members, is_same) &&
         (removals_.empty() ? std::ranges::equal(former_, kept.former, is_same)
                            : std::ranges::equal(former_then(), kept.former, is_same));
}

// What an answer waits for: who belongs to the group, and that there is one.
bool GroupSession::has_same_members(const GroupRecord& kept) const {
  return is_dissolved_ == kept.is_dissolved &&
         std::ranges::equal(staying(), kept.members, is_same_membership);
}

// A6, R1.19: what the members' first answers said of them. Nobody waits for that to be stored.
bool GroupSession::has_same_answers(const GroupRecord& kept) const {
  return std::ranges::equal(staying(), kept.members, is_same_answer);
}

bool GroupSession::is_kept(const Turn& turn) const {
  return turn.policy.state.is_durable && turn.policy.group.long_lived;
}

void GroupSession::answer_when_durable(Turn& turn, WaitingAnswer answer) {
  if (!is_kept(turn)) return give(turn, std::move(answer));
  answer.until = turn.now + turn.policy.state.patience;
  if (const auto* admission = std::get_if<Admission>(&answer.answer)) {  // may be cancelled
    turn.tables.invites.emplace(answer.transaction, OfParticipant{id_, admission->leg});
  }
  state_.waiting.push_back(std::move(answer));
}

// The end of an input: stores what has changed, and answers those whose change is durable. Says
// whether somebody was answered.
bool GroupSession::keep_state(Turn& turn) {
  if (!is_kept(turn)) return false;
  auto& state = state_;
  if (is_over_) return refuse_waiting(turn);

  const bool is_same = state.stored && is_kept_as(*state.stored);
  if (!state.storing) put_off_answers(turn, is_same && !has_same_answers(*state.stored));
  const bool is_clean = is_same && !is_due(state.answers_by, turn.now);
  const bool may_store = !state.again || is_due(state.again, turn.now) || !state.waiting.empty();
  if (is_clean && !state.storing) state.again.reset();
  if (!state.storing && !is_clean && may_store) {
    state.again.reset();
    state.answers_by.reset();
    state.storing = record();
    turn.stores.emplace_back(StoreGroup{{id_, ++state.revision}, *state.storing});
  }

  for (auto& one : state.waiting) {
    if (one.revision == 0) one.revision = revision_to_wait_for();
  }
  return answer_waiting(turn);
}

void GroupSession::put_off_answers(const Turn& turn, bool has_news) {
  const auto& policy = turn.policy.state;
  if (!has_news) state_.answers_by.reset();
  if (!has_news || state_.answers_by) return;
  state_.answers_by = turn.now + (state_.again ? policy.retry : policy.answers);
}

// Which stored record will hold what is now.
std::uint64_t GroupSession::revision_to_wait_for() const {
  const auto& state = state_;
  if (!state.storing) return state.stored_revision;
  return has_same_members(*state.storing) ? state.revision : state.revision + 1;
}

bool GroupSession::answer_waiting(Turn& turn) {
  auto& waiting = state_.waiting;
  const bool nothing_is_owed = state_.stored && has_same_members(*state_.stored) &&
                               (!state_.storing || has_same_members(*state_.storing));
  const auto must_wait = [&](const WaitingAnswer& one) {
    return !nothing_is_owed && one.revision > state_.stored_revision;
  };
  const auto first = std::stable_partition(waiting.begin(), waiting.end(), must_wait);
  std::vector<WaitingAnswer> ready{std::move_iterator{first}, std::move_iterator{waiting.end()}};
  waiting.erase(first, waiting.end());
  for (auto& one : ready) give(turn, std::move(one));
  return !ready.empty();
}

void GroupSession::give(Turn& turn, WaitingAnswer waiting) {
  if (auto* response = std::get_if<sip::Message>(&waiting.answer)) {
    turn.agent.respond(waiting.transaction, std::move(*response), turn.now, turn.sip);
    return;
  }
  if (const auto* refer = std::get_if<AcceptedRefer>(&waiting.answer)) {
    return refer_kept(turn, waiting, *refer);
  }
  admitted(turn, waiting, std::get<Admission>(waiting.answer));
}

void GroupSession::state_stored(Turn& turn, std::uint64_t revision, bool is_stored) {
  auto& state = state_;
  if (!state.storing || revision != state.revision) return;
  if (is_stored) {
    state.stored = std::exchange(state.storing, std::nullopt);
    state.stored_revision = revision;
    return;
  }
  state.storing.reset();
  state.again = turn.now + turn.policy.state.retry;
  turn.world.log.warning("controlling", "6.8 the state of a group could not be stored",
                         {{"contribution", id_text()}});
  refuse_waiting(turn);
}

bool GroupSession::refuse_waiting(Turn& turn) {
  auto waiting = std::exchange(state_.waiting, {});
  for (auto& one : waiting) refuse_unkept(turn, std::move(one));
  return !waiting.empty();
}

void GroupSession::refuse_overdue(Turn& turn) {
  auto& waiting = state_.waiting;
  const auto is_early = [&](const WaitingAnswer& one) { return one.until > turn.now; };
  const auto first = std::stable_partition(waiting.begin(), waiting.end(), is_early);
  std::vector<WaitingAnswer> late{std::move_iterator{first}, std::move_iterator{waiting.end()}};
  waiting.erase(first, waiting.end());
  for (auto& one : late) refuse_unkept(turn, std::move(one));
}

// What cannot be kept is not acknowledged, and has not happened. Who left has left, all the same.
void GroupSession::refuse_unkept(Turn& turn, WaitingAnswer waiting) {
  const auto* admission = std::get_if<Admission>(&waiting.answer);
  if (admission) {
    if (auto* leg = find_leg(admission->leg)) {
      end_leg(turn, *leg, {});
      legs_.erase(admission->leg);
    }
    if (admission->is_creation) is_over_ = true;
  }
  if (const auto* refer = std::get_if<AcceptedRefer>(&waiting.answer)) {
    for (const auto& address : refer->to_remove) stay_after_all(address);
  }
  for (const auto& address : waiting.added) {
    if (legs_of(address) > 0) continue;
    std::erase_if(members_, [&](const auto& one) { return one.address == address; });
  }
  refuse(turn, waiting.transaction, waiting.request,
         {.status = 503, .warning = {}, .detail = "6.8 refused: the group's state is not stored"});
  if (admission && !is_over_) apply_release_policy(turn);
}

}  // namespace convene::controlling
