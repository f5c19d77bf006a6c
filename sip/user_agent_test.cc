#include "sip/user_agent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sip/test_user_agents.h"

namespace convene::sip {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Why = DialogEnded::Why;

TEST_F(UserAgentTest, asks_and_is_answered_outside_a_dialog) {
  bob.answers["MESSAGE"] = 202;

  const auto id = request("MESSAGE");
  network.run(1s);

  const auto responses = alice.told<ResponseReceived>();
  ASSERT_THAT(responses, SizeIs(1));
  EXPECT_EQ(responses[0].request, id);
  EXPECT_EQ(responses[0].response.status(), 202);
  EXPECT_EQ(responses[0].dialog, std::nullopt);
  expect_nothing_left();
}

// RFC 3261 13: INVITE, 200, ACK; 15: BYE.
TEST_F(UserAgentTest, makes_a_session_and_ends_it) {
  const auto [hers, his] = call();
  EXPECT_THAT(bob.told<Acknowledged>(), SizeIs(1));
  EXPECT_EQ(alice.agent.dialog(hers)->remote_tag, bob.agent.dialog(his)->local_tag);

  bye(alice, hers);
  network.run(1s);

  const auto ended = bob.told<DialogEnded>();
  ASSERT_THAT(ended, SizeIs(1));
  EXPECT_EQ(ended[0].dialog, his);
  EXPECT_EQ(ended[0].why, Why::bye);
  EXPECT_EQ(ended[0].bye->header(Name::reason), "SIP;cause=200;text=\"Call completed\"");
  EXPECT_THAT(alice.told<DialogEnded>(), IsEmpty());
  expect_nothing_left();
}

TEST_F(UserAgentTest, carries_requests_both_ways_inside_a_dialog) {
  const auto [hers, his] = call();
  alice.answers["INFO"] = 200;
  bob.answers["INFO"] = 200;

  request_in(alice, hers, Message::request("INFO", {}));
  request_in(bob, his, Message::request("INFO", {}));
  network.run(1s);

  EXPECT_EQ(bob.told<RequestReceived>().back().dialog, his);
  EXPECT_EQ(alice.told<RequestReceived>().back().dialog, hers);
  EXPECT_THAT(alice.finals(), ElementsAre(200, 200));
  EXPECT_THAT(bob.finals(), ElementsAre(200));
}

TEST_F(UserAgentTest, knows_no_request_in_a_forgotten_dialog) {
  const auto [hers, his] = call();
  alice.agent.forget(hers);

  UserAgentOutput out;
  const auto refused = alice.agent.request_in(hers, Message::request("INFO", {}), network.now, out);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::not_found);
}

}  // namespace
}  // namespace convene::sip
