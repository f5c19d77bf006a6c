#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "base/time.h"
#include "controlling/policy.h"

namespace convene::controlling {

// How often members may have one and the same address invited: whoever declines is left in peace
// after a few times. Counts within a period that begins with the first; conversation 6.5.
class InvitationLimit {
 public:
  // True, and counted: it may be invited once more.
  bool take(const std::string& address, TimePoint now, const GroupPolicy& policy) {
    std::erase_if(counts_, [&](const auto& entry) {
      return now >= entry.second.since + policy.refer_period;
    });
    const bool is_full = counts_.size() >= policy.max_list_entries && !counts_.contains(address);
    if (is_full) return false;
    auto& count = counts_.try_emplace(address, Count{now, 0}).first->second;
    if (count.invitations >= policy.max_invitations_by_refer) return false;
    ++count.invitations;
    return true;
  }

 private:
  struct Count {
    TimePoint since;
    std::size_t invitations = 0;
  };
  std::map<std::string, Count, std::less<>> counts_;
};

}  // namespace convene::controlling
