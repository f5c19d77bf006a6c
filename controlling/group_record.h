#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "controlling/identifiers.h"
#include "controlling/member.h"
#include "controlling/policy.h"
#include "cpm/ids.h"

namespace convene::controlling {

// What is kept of a group that lives long: everything that a restart of the server must not lose.
// CPM 9.2.7 (5), R6.8. Of a member's standing only how it left; nobody is in a session after a
// restart.
struct GroupRecord {
  std::string focus;  // the key: the CPM Group Session Identity
  GroupType type = GroupType::open;
  cpm::Ids ids = {};  // Conversation-ID and Contribution-ID
  std::string subject = {};
  std::string document = {};     // the group document of a pre-defined group; empty: none
  std::uint64_t pseudonyms = 0;  // given so far, so that none is given twice (G-36)
  bool is_dissolved = false;     // nobody can come back
  WallTime created = {};
  std::optional<WallTime> released = {};  // nothing: it has a session
  std::vector<Member> members = {};       // in the order of the list
  std::vector<Member> former = {};        // who left
  bool operator==(const GroupRecord&) const = default;
};

// Names what is to be stored until its answer comes.
struct StoreId {
  GroupId group;
  std::uint64_t revision = 0;  // of this group's record, from 1 on
  auto operator<=>(const StoreId&) const = default;
};

// For the durable state, in order. A record takes the place of the one with its focus, and is
// answered by stored(); of what is forgotten nobody waits for an answer.
struct StoreGroup {
  StoreId id;
  GroupRecord record;
};
struct ForgetGroup {
  std::string focus;
};
using Store = std::variant<StoreGroup, ForgetGroup>;

}  // namespace convene::controlling
