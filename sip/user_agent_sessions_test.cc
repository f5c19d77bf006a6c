#include "sip/fields.h"
#include "sip/test_user_agents.h"

namespace convene::sip {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Why = DialogEnded::Why;

// RFC 4028
struct UserAgentSessionTimerTest : UserAgentTest {
  std::pair<DialogId, DialogId> call_with(std::string_view session_expires) {
    bob.answers["INVITE"] = 200;
    auto invite = request_to("INVITE", alice, bob);
    invite.add(Name::session_expires, session_expires);
    if (!allow.empty()) invite.add(Name::allow, allow);
    request(std::move(invite));
    network.run(1s);
    return {*alice.told<ResponseReceived>().back().dialog, bob.accepted.back()};
  }
  std::string allow;
};

// RFC 4028 7.4, 10: UPDATE at half the interval, again and again.
TEST_F(UserAgentSessionTimerTest, keeps_a_session_alive_as_caller) {
  const auto [hers, his] = call_with("1800;refresher=uac");
  network.run(3h);
  EXPECT_EQ(sent(alice, "UPDATE"), 12);
  EXPECT_EQ(sent(bob, "UPDATE"), 0);
  EXPECT_THAT(alice.told<DialogEnded>(), IsEmpty());
  EXPECT_THAT(bob.told<DialogEnded>(), IsEmpty());
  EXPECT_THAT(alice.finals(), ElementsAre(200));
  bye(alice, hers);
  expect_nothing_left();
}

// R1.6
TEST_F(UserAgentSessionTimerTest, keeps_a_session_alive_as_callee) {
  call_with("1800;refresher=uas");
  network.run(3h);
  EXPECT_EQ(sent(alice, "UPDATE"), 0);
  EXPECT_EQ(sent(bob, "UPDATE"), 12);
  EXPECT_EQ(alice.agent.dialogs(), 1U);
}

// RFC 4028 7.4: a peer without UPDATE gets a re-INVITE with the offer as it was.
TEST_F(UserAgentSessionTimerTest, refreshes_by_invite_when_the_peer_has_no_update) {
  allow = "INVITE, ACK, BYE, CANCEL";
  bob.session_body = "v=0\r\no=- 7 7\r\n";
  alice.answers["INVITE"] = 200;
  call_with("1800;refresher=uas");
  network.run(901s);
  EXPECT_EQ(sent(bob, "INVITE"), 1);
  ASSERT_THAT(alice.told<RequestReceived>(), SizeIs(1));
  EXPECT_EQ(alice.told<RequestReceived>()[0].request.body(), "v=0\r\no=- 7 7\r\n");
  EXPECT_EQ(bob.agent.dialogs(), 1U);
}

// RFC 5366 5.1: the recipient list of the first INVITE is not said again.
TEST_F(UserAgentSessionTimerTest, refreshes_with_the_session_description_alone) {
  auto settings = network.settings("192.0.2.3");
  settings.allow = "INVITE, ACK, BYE, CANCEL";
  auto& carol = network.add(std::move(settings));
  carol.answers["INVITE"] = 200;
  auto invite = request_to("INVITE", alice, carol);
  invite.add(Name::session_expires, "1800;refresher=uac");
  invite.set_body("multipart/mixed;boundary=b1",
                  "--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\no=- 1 1\r\n\r\n"
                  "--b1\r\nContent-Type: application/resource-lists+xml\r\n\r\n<list/>\r\n"
                  "--b1--\r\n");
  request(std::move(invite));
  network.run(901s);

  ASSERT_THAT(carol.told<RequestReceived>(), SizeIs(2));
  const auto refresh = carol.told<RequestReceived>()[1].request;
  EXPECT_EQ(refresh.header(Name::content_type), "application/sdp");
  EXPECT_EQ(refresh.body(), "v=0\r\no=- 1 1\r\n");
}

// RFC 4028 10: the other side finds out shortly before the end.
TEST_F(UserAgentSessionTimerTest, ends_a_session_whose_refresher_is_gone) {
  call_with("1800;refresher=uac");
  network.weather.loss_percent = 100;
  const auto began = network.now;
  network.run(1769s);
  ASSERT_THAT(bob.told<DialogEnded>(), SizeIs(1));
  EXPECT_EQ(bob.told<DialogEnded>()[0].why, Why::session_expired);
  EXPECT_EQ(sent(bob, "BYE") > 0, true);
  // RFC 4028 10: for the refresher, the refresh that nobody answers is the end.
  ASSERT_THAT(alice.told<DialogEnded>(), SizeIs(1));
  EXPECT_EQ(alice.told<DialogEnded>()[0].why, Why::refused);
  EXPECT_EQ(network.now - began, 1769s);
  expect_nothing_left();
}

TEST_F(UserAgentSessionTimerTest, has_no_timer_when_the_peer_wants_none) {
  bob.answers["INVITE"] = 200;
  request("INVITE");
  network.run(1s);
  EXPECT_EQ(sent(bob, "200"), 1);
  EXPECT_FALSE(alice.told<ResponseReceived>()[0].response.has(Name::session_expires));
  network.run(24h);
  EXPECT_EQ(alice.agent.dialogs(), 1U);
  EXPECT_EQ(alice.agent.deadline(), Deadline{});
}

// RFC 4028 7.4: a re-INVITE of the user keeps the timer running, with the roles as they are.
TEST_F(UserAgentSessionTimerTest, names_the_timer_in_every_invite_of_the_session) {
  const auto [hers, his] = call_with("1800;refresher=uas");
  alice.answers["INVITE"] = 200;
  auto again = Message::request("INVITE", {});
  again.set_body("application/sdp", "v=0\r\no=- 8 8\r\n");
  request_in(bob, his, std::move(again));
  network.run(1s);
  EXPECT_EQ(alice.told<RequestReceived>()[0].request.header(Name::session_expires),
            "1800;refresher=uac");
  network.run(901s);
  EXPECT_EQ(sent(bob, "UPDATE"), 1);
}

// What the network may do to a call; every seed has to end well.
struct UserAgentWeatherTest : UserAgentTest, testing::WithParamInterface<int> {
  UserAgentWeatherTest() {
    network.random = SeededRandom{static_cast<std::uint64_t>(GetParam())};
    network.weather = {.loss_percent = 20,
                       .duplication_percent = 10,
                       .shortest_delay = 5ms,
                       .longest_delay = 400ms};
  }
};

TEST_P(UserAgentWeatherTest, a_call_is_made_and_ended_all_the_same) {
  bob.answers["INVITE"] = 200;
  bob.answers["INFO"] = 200;
  request("INVITE");
  network.run(40s);
  ASSERT_THAT(alice.finals(), ElementsAre(200));
  ASSERT_THAT(bob.accepted, SizeIs(1));
  EXPECT_THAT(bob.told<Acknowledged>(), SizeIs(1));

  const auto hers = *alice.told<ResponseReceived>().back().dialog;
  request_in(alice, hers, Message::request("INFO", {}));
  network.run(40s);
  EXPECT_THAT(alice.finals(), ElementsAre(200, 200));

  bye(alice, hers);
  network.run(80s);
  ASSERT_THAT(bob.told<DialogEnded>(), SizeIs(1));
  EXPECT_EQ(bob.told<DialogEnded>()[0].why, Why::bye);
  expect_nothing_left();
}

TEST_P(UserAgentWeatherTest, a_refused_call_leaves_nothing) {
  bob.answers["INVITE"] = 486;
  request("INVITE");
  network.run(80s);
  EXPECT_THAT(alice.finals(), ElementsAre(486));
  expect_nothing_left();
}

TEST_P(UserAgentWeatherTest, a_cancelled_call_leaves_nothing) {
  const auto id = request("INVITE");
  network.run(2s);
  cancel(id);
  network.run(200s);
  ASSERT_THAT(alice.finals(), SizeIs(1));
  EXPECT_THAT(alice.finals()[0], testing::AnyOf(487, 408));
  network.run(200s);
  expect_nothing_left();
}

TEST_P(UserAgentWeatherTest, crossing_invites_and_byes_leave_nothing) {
  const auto [hers, his] = [&] {
    bob.answers["INVITE"] = 200;
    request("INVITE");
    network.run(40s);
    return std::pair{*alice.told<ResponseReceived>().back().dialog, bob.accepted.back()};
  }();
  alice.answers["INVITE"] = 200;
  auto offer = Message::request("INVITE", {});
  offer.set_body("application/sdp", "v=0\r\n");
  request_in(alice, hers, offer);
  request_in(bob, his, offer);
  network.run(100s);
  EXPECT_THAT(alice.finals(), SizeIs(2));
  EXPECT_THAT(bob.finals(), SizeIs(1));
  bye(bob, his);
  bye(alice, hers);
  network.run(80s);
  expect_nothing_left();
}

INSTANTIATE_TEST_SUITE_P(Seeds, UserAgentWeatherTest, testing::Range(1, 9));

}  // namespace
}  // namespace convene::sip
