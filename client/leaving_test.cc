#include "client/test_client.h"

namespace convene::client {
namespace {

using testing::IsEmpty;

struct LeavingTest : ClientTest {
  void SetUp() override {
    be_alice();
    group = alice_in_group();
    out = {};
  }
  // BYE from the focus.
  EndReason hung_up_with(std::string_view reason) {
    auto bye = request_back(invite, "BYE", 1);
    if (!reason.empty()) bye.add(Name::reason, reason);
    receive(std::move(bye));
    answered(200);
    const auto ended = event<Ended>();
    return ended ? ended->reason : EndReason::left;
  }

  GroupId group;
};

// CPM 7.3.5, R6.4; flow F5.1
TEST_F(LeavingTest, says_that_the_call_is_completed) {
  ASSERT_TRUE(client->leave(group, now, out));
  EXPECT_EQ(essence(sent()), essence(flow("037-f5-1-alice-bye-chat-dialog-leave.txt")));
  EXPECT_EQ(event<Ended>()->reason, EndReason::left);
}

// Conversation 6.7
TEST_F(LeavingTest, gives_no_reason_when_it_only_disconnects) {
  ASSERT_TRUE(client->disconnect(group, now, out));
  EXPECT_FALSE(sent("BYE").has(Name::reason));
  EXPECT_EQ(event<Ended>()->reason, EndReason::disconnected);
}

TEST_F(LeavingTest, tells_why_the_focus_hung_up) { EXPECT_EQ(hung_up_with(""), EndReason::closed); }
TEST_F(LeavingTest, tells_that_the_group_is_gone) {
  EXPECT_EQ(hung_up_with("SIP;cause=410;text=\"Gone\""), EndReason::gone);
}
TEST_F(LeavingTest, tells_that_it_was_removed) {
  EXPECT_EQ(hung_up_with("SIP;cause=403;text=\"Anonymity not allowed\""), EndReason::removed);
}

TEST_F(LeavingTest, does_nothing_twice) {
  ASSERT_TRUE(client->leave(group, now, out));
  out = {};
  EXPECT_FALSE(client->leave(group, now, out));
  EXPECT_TRUE(is_silent());
  EXPECT_THAT(events(), IsEmpty());
}

TEST_F(LeavingTest, remembers_so_many_ended_sessions) {
  auto settings = alice();
  settings.max_ended_sessions = 1;
  be(settings, "198.51.100.11");
  const auto first = alice_in_group();
  ASSERT_TRUE(client->leave(first, now, out));
  out = {};
  const auto second = alice_in_group();
  ASSERT_TRUE(client->leave(second, now, out));
  EXPECT_FALSE(client->session(first));
  EXPECT_TRUE(client->session(second));
}

}  // namespace
}  // namespace convene::client
