#include "controlling/group_permissions.h"

#include <gtest/gtest.h>

namespace convene::controlling {
namespace {

using groups::Actions;
using groups::Conditions;
using groups::GroupDocument;
using groups::JoinHandling;
using groups::Rule;

constexpr std::string_view a_member = "sip:alice@example.com";
constexpr std::string_view a_stranger = "sip:mallory@elsewhere.example";

GroupDocument group(std::optional<std::vector<Rule>> rules) {
  return {.uri = "sip:hikers@groups.example.com",
          .members = {{.uri = "SIP:alice@EXAMPLE.com"}},
          .rules = std::move(rules)};
}

Rule rule(Conditions conditions, Actions actions = {.join = JoinHandling::allow}) {
  return {.id = "1", .conditions = std::move(conditions), .actions = actions};
}

bool may_join(const GroupDocument& document, std::string_view who) {
  return permissions_in(document, who).join;
}

// Conversation 6.2
TEST(GroupPermissions, without_rules_are_those_of_the_members) {
  EXPECT_EQ(permissions_in(group({}), a_member),
            (Permissions{.is_member = true, .join = true, .initiate = true}));
  EXPECT_EQ(permissions_in(group({}), a_stranger), Permissions{});
}

// RFC 4745 10
TEST(GroupPermissions, are_the_union_of_all_rules_about_somebody) {
  const auto document =
      group({{rule({.is_list_member = true}), rule({}, {.initiate = true, .anonymity = true}),
              rule({.is_list_member = true}, {.join = JoinHandling::block})}});
  EXPECT_EQ(permissions_in(document, a_member),
            (Permissions{.is_member = true, .join = true, .initiate = true, .anonymity = true}));
  EXPECT_FALSE(may_join(document, a_stranger));
}

// RFC 4745 7.1
TEST(GroupPermissions, may_be_given_to_identities_and_domains) {
  EXPECT_TRUE(may_join(
      group({{rule({.has_identity = true, .identities = {"sip:mallory@elsewhere.example"}})}}),
      a_stranger));
  const auto domain = group({{rule({.has_identity = true, .domains = {"elsewhere.example"}})}});
  EXPECT_TRUE(may_join(domain, a_stranger));
  EXPECT_FALSE(may_join(domain, a_member));
}

// RFC 4745 7: every condition must hold, and one that is not understood never does.
TEST(GroupPermissions, need_every_condition_of_a_rule) {
  EXPECT_FALSE(may_join(
      group({{rule(
          {.is_list_member = true, .has_identity = true, .identities = {"sip:bob@example.com"}})}}),
      a_member));
  EXPECT_FALSE(may_join(group({{rule({.has_unknown = true})}}), a_member));
}

TEST(GroupPermissions, of_others_are_of_whom_no_other_rule_is_about) {
  const auto document =
      group({{rule({.is_list_member = true}, {.initiate = true}), rule({.is_other = true})}});
  EXPECT_FALSE(may_join(document, a_member));
  EXPECT_TRUE(may_join(document, a_stranger));
}

TEST(GroupPermissions, that_somebody_would_have_to_confirm_are_none) {
  EXPECT_FALSE(may_join(group({{rule({}, {.join = JoinHandling::confirm})}}), a_member));
}

}  // namespace
}  // namespace convene::controlling
