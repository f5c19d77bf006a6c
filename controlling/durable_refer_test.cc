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
  Group group{durable({.max_referrals = 2})};
};

// CPM 9.2.11
TEST_F(DurableReferral, that_removes_somebody_waits_for_the_commit) {
  refer("sip:bob@example.com;method=BYE");
  EXPECT_FALSE(group.response("REFER"));
  group.store(true);
  EXPECT_EQ(group.status("REFER"), 202);
  EXPECT_THAT(group.records.at(group.focus_uri).members,
              Not(Contains(Field(&Member::address, "sip:bob@example.com"))));
  EXPECT_THAT(group.request("NOTIFY", "sip:alice").value().body(), HasSubstr("100 Trying"));
  EXPECT_THAT(group.request("NOTIFY", "sip:alice").value().body(), HasSubstr("200 OK"));
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
