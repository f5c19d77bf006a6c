#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/object.h"
#include "store/object_headers.h"

namespace convene::store {

inline constexpr std::string_view group_state_type = "application/group-state-object+xml";

enum class GroupType { open, closed };

// Who was in a long-lived group when it was last torn down, and how to come back. Of several, the
// one with the latest timestamp counts.
struct GroupState {
  struct Participant {
    std::string name = {};       // empty: none known
    std::string comm_addr = {};  // URI
    bool operator==(const Participant&) const = default;
  };
  std::string timestamp = {};              // RFC 3339
  std::string last_focus_session_id = {};  // the Group Session Identity
  GroupType type = GroupType::open;
  std::vector<Participant> participants = {};
  bool operator==(const GroupState&) const = default;
};

std::string to_text(const GroupState& state);
Result<GroupState> parse_group_state(std::string_view text);

Object make_group_state_object(const ObjectHeaders& headers, const GroupState& state);

}  // namespace convene::store
