#include <algorithm>
#include <vector>

#include "base/text.h"
#include "controlling/group_session.h"
#include "sip/fields.h"

namespace convene::controlling {

namespace {

// CPM 9.2.7: a BYE with Reason 200 "Call completed" leaves the group; any other end of a leg is a
// disconnection, after which the participant stays a member (A15, G-26).
std::optional<sip::Reason> leaving_reason(const sip::DialogEnded& end) {
  if (end.why != sip::DialogEnded::Why::bye || !end.bye) return std::nullopt;
  for (const auto value : end.bye->values(sip::Name::reason)) {
    const auto reason = sip::parse_reason(value);
    if (reason && iequals(reason->protocol, "SIP") && reason->cause == 200) return *reason;
  }
  return std::nullopt;
}

}  // namespace

// CPM 9.2.7 Session Leaving Request. The file transfers of the group are not ours, and go on:
// R6.9.
void GroupSession::dialog_ended(Turn& turn, LegId id, const sip::DialogEnded& end) {
  auto* leg = find_leg(id);
  if (!leg) return;
  leg->dialog.reset();  // (1) The user agent has answered 200. R6.4
  const auto address = leg->participant;

  if (const auto reason = leaving_reason(end)) {
    turn.world.log.info("controlling", "9.2.7 participant leaves",
                        {{"contribution", id_text()}, {"who", masked(address)}});
    leave(turn, address,
          {.status = conference::Status::disconnected,
           .left_by = conference::DisconnectionMethod::departed,
           .reason = sip::to_text(*reason),
           .when = turn.date_time()});
  } else {
    turn.world.log.info(
        "controlling", "6.7 participant disconnected",
        {{"contribution", id_text()}, {"who", masked(address)}, {"why", text_of(end.why)}});
    drop_leg(turn, id, {}, {.status = conference::Status::disconnected, .when = turn.date_time()});
  }
  apply_release_policy(turn);  // (4)
  tell(turn);
}

void GroupSession::leave(Turn& turn, std::string address, const Standing& standing) {
  const auto* member = find_member(address);
  if (!member) return;
  const bool was_creator = member->is_creator;
  strike_member(turn, address, standing);
  if (was_creator && turn.policy.group.release_when_creator_leaves && is_active_) {
    release(turn, Release::creator_left);
  }
}

// Who leaves, or is removed, is no member any more.
void GroupSession::strike_member(Turn& turn, const std::string& address, const Standing& standing) {
  auto* member = find_member(address);
  if (!member) return;

  // (2) All media resources of the session being closed; of the member's other devices too. R6.5
  const auto theirs = legs_.of(address);
  for (const auto id : std::vector<LegId>{theirs.begin(), theirs.end()}) {
    end_leg(turn, legs_.at(id), standing.reason);
    legs_.erase(id);
  }

  // (3) The leaver's subscription ends. R6.6
  member->standing = standing;
  information_.left(user_of(turn, *member));
  const auto gone = *member;
  std::erase_if(members_, [&address](const auto& one) { return one.address == address; });
  if (former_.size() >= turn.policy.group.max_participants) former_.erase(former_.begin());
  former_.push_back(gone);
  information_.terminate(turn, gone.shown_address(), information(turn));
  referrals_.answered(turn, address, 487, "Request Terminated");
}

void GroupSession::drop_leg(Turn& turn, LegId id, std::string_view bye_reason, Standing standing) {
  auto* const leg = find_leg(id);
  if (!leg) return;
  const auto address = leg->participant;
  end_leg(turn, *leg, bye_reason);
  legs_.erase(id);
  if (auto* member = find_member(address); member && legs_of(address) == 0) {
    member->standing = std::move(standing);
    referrals_.answered(turn, address, 487, "Request Terminated");
  }
  changed(address);
}

}  // namespace convene::controlling
