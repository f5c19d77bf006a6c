#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "groups/common_policy.h"

// What users want of their Participating Function: a document for each, with the rules of RFC 4745
// (common policy) and the actions of CPM's user preferences. Who has none gets the defaults.
//
//   <user-preferences uri="sip:alice@example.com">
//     <ruleset xmlns="urn:ietf:params:xml:ns:common-policy">
//       <rule id="friends">
//         <conditions><identity><many domain="example.com"/></identity></conditions>
//         <actions>
//           <allow-offline-storage>true</allow-offline-storage>
//           <delivery>defer</delivery>
//         </actions>
//       </rule>
//     </ruleset>
//   </user-preferences>
//
// The conditions are about the other party; no <identity>: about everybody, groups, too.
namespace convene::participating {

// What becomes of a message for a user whom nobody can reach. The weakest first.
enum class Delivery { refuse, defer };
std::string_view name_of(Delivery delivery);

// What a rule says. Nothing: it does not.
struct PreferenceActions {
  std::optional<bool> offline_storage = {};  // <allow-offline-storage>. R5.0
  std::optional<Delivery> delivery = {};     // <delivery>: ours, CPM names none
  bool operator==(const PreferenceActions&) const = default;
};

struct PreferenceRule {
  std::string id = {};
  groups::Conditions conditions = {};
  PreferenceActions actions = {};
  bool operator==(const PreferenceRule&) const = default;
};

struct UserPreferences {
  std::string uri = {};  // the user's, as written
  std::vector<PreferenceRule> rules = {};
  bool operator==(const UserPreferences&) const = default;
};

struct PreferenceLimits {
  std::size_t rules = 100;
  std::size_t identities = 1'000;  // of one rule
};

// Names are looked up by their local part. Fault::malformed when it is no such document, or has no
// uri; Fault::too_large over a limit; Fault::unsupported for DOCTYPE and other encodings. What is
// not known is ignored, but an unknown condition. RFC 4745 7
Result<UserPreferences> parse_user_preferences(std::string_view text,
                                               const PreferenceLimits& limits = {});
std::string to_text(const UserPreferences& preferences);

// For whom no rule says anything.
struct PreferenceDefaults {
  bool offline_storage = false;
  Delivery delivery = Delivery::defer;
};

// Those of all users.
class Preferences {
 public:
  explicit Preferences(PreferenceDefaults defaults = {}) : defaults_{defaults} {}

  // Instead of those that were loaded before. Of two documents of one user the later counts.
  void load(std::vector<UserPreferences> documents);

  // `user` and `other_party` are addresses of record; no other party: only rules about everybody.
  bool keeps_history(std::string_view user, std::string_view other_party = {}) const;
  Delivery delivery(std::string_view user, std::string_view other_party = {}) const;

  std::size_t users() const { return users_.size(); }

 private:
  PreferenceActions actions_for(std::string_view user, std::string_view other_party) const;

  PreferenceDefaults defaults_;
  std::map<std::string, UserPreferences, std::less<>> users_;  // by address of record
};

}  // namespace convene::participating
