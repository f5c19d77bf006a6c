#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_stage.h"

// CPM 9.2.7, conversation 6.7 and 6.8.
namespace convene::controlling {
namespace {

using sip::Name;

struct SessionLeaving : testing::Test {
  std::vector<std::string> members() {
    std::vector<std::string> names;
    const auto snapshot = group.focus.snapshot();
    for (const auto& one : snapshot.groups.at(0).participants) {
      names.push_back(one.address);
    }
    return names;
  }
  Group group;
};

// CPM 9.2.7 (1), (2), R6.4, R6.5: F5.1, F5.2
TEST_F(SessionLeaving, is_answered_and_releases_the_leg_s_media) {
  group.leave("alice");
  EXPECT_EQ(group.status("BYE"), 200);
  EXPECT_FALSE(group.is_open("alice"));
  EXPECT_THAT(members(), testing::Not(testing::Contains("sip:alice@example.com")));
}

// CPM 9.2.7 (3), R6.6
TEST_F(SessionLeaving, ends_the_leaver_s_subscription) {
  group.receive(group.fresh("f1-12", group.focus_uri));
  EXPECT_EQ(group.status("SUBSCRIBE"), 200);
  EXPECT_TRUE(group.request("NOTIFY"));
  group.leave("bob");
  EXPECT_EQ(group.request("NOTIFY").value().header(Name::subscription_state),
            "terminated;reason=noresource");
  EXPECT_EQ(group.focus.snapshot().groups.at(0).subscriptions, 0U);
}

// A15, G-26, R6.8: any other BYE is a disconnection.
TEST_F(SessionLeaving, without_its_reason_is_a_disconnection) {
  group.receive(group.bye("bob"));
  EXPECT_EQ(group.status("BYE"), 200);
  EXPECT_THAT(members(), testing::Contains("sip:bob@example.com"));
}

// CPM 9.2.7 (4), R6.7: two leave of five; the last two stay together, one alone does not.
TEST_F(SessionLeaving, dissolves_the_group_when_one_member_is_left) {
  for (const auto* name : {"alice", "bob", "carol"}) group.leave(name);
  EXPECT_TRUE(group.focus.snapshot().groups.at(0).is_active);
  group.sent.clear();

  group.leave("dave");

  const auto bye = group.request("BYE", "sip:erin").value();
  EXPECT_EQ(bye.header(Name::reason), "SIP;cause=410;text=\"Gone\"");
  group.answer(bye, 200);
  group.receive(group.fresh("f7-1", group.focus_uri));
  EXPECT_EQ(group.status("INVITE"), 404);
}

// Conversation 6.7: who remains hears of the end from the BYE, not from a lost connection.
TEST_F(SessionLeaving, closes_the_media_of_who_remains_after_its_bye) {
  for (const auto* name : {"alice", "bob", "carol", "dave"}) group.leave(name);
  const auto bye = group.request("BYE", "sip:erin").value();
  EXPECT_TRUE(group.is_open("erin"));

  group.answer(bye, 200);

  EXPECT_FALSE(group.is_open("erin"));
  EXPECT_EQ(group.focus.snapshot().msrp_sessions, 0U);
}

// RFC 3261 17.1.2.2: timer F.
TEST_F(SessionLeaving, closes_the_media_of_who_does_not_answer_its_bye) {
  for (const auto* name : {"alice", "bob", "carol", "dave"}) group.leave(name);
  group.pass(31s);
  EXPECT_TRUE(group.is_open("erin"));
  group.pass(2s);
  EXPECT_FALSE(group.is_open("erin"));
  EXPECT_EQ(group.focus.snapshot().pending, 0U);
}

// CPM 9.2.7 (4), (5), R6.7, R6.8
TEST_F(SessionLeaving, releases_the_session_when_nobody_is_in_it_and_keeps_its_state) {
  for (const auto* name : {"alice", "bob", "carol", "dave", "erin"}) {
    group.receive(group.bye(name));
  }
  EXPECT_FALSE(group.focus.snapshot().groups.at(0).is_active);
  EXPECT_EQ(members().size(), 5U);

  group.pass(std::chrono::hours{24 * 31});
  EXPECT_TRUE(group.focus.snapshot().groups.empty());
  EXPECT_EQ(group.focus.snapshot().dialogs, 0U);
  EXPECT_EQ(group.focus.snapshot().pending, 0U);
}

// Conversation 6.8
TEST_F(SessionLeaving, may_end_the_session_when_it_is_the_creator_s) {
  Group short_lived{{.group = {.release_when_creator_leaves = true, .long_lived = false}}};
  short_lived.leave("alice");
  for (const auto* name : {"bob", "carol", "dave", "erin"}) {
    EXPECT_TRUE(short_lived.request("BYE", "sip:" + std::string{name})) << name;
  }
}

// Conversation 6.8, G-25: no Reason, so that clients may rejoin.
TEST_F(SessionLeaving, is_forced_on_all_after_a_long_silence) {
  group.pass(std::chrono::hours{2} + 1s);
  const auto bye = group.request("BYE", "sip:bob").value();
  EXPECT_FALSE(bye.has(Name::reason));
  EXPECT_FALSE(group.focus.snapshot().groups.at(0).is_active);
}

// G-26
TEST_F(SessionLeaving, is_a_disconnection_when_media_do_not_come_back) {
  group.cut("bob");
  group.pass(29s);
  EXPECT_FALSE(group.request("BYE", "sip:bob"));
  group.pass(2s);
  EXPECT_TRUE(group.request("BYE", "sip:bob"));
  EXPECT_THAT(members(), testing::Contains("sip:bob@example.com"));
}

}  // namespace
}  // namespace convene::controlling
