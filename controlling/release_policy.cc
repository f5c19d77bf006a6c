#include "controlling/group_session.h"

namespace convene::controlling {

namespace {

std::string_view text_of(GroupSession::Release why) {
  using enum GroupSession::Release;
  switch (why) {
    case too_few_joined: return "too few joined";
    case too_few_members: return "too few members";
    case creator_left: return "the creator left";
    case idle: return "no chat";
    case longest: return "longest duration";
    case administrator: return "an administrator's word";
  }
  return {};
}

// Conversation 6.7: "Gone" tells the clients not to rejoin.
constexpr std::string_view gone = "SIP;cause=410;text=\"Gone\"";

}  // namespace

// CPM 9.2.7 (4), conversation 6.8. R6.7
void GroupSession::apply_release_policy(Turn& turn) {
  const auto& policy = turn.policy.group;
  if (is_dissolved_) return;
  if (members_.size() < policy.min_members) return release(turn, Release::too_few_members);

  if (!is_active_) return;
  const bool somebody_may_come = waiting_creator_ || somebody_is_coming();
  if (members_in_session() < policy.min_joined && !somebody_may_come) {
    release(turn, Release::too_few_joined);
  }
}

// Ends the session: BYE to everybody, the last NOTIFY. The file transfers go on (R6.9).
void GroupSession::release(Turn& turn, Release why) {
  const bool dissolves = why == Release::too_few_members;
  turn.world.log.info("controlling", "6.8 session released",
                      {{"contribution", id_text()}, {"why", text_of(why)}});

  refuse_waiting_creator(turn, 480);
  for (auto& [id, leg] : legs_) {
    end_leg(turn, leg, dissolves ? gone : std::string_view{});
    if (auto* member = find_member(leg.participant)) {
      member->standing = {.status = conference::Status::disconnected, .when = turn.date_time()};
      changed(member->address);
    }
  }
  legs_.clear();
  is_active_ = false;
  released_ = turn.world.calendar.at(turn.now);
  idle_until_.reset();
  active_until_.reset();
  referrals_.end_all(turn);
  profile_.recipient_history.clear();
  information_.terminate_all(turn, information(turn));
  turn.notices.emplace_back(SessionReleased{id_});

  // CPM 9.2.7 (5) The group state is kept: type and list. R6.8. Of a group that nobody can come
  // back to it is kept a while for the reports on its files.
  is_dissolved_ = dissolves || !turn.policy.group.long_lived;
  kept_until_ =
      turn.now + (is_dissolved_ ? turn.policy.group.keep_dissolved : turn.policy.group.keep_state);
}

}  // namespace convene::controlling
