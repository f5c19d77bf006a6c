#include <algorithm>

#include "controlling/group_session.h"

namespace convene::controlling {

namespace {

constexpr std::string_view removed = "SIP;cause=403;text=\"Removed from the group\"";

}  // namespace

// Conversation 6.6: the creator, and who the policy names.
bool GroupSession::may_remove(const Turn& turn, const Member& sender) const {
  const auto& policy = turn.policy.group;
  const bool is_administrator = std::ranges::any_of(policy.administrators, [&](const auto& one) {
    return sip::address_of_record(one) == sender.address;
  });
  return is_administrator || (sender.is_creator && policy.creator_may_remove);
}

// CPM 9.2.11: first it is made durable. The record says already that they are no member.
void GroupSession::intend_to_remove(Turn& turn, const std::string& address, const std::string& by) {
  removals_.try_emplace(address, Standing{.status = conference::Status::disconnected,
                                          .left_by = conference::DisconnectionMethod::booted,
                                          .reason = std::string{removed},
                                          .when = turn.date_time(),
                                          .by = by});
}

// It cannot be kept, or somebody adds them again; unless another REFER wants it too.
void GroupSession::stay_after_all(const std::string& address) {
  const bool is_still_wanted = std::ranges::any_of(state_.waiting, [&](const auto& one) {
    const auto* refer = std::get_if<AcceptedRefer>(&one.answer);
    return refer && std::ranges::find(refer->to_remove, address) != refer->to_remove.end();
  });
  if (!is_still_wanted) removals_.erase(address);
}

// CPM 9.2.11 Participant Removing Request: BYE to all its devices, and no member any more; the
// others are told "booted". Conversation 6.6, 7
void GroupSession::remove(Turn& turn, const std::string& address) {
  const auto removal = removals_.extract(address);
  if (!removal || !member(address)) return;  // has been, by another REFER, or left, or was added
  turn.world.log.info("controlling", "9.2.11 participant removed",
                      {{"contribution", id_text()}, {"who", masked(address)}});
  strike_member(turn, address, removal.mapped());
  turn.notices.emplace_back(ParticipantRemoved{id_, address});
}

// As strike_member() will leave it.
std::vector<Member> GroupSession::former_then() const {
  auto former = former_;
  for (const auto& [address, standing] : removals_) {
    const auto* one = member(address);
    if (!one) continue;
    former.push_back(*one);
    former.back().standing = standing;
  }
  return former;
}

}  // namespace convene::controlling
