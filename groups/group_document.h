#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "groups/common_policy.h"

// The document of a pre-defined group: who belongs to it, what it is about, and who may do what
// there. OMA Shared Group XDM: <list-service>, with the rules of RFC 4745 (common policy).
namespace convene::groups {

inline constexpr std::string_view group_content_type = "application/vnd.oma.poc.groups+xml";

// <join-handling>, the weakest first.
enum class JoinHandling { block, confirm, allow };
std::string_view name_of(JoinHandling handling);

// What a rule grants. Nothing: it does not say.
struct Actions {
  std::optional<JoinHandling> join = {};      // <join-handling>
  std::optional<bool> initiate = {};          // <allow-initiate-conference>
  std::optional<bool> anonymity = {};         // <allow-anonymity>
  std::optional<bool> invite_others = {};     // <allow-invite-users-dynamically>
  std::optional<bool> conference_state = {};  // <allow-conference-state>
  bool operator==(const Actions&) const = default;
};

struct Rule {
  std::string id = {};
  Conditions conditions = {};
  Actions actions = {};
  bool operator==(const Rule&) const = default;
};

struct GroupMember {
  std::string uri;  // as written
  std::string display_name = {};
  bool operator==(const GroupMember&) const = default;
};

struct GroupDocument {
  std::string uri;  // the pre-defined group's address
  std::string display_name = {};
  std::string subject = {};                            // empty: none
  std::vector<GroupMember> members = {};               // <list>: each URI text once
  std::optional<std::uint32_t> max_participants = {};  // <max-participant-count>
  bool invites_members = true;                         // <invite-members>; false: they only join
  std::optional<std::vector<Rule>> rules = {};         // nothing: no <ruleset>
  bool operator==(const GroupDocument&) const = default;
};

struct GroupDocumentLimits {
  std::size_t members = 1'000;
  std::size_t rules = 100;
  std::size_t identities = 1'000;  // of one rule
};

// Names are looked up by their local part: the namespaces of OMA's releases differ.
// Fault::malformed when it is no group, or has no uri; Fault::too_large over a limit;
// Fault::unsupported for DOCTYPE and other encodings. What is not known is ignored, but an unknown
// condition. RFC 4745 7
Result<GroupDocument> parse_group_document(std::string_view text,
                                           const GroupDocumentLimits& limits = {});
std::string to_text(const GroupDocument& document);

}  // namespace convene::groups
