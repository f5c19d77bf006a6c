#include "controlling/group_session.h"

#include <algorithm>

namespace convene::controlling {

GroupSession::GroupSession(GroupId id, GroupProfile profile, std::vector<Member> members)
    : id_{id}, profile_{std::move(profile)}, members_{std::move(members)} {}

const Member* GroupSession::member(std::string_view address) const {
  const auto found = std::ranges::find(members_, address, &Member::address);
  return found == members_.end() ? nullptr : &*found;
}

Member* GroupSession::find_member(std::string_view address) {
  const auto found = std::ranges::find(members_, address, &Member::address);
  return found == members_.end() ? nullptr : &*found;
}

const Member* GroupSession::known(std::string_view address) const {
  if (const auto* found = member(address)) return found;
  const auto found = std::ranges::find(former_, address, &Member::address);
  return found == former_.end() ? nullptr : &*found;
}

const Member* GroupSession::shown_member(std::string_view address) const {
  for (const auto* list : {&members_, &former_}) {
    const auto found = std::ranges::find(*list, address, &Member::shown_address);
    if (found != list->end()) return &*found;
  }
  return nullptr;
}

ParticipantLeg& GroupSession::add_leg(Turn& turn, const Member& member) {
  auto& leg = legs_.add(LegId{turn.next_id()}, member.address);
  leg.group = id_;
  leg.ours = chat_media(turn, profile_.wrapped_types, usual_security(turn));
  leg.description = new_description(turn);
  return leg;
}

bool GroupSession::is_in_session(std::string_view address) const {
  return std::ranges::any_of(legs_.of(address),
                             [this](LegId id) { return legs_.at(id).dialog.has_value(); });
}

bool GroupSession::somebody_is_coming() const {
  return std::ranges::any_of(
      legs_, [](const auto& entry) { return entry.second.state != LegState::joined; });
}

std::size_t GroupSession::members_in_session() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      members_, [this](const auto& member) { return is_in_session(member.address); }));
}

// CPM 9.3.1 (1): per leg, the member by its best one (G-39).
std::vector<Candidate> GroupSession::candidates(std::string_view sender) const {
  std::vector<Candidate> candidates;
  for (const auto& member : members_) {
    if (member.address == sender) continue;
    std::vector<cpm::Capabilities> legs;
    std::vector<bool> secure;
    for (const auto id : legs_.of(member.address)) {
      const auto& leg = legs_.at(id);
      if (leg.state != LegState::joined) continue;
      legs.push_back(leg.capabilities);
      secure.push_back(leg.theirs.is_secure);
    }
    if (legs.empty()) continue;
    const auto& best = best_of(legs);
    candidates.push_back({.address = member.address,
                          .capabilities = best,
                          .is_secure = secure[static_cast<std::size_t>(&best - legs.data())]});
  }
  return candidates;
}

void GroupSession::wake(Turn& turn) {
  std::vector<LegId> lost;
  for (const auto& [id, leg] : legs_) {
    if (is_due(leg.media_lost_until, turn.now)) lost.push_back(id);
  }
  for (const auto id : lost) {  // G-26: a disconnection, not a leave
    turn.world.log.info("controlling", "9.2.12 MSRP did not come back: leg ends",
                        {{"contribution", id_text()}});
    drop_leg(turn, id, {}, {.status = conference::Status::disconnected});
  }

  give_up_invitations(turn);
  referrals_.wake(turn);

  if (is_active_ && is_due(idle_until_, turn.now)) release(turn, Release::idle);
  if (is_active_ && is_due(active_until_, turn.now)) release(turn, Release::longest);
  if (!is_active_ && is_due(kept_until_, turn.now)) is_over_ = true;
  if (!lost.empty()) apply_release_policy(turn);
  refuse_overdue(turn);
  tell(turn);
}

Deadline GroupSession::deadline() const {
  auto next = earliest(information_.deadline(), state_.deadline());
  if (is_active_) {
    next = earliest(next, earliest(idle_until_, active_until_));
  } else {
    next = earliest(next, kept_until_);
  }
  for (const auto& [id, leg] : legs_) {
    next = earliest(next, earliest(leg.media_lost_until, leg.invited_until));
  }
  return earliest(next, referrals_.deadline());
}

GroupView GroupSession::view() const {
  const auto& ids = profile_.invitation.ids;
  GroupView view{.focus = profile_.focus,
                 .conversation = ids.conversation,
                 .contribution = ids.contribution,
                 .subject = profile_.invitation.subject,
                 .is_active = is_active_,
                 .is_closed = profile_.type == GroupType::closed,
                 .participants = {},
                 .subscriptions = information_.count(),
                 .dropped_reports = dropped_reports_};
  for (const auto& member : members_) {
    ParticipantView participant{.address = member.address, .legs = {}};
    for (const auto id : legs_.of(member.address)) {
      const auto& leg = legs_.at(id);
      participant.legs.push_back(
          {.contact = leg.contact, .capabilities = leg.capabilities, .state = leg.state});
    }
    view.participants.push_back(std::move(participant));
  }
  return view;
}

}  // namespace convene::controlling
