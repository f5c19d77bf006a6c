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

// CPM 9.2.11 Participant Removing Request: BYE to all its devices, and no member any more; the
// others are told "booted". Conversation 6.6, 7
void GroupSession::remove(Turn& turn, const std::string& address, const std::string& by) {
  turn.world.log.info("controlling", "9.2.11 participant removed",
                      {{"contribution", id_text()}, {"who", masked(address)}});
  strike_member(turn, address,
                {.status = conference::Status::disconnected,
                 .left_by = conference::DisconnectionMethod::booted,
                 .reason = std::string{removed},
                 .when = turn.date_time(),
                 .by = by});
  turn.notices.emplace_back(ParticipantRemoved{id_, address});
}

}  // namespace convene::controlling
