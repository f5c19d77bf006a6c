#include "controlling/group_permissions.h"

#include <algorithm>

#include "cpm/policy_conditions.h"
#include "sip/uri.h"

namespace convene::controlling {

namespace {

bool is_in_list(const groups::GroupDocument& document, std::string_view address) {
  return std::ranges::any_of(document.members, [address](const auto& member) {
    return sip::address_of_record(member.uri) == address;
  });
}

// RFC 4745 7: every condition of the rule holds. Of <other-identity/> the caller knows.
bool is_about(const groups::Conditions& conditions, std::string_view address, bool is_member) {
  if (conditions.has_unknown) return false;
  if (conditions.is_list_member && !is_member) return false;
  return !conditions.has_identity || cpm::is_named(conditions, address);
}

// RFC 4745 10.1: what one rule grants no other takes away.
void add(Permissions& permissions, const groups::Actions& actions) {
  permissions.join |= actions.join == groups::JoinHandling::allow;
  permissions.initiate |= actions.initiate.value_or(false);
  permissions.anonymity |= actions.anonymity.value_or(false);
  permissions.invite_others |= actions.invite_others.value_or(false);
}

}  // namespace

Permissions permissions_in(const groups::GroupDocument& document, std::string_view address) {
  Permissions permissions{.is_member = is_in_list(document, address)};
  if (!document.rules) {
    permissions.join = permissions.initiate = permissions.is_member;
    return permissions;
  }
  bool is_other = true;  // no rule but those about others is about this one
  for (const auto& rule : *document.rules) {
    if (rule.conditions.is_other || !is_about(rule.conditions, address, permissions.is_member)) {
      continue;
    }
    is_other = false;
    add(permissions, rule.actions);
  }
  for (const auto& rule : *document.rules) {
    const bool applies = is_other && rule.conditions.is_other &&
                         is_about(rule.conditions, address, permissions.is_member);
    if (applies) add(permissions, rule.actions);
  }
  return permissions;
}

}  // namespace convene::controlling
