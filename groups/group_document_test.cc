#include "groups/group_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::groups {
namespace {

using testing::ElementsAre;
using testing::Optional;
using testing::SizeIs;

// As OMA writes it, with the namespaces of its first release.
constexpr std::string_view hikers = R"(<?xml version="1.0" encoding="UTF-8"?>
<group xmlns="urn:oma:xml:poc:list-service" xmlns:rl="urn:ietf:params:xml:ns:resource-lists"
       xmlns:cr="urn:ietf:params:xml:ns:common-policy" xmlns:ocr="urn:oma:xml:xdm:common-policy">
  <list-service uri="sip:hikers@groups.example.com">
    <display-name xml:lang="en">Hikers</display-name>
    <list>
      <entry uri="sip:alice@example.com"><rl:display-name>Alice</rl:display-name></entry>
      <entry uri="tel:+15550102"/>
      <entry uri="sip:alice@example.com"/>
    </list>
    <subject>Trail Sunday</subject>
    <max-participant-count>10</max-participant-count>
    <invite-members>true</invite-members>
    <cr:ruleset>
      <cr:rule id="members">
        <cr:conditions><is-list-member/></cr:conditions>
        <cr:actions>
          <join-handling>allow</join-handling>
          <allow-initiate-conference>true</allow-initiate-conference>
          <allow-anonymity>false</allow-anonymity>
        </cr:actions>
      </cr:rule>
      <cr:rule id="guests">
        <cr:conditions>
          <cr:identity><cr:one id="sip:guest@example.com"/><cr:many domain="b.example"/></cr:identity>
        </cr:conditions>
        <cr:actions><join-handling>1</join-handling></cr:actions>
      </cr:rule>
    </cr:ruleset>
  </list-service>
</group>
)";

std::string list_service(std::string_view what) {
  return "<list-service uri='sip:g@h'>" + std::string{what} + "</list-service>";
}

// Conversation 6.2
TEST(GroupDocument, says_who_belongs_to_the_group_and_what_it_is_about) {
  const auto group = parse_group_document(hikers);
  ASSERT_TRUE(group) << group.error().detail;
  EXPECT_EQ(group->uri, "sip:hikers@groups.example.com");
  EXPECT_EQ(group->display_name, "Hikers");
  EXPECT_EQ(group->subject, "Trail Sunday");
  EXPECT_THAT(group->members, ElementsAre(GroupMember{"sip:alice@example.com", "Alice"},
                                          GroupMember{"tel:+15550102"}));
  EXPECT_THAT(group->max_participants, Optional(10U));
  EXPECT_TRUE(group->invites_members);
}

// RFC 4745 7, 8
TEST(GroupDocument, says_who_may_do_what) {
  const auto group = parse_group_document(hikers).value();
  ASSERT_THAT(group.rules, Optional(SizeIs(2)));
  const auto& members = group.rules->at(0);
  EXPECT_TRUE(members.conditions.is_list_member);
  EXPECT_EQ(members.actions.join, JoinHandling::allow);
  EXPECT_EQ(members.actions.initiate, true);
  EXPECT_EQ(members.actions.anonymity, false);
  const auto& guests = group.rules->at(1);
  EXPECT_THAT(guests.conditions.identities, ElementsAre("sip:guest@example.com"));
  EXPECT_THAT(guests.conditions.domains, ElementsAre("b.example"));
  EXPECT_EQ(guests.actions.join, JoinHandling::allow);
  EXPECT_EQ(guests.actions.initiate, std::nullopt);
}

TEST(GroupDocument, is_the_same_after_printing) {
  const auto group = parse_group_document(hikers).value();
  EXPECT_EQ(parse_group_document(to_text(group)), group);
  const GroupDocument bare{.uri = "sip:g@h"};
  EXPECT_EQ(parse_group_document(to_text(bare)), bare);
}

// RFC 4745 7: a rule with a condition that we cannot check is about nobody.
TEST(GroupDocument, remembers_that_a_rule_has_conditions_of_its_own) {
  const auto group = parse_group_document(list_service(
      "<ruleset><rule id='1'><conditions><sphere value='home'/></conditions></rule>"
      "<rule id='2'><conditions><identity><many domain='b'><except id='sip:m@b'/></many>"
      "</identity></conditions></rule></ruleset>"));
  ASSERT_TRUE(group);
  EXPECT_TRUE(group->rules->at(0).conditions.has_unknown);
  EXPECT_TRUE(group->rules->at(1).conditions.has_unknown);
}

TEST(GroupDocument, may_leave_out_everything_but_its_address) {
  const auto group = parse_group_document(list_service(""));
  EXPECT_EQ(group, (GroupDocument{.uri = "sip:g@h"}));
}

// G-32
TEST(GroupDocument, has_limits) {
  const std::string two = "<list><entry uri='sip:a@b'/><entry uri='sip:c@d'/></list>";
  EXPECT_TRUE(parse_group_document(list_service(two), {.members = 2}));
  EXPECT_EQ(parse_group_document(list_service(two), {.members = 1}).error().fault,
            Fault::too_large);
  const std::string rules = "<ruleset><rule id='1'/><rule id='2'/></ruleset>";
  EXPECT_EQ(parse_group_document(list_service(rules), {.rules = 1}).error().fault,
            Fault::too_large);
  const std::string identities =
      "<ruleset><rule><conditions><identity><one id='a'/><one id='b'/></identity></conditions>"
      "</rule></ruleset>";
  EXPECT_EQ(parse_group_document(list_service(identities), {.identities = 1}).error().fault,
            Fault::too_large);
}

// G-32
TEST(GroupDocument, is_refused_when_it_is_none) {
  EXPECT_FALSE(parse_group_document("<group/>"));
  EXPECT_FALSE(parse_group_document("<list-service/>"));
  EXPECT_FALSE(parse_group_document(list_service("<list><entry/></list>")));
  EXPECT_FALSE(parse_group_document("<resource-lists/>"));
  EXPECT_EQ(parse_group_document("<!DOCTYPE group><list-service uri='sip:g@h'/>").error().fault,
            Fault::unsupported);
}

}  // namespace
}  // namespace convene::groups
