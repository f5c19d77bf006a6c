#include <algorithm>
#include <utility>

#include "controlling/group_permissions.h"
#include "controlling/group_session.h"

// Conversation 6.2: what the document of a pre-defined group means for its session.
namespace convene::controlling {

// The newest document counts: who is new in it is a member, who is no longer is none, once out of
// the session.
void GroupSession::redefine(groups::GroupDocument document, std::vector<Member> members) {
  profile_.document = to_text(document);
  profile_.predefined = std::move(document);
  std::vector<Member> now;
  for (auto& one : members) {
    const auto* known = member(one.address);
    now.push_back(known ? *known : std::move(one));
  }
  for (auto& old : members_) {
    const bool stays = std::ranges::find(now, old.address, &Member::address) != now.end();
    if (stays) continue;
    if (legs_of(old.address) > 0) {
      now.push_back(std::move(old));
    } else {
      former_.push_back(std::move(old));
    }
  }
  members_ = std::move(now);
}

// R1.10a, R1.10b: who asks is the session, or the pre-defined group.
std::string GroupSession::asserted_identity() const {
  const auto& group = profile_.predefined;
  return "<" + (group ? sip::address_of_record(group->uri) : profile_.focus) + ">";
}

// R1.17: <allow-anonymity> of the document, or of the policy for an ad-hoc group.
bool GroupSession::allows_anonymity(const Turn& turn, std::string_view address) const {
  return profile_.predefined ? permissions_in(*profile_.predefined, address).anonymity
                             : turn.policy.group.allow_anonymity;
}

// <max-participant-count>: so many in the session at once, on their way among them.
bool GroupSession::has_room_for(std::string_view address) const {
  const auto& group = profile_.predefined;
  if (!group || !group->max_participants || legs_of(address) > 0) return true;
  const auto coming =
      std::ranges::count_if(members_, [this](const auto& one) { return legs_of(one.address) > 0; });
  return std::cmp_less(coming, *group->max_participants);
}

}  // namespace convene::controlling
