#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_refer.h"

// CPM 9.2.7 (5), conversation 6.5: a REFER is acknowledged once what it changed is durable.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr const char* frank = "sip:frank@example.com";
constexpr const char* removing_bob = "sip:bob@example.com;method=BYE";

Policy durable(GroupPolicy group = {}) {
  return {.group = std::move(group), .state = {.is_durable = true}};
}

// With a subscription, without one, and with a list.
enum class Way { subscribes, silent, list };

struct DurableRefer : testing::TestWithParam<Way> {
  DurableRefer() {
    group.pass(1s);  // what joining left to be stored
    group.stores_wait = true;
  }
  void refer() {
    switch (GetParam()) {
      case Way::subscribes: return group.receive(refer_of(group, "alice", group.focus_uri, frank));
      case Way::silent:
        return group.receive(silent_refer_of(group, "alice", group.focus_uri, frank));
      case Way::list:
        return group.receive(multiple_refer_of(group, "alice", group.focus_uri, {frank}));
    }
  }
  bool knows_frank() {
    const auto members = group.focus.snapshot().groups.at(0).participants;
    return std::ranges::any_of(members, [](const auto& one) { return one.address == frank; });
  }
  Group group{durable()};
};

TEST_P(DurableRefer, waits_for_the_commit) {
  refer();
  EXPECT_FALSE(group.response("REFER"));
  EXPECT_FALSE(group.request("INVITE", frank));
  EXPECT_FALSE(group.request("NOTIFY", "sip:alice"));

  group.store(true);

  EXPECT_EQ(group.status("REFER"), 202);
  EXPECT_THAT(group.records.at(group.focus_uri).members, Contains(Field(&Member::address, frank)));
  EXPECT_TRUE(group.request("INVITE", frank));
  EXPECT_EQ(group.request("NOTIFY", "sip:alice").has_value(), GetParam() == Way::subscribes);
}

TEST_P(DurableRefer, that_cannot_be_stored_is_refused_and_has_not_happened) {
  refer();
  group.store(false);
  EXPECT_EQ(group.status("REFER"), 503);
  EXPECT_FALSE(knows_frank());
  EXPECT_FALSE(group.request("INVITE", frank));
  EXPECT_FALSE(group.request("NOTIFY", "sip:alice"));
}

TEST_P(DurableRefer, that_is_not_stored_in_time_is_refused) {
  refer();
  group.pass(2s);
  EXPECT_EQ(group.status("REFER"), 503);
  EXPECT_FALSE(knows_frank());
}

INSTANTIATE_TEST_SUITE_P(, DurableRefer, testing::Values(Way::subscribes, Way::silent, Way::list));

struct DurableReferral : testing::Test {
  DurableReferral() {
    group.pass(1s);
    group.stores_wait = true;
  }
  void refer(std::string_view uri) {
    group.receive(refer_of(group, "alice", group.focus_uri, uri));
  }
  bool is_in(std::string_view address) {
    const auto members = group.focus.snapshot().groups.at(0).participants;
    return std::ranges::any_of(
        members, [&](const auto& one) { return one.address == address && !one.legs.empty(); });
  }
  Group group{durable({.max_referrals = 2})};
};

// CPM 9.2.11
TEST_F(DurableReferral, that_removes_somebody_waits_for_the_commit) {
  refer(removing_bob);
  EXPECT_FALSE(group.response("REFER"));
  EXPECT_FALSE(group.request("BYE", "sip:bob"));
  EXPECT_FALSE(group.request("NOTIFY", "sip:alice"));
  group.store(true);
  EXPECT_EQ(group.status("REFER"), 202);
  EXPECT_TRUE(group.request("BYE", "sip:bob"));
  EXPECT_THAT(group.records.at(group.focus_uri).members,
              Not(Contains(Field(&Member::address, "sip:bob@example.com"))));
  EXPECT_THAT(group.request("NOTIFY", "sip:alice").value().body(), HasSubstr("100 Trying"));
  EXPECT_THAT(group.request("NOTIFY", "sip:alice").value().body(), HasSubstr("200 OK"));
}

// CPM 9.2.11: who cannot be removed for good is not removed.
TEST_F(DurableReferral, that_removes_somebody_and_cannot_be_stored_has_not_happened) {
  refer(removing_bob);
  group.store(false);
  EXPECT_EQ(group.status("REFER"), 503);
  EXPECT_FALSE(group.request("BYE", "sip:bob"));
  EXPECT_TRUE(is_in("sip:bob@example.com"));
}

TEST_F(DurableReferral, that_removes_somebody_and_is_not_stored_in_time_has_not_happened) {
  refer(removing_bob);
  group.pass(2s);
  EXPECT_EQ(group.status("REFER"), 503);
  EXPECT_FALSE(group.request("BYE", "sip:bob"));
  EXPECT_TRUE(is_in("sip:bob@example.com"));
  group.store(true);  // late; what is kept next says that he is there
  group.store(true);
  EXPECT_THAT(group.records.at(group.focus_uri).members,
              Contains(Field(&Member::address, "sip:bob@example.com")));
}

// Two want the same: both are told so, and he is removed once.
TEST_F(DurableReferral, that_removes_somebody_may_be_said_twice) {
  refer(removing_bob);
  refer(removing_bob);
  group.store(true);
  EXPECT_EQ(group.status("REFER"), 202);
  EXPECT_EQ(group.status("REFER"), 202);
  EXPECT_TRUE(group.request("BYE", "sip:bob"));
  EXPECT_FALSE(group.request("BYE", "sip:bob"));
  EXPECT_FALSE(is_in("sip:bob@example.com"));
}

// The last word counts, also while the first is on its way to the disk.
TEST_F(DurableReferral, that_removes_somebody_may_be_taken_back) {
  refer(removing_bob);
  refer("sip:bob@example.com");
  group.store(true);
  group.store(true);
  EXPECT_EQ(group.status("REFER"), 202);
  EXPECT_EQ(group.status("REFER"), 202);
  EXPECT_FALSE(group.request("BYE", "sip:bob"));
  EXPECT_TRUE(is_in("sip:bob@example.com"));
  EXPECT_THAT(group.records.at(group.focus_uri).members,
              Contains(Field(&Member::address, "sip:bob@example.com")));
}

// Who leaves meanwhile has left.
TEST_F(DurableReferral, that_removes_somebody_who_leaves_meanwhile_is_done) {
  refer(removing_bob);
  group.leave("bob");
  group.store(true);
  group.store(true);
  EXPECT_EQ(group.status("REFER"), 202);
  EXPECT_FALSE(is_in("sip:bob@example.com"));
}

// Conversation 17: those that wait count, too.
TEST_F(DurableReferral, is_bounded_while_it_waits) {
  refer("sip:frank@example.com");
  refer("sip:gina@example.com");
  refer("sip:hugo@example.com");
  EXPECT_EQ(group.status("REFER"), 503);
  group.store(true);
  group.store(true);
  EXPECT_EQ(group.status("REFER"), 202);
  EXPECT_EQ(group.status("REFER"), 202);
}

// What it changed is kept, and is acknowledged; but nobody is invited to what has ended.
TEST_F(DurableReferral, invites_nobody_to_a_session_that_has_ended_meanwhile) {
  refer(frank);
  for (const auto* name : {"alice", "bob", "carol", "dave", "erin"}) group.receive(group.bye(name));
  group.store(true);
  group.store(true);
  EXPECT_EQ(group.status("REFER"), 202);
  EXPECT_FALSE(group.request("INVITE", frank));
  EXPECT_THAT(group.request("NOTIFY", "sip:alice").value().body(), HasSubstr("100 Trying"));
  EXPECT_THAT(group.request("NOTIFY", "sip:alice").value().body(), HasSubstr("487"));
}

}  // namespace
}  // namespace convene::controlling
