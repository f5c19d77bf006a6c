#include "sip/digest.h"
#include "sip/fields.h"
#include "sip/test_user_agents.h"

namespace convene::sip {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

// RFC 3261 22, RFC 7616, RFC 8760.
struct UserAgentDigestTest : UserAgentTest {
  UserAgentDigestTest() { alice.agent.set_credentials({"alice", "secret"}); }

  static std::string challenge(DigestAlgorithm algorithm, bool is_stale = false) {
    return to_text(Challenge{.realm = "example.com",
                             .nonce = is_stale ? "n2" : "n1",
                             .opaque = "",
                             .algorithm = algorithm,
                             .is_stale = is_stale,
                             .wants_qop = true});
  }
  Message last_heard() const { return bob.told<RequestReceived>().back().request; }
};

TEST_F(UserAgentDigestTest, repeats_a_request_with_credentials_under_the_same_id) {
  const auto id = request("MESSAGE");
  network.run(1s);
  respond(bob, 401,
          {{Name::www_authenticate, challenge(DigestAlgorithm::md5)},
           {Name::www_authenticate, challenge(DigestAlgorithm::sha256)}});
  network.run(1s);

  const auto authorization = parse_authorization(last_heard().header(Name::authorization));
  ASSERT_TRUE(authorization);
  EXPECT_EQ(authorization->algorithm, DigestAlgorithm::sha256);
  EXPECT_TRUE(is_right(*authorization, "secret", "MESSAGE"));
  EXPECT_EQ(last_heard().header(Name::cseq), "2 MESSAGE");

  respond(bob, 200);
  network.run(1s);
  const auto told = alice.told<ResponseReceived>();
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].request, id);
  EXPECT_EQ(told[0].response.status(), 200);
}

TEST_F(UserAgentDigestTest, answers_a_proxy_and_the_peer) {
  request("MESSAGE");
  network.run(1s);
  respond(bob, 407, {{Name::proxy_authenticate, challenge(DigestAlgorithm::md5)}});
  network.run(1s);
  respond(bob, 401, {{Name::www_authenticate, challenge(DigestAlgorithm::md5)}});
  network.run(1s);
  EXPECT_TRUE(last_heard().has(Name::proxy_authorization));
  EXPECT_TRUE(last_heard().has(Name::authorization));
}

TEST_F(UserAgentDigestTest, tells_the_user_when_the_credentials_are_wrong) {
  request("MESSAGE");
  network.run(1s);
  respond(bob, 401, {{Name::www_authenticate, challenge(DigestAlgorithm::md5)}});
  network.run(1s);
  respond(bob, 401, {{Name::www_authenticate, challenge(DigestAlgorithm::md5)}});
  network.run(1s);
  EXPECT_THAT(alice.finals(), ElementsAre(401));
  expect_nothing_left();
}

TEST_F(UserAgentDigestTest, tries_again_when_only_the_nonce_was_stale) {
  request("MESSAGE");
  network.run(1s);
  respond(bob, 401, {{Name::www_authenticate, challenge(DigestAlgorithm::md5)}});
  network.run(1s);
  respond(bob, 401, {{Name::www_authenticate, challenge(DigestAlgorithm::md5, true)}});
  network.run(1s);
  EXPECT_EQ(parse_authorization(last_heard().header(Name::authorization))->nonce, "n2");
  EXPECT_EQ(last_heard().count(Name::authorization), 1U);
  EXPECT_THAT(alice.finals(), IsEmpty());
}

TEST_F(UserAgentDigestTest, tells_the_user_about_a_challenge_it_cannot_answer) {
  request("MESSAGE");
  network.run(1s);
  respond(bob, 401, {{Name::www_authenticate, "Bearer realm=\"example.com\""}});
  network.run(1s);
  EXPECT_THAT(alice.finals(), ElementsAre(401));
}

// RFC 3261 22.1: the ACK carries the credentials of its INVITE.
TEST_F(UserAgentDigestTest, authenticates_an_invite_with_its_ack_and_requests_in_the_dialog) {
  request("INVITE");
  network.run(1s);
  respond(bob, 401, {{Name::www_authenticate, challenge(DigestAlgorithm::md5)}});
  network.run(1s);
  respond(bob, 200);
  network.run(1s);
  ASSERT_THAT(bob.told<Acknowledged>(), SizeIs(1));
  EXPECT_TRUE(bob.told<Acknowledged>()[0].ack.has(Name::authorization));

  request_in(alice, *alice.told<ResponseReceived>().back().dialog, Message::request("INFO", {}));
  network.run(1s);
  respond(bob, 401, {{Name::www_authenticate, challenge(DigestAlgorithm::md5)}});
  network.run(1s);
  EXPECT_TRUE(last_heard().has(Name::authorization));
  EXPECT_EQ(last_heard().header(Name::cseq), "4 INFO");
}

// RFC 4028 7.3, 9.
TEST_F(UserAgentTest, raises_a_session_interval_that_the_peer_finds_too_small) {
  auto settings = network.settings("192.0.2.3");
  settings.min_se = 600s;
  auto& carol = network.add(std::move(settings));
  carol.answers["INVITE"] = 200;

  auto invite = request_to("INVITE", alice, carol);
  invite.add(Name::session_expires, "120;refresher=uas");
  request(std::move(invite));
  network.run(1s);

  EXPECT_EQ(sent(carol, "422"), 1);
  EXPECT_THAT(alice.finals(), ElementsAre(200));
  const auto response = alice.told<ResponseReceived>().back().response;
  EXPECT_EQ(response.header(Name::session_expires), "600;refresher=uas");
}

TEST_F(UserAgentTest, tells_a_second_422) {
  auto invite = request_to("INVITE", alice, bob);
  invite.add(Name::session_expires, "120");
  request(std::move(invite));
  network.run(1s);
  respond(bob, 422, {{Name::min_se, "600"}});
  network.run(1s);
  EXPECT_EQ(bob.told<RequestReceived>().back().request.header(Name::session_expires), "600");
  respond(bob, 422, {{Name::min_se, "900"}});
  network.run(1s);
  EXPECT_THAT(alice.finals(), ElementsAre(422));
}

struct UserAgentGlareTest : UserAgentTest {
  static Message offer(std::string_view method) {
    auto request = Message::request(method, {});
    request.set_body("application/sdp", "v=0\r\no=- 2 2\r\n");
    return request;
  }
};

// RFC 3261 14.1, 14.2: both get 491, and the one who waits less goes first.
TEST_F(UserAgentGlareTest, lets_two_crossing_invites_both_succeed_in_the_end) {
  const auto [hers, his] = call();
  alice.answers["INVITE"] = 200;
  request_in(alice, hers, offer("INVITE"));
  request_in(bob, his, offer("INVITE"));
  network.run(20ms);
  EXPECT_EQ(sent(alice, "491"), 1);
  EXPECT_EQ(sent(bob, "491"), 1);

  network.run(10s);
  EXPECT_THAT(alice.finals(), ElementsAre(200, 200));
  EXPECT_THAT(bob.finals(), ElementsAre(200));
  bye(alice, hers);
  expect_nothing_left();
}

// RFC 3261 14.1: the owner of the Call-ID waits 2.1 to 4 s, the other 0 to 2 s.
TEST_F(UserAgentGlareTest, waits_longer_when_the_call_id_is_its_own) {
  const auto [hers, his] = call();
  bob.answers.clear();
  const auto before = network.now;
  request_in(alice, hers, offer("INVITE"));
  network.run(100ms);
  respond(bob, 491);
  const auto count = bob.told<RequestReceived>().size();
  while (bob.told<RequestReceived>().size() == count) network.run(10ms);
  EXPECT_THAT(network.now - before, AllOf(Ge(2100ms), Le(4200ms)));

  respond(bob, 200);
  network.run(1s);
  const auto then = network.now;
  request_in(bob, his, offer("INVITE"));
  network.run(100ms);
  respond(alice, 491);
  while (alice.told<RequestReceived>().size() < 2) network.run(10ms);
  EXPECT_THAT(network.now - then, Le(2200ms));
}

TEST_F(UserAgentGlareTest, refuses_an_update_that_crosses_its_invite) {
  const auto [hers, his] = call();
  bob.answers.clear();
  request_in(alice, hers, offer("INVITE"));
  request_in(bob, his, offer("UPDATE"));
  network.run(50ms);
  EXPECT_EQ(sent(alice, "491"), 1);
}

// RFC 3261 14.2: a second INVITE before the answer to the first.
TEST_F(UserAgentGlareTest, refuses_a_second_invite_with_500_and_retry_after) {
  const auto [hers, his] = call();
  bob.answers.clear();
  request_in(alice, hers, offer("INVITE"));
  network.run(50ms);

  auto again = *parse_message(network.trace.back().octets.starts_with("INVITE")
                                  ? network.trace.back().octets
                                  : network.trace[network.trace.size() - 2].octets);
  again.set(Name::via, "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKother;rport");
  again.set(Name::cseq, "3 INVITE");
  network.inject(bob, MiniNetwork::source_of(alice.host), to_text(again));
  EXPECT_EQ(sent(bob, "500"), 1);
  EXPECT_TRUE(parse_message(network.trace.back().octets)->has(Name::retry_after));
}

// RFC 3261 14.1
TEST_F(UserAgentGlareTest, sends_its_second_invite_after_the_first) {
  const auto [hers, his] = call();
  request_in(alice, hers, offer("INVITE"));
  request_in(alice, hers, offer("INVITE"));
  network.run(15ms);
  EXPECT_EQ(sent(alice, "INVITE"), 2);
  network.run(1s);
  EXPECT_EQ(sent(alice, "INVITE"), 3);
  EXPECT_THAT(alice.finals(), ElementsAre(200, 200, 200));
}

TEST_F(UserAgentGlareTest, tells_the_user_in_the_end) {
  const auto [hers, his] = call();
  bob.answers["INVITE"] = 491;
  request_in(alice, hers, offer("INVITE"));
  network.run(60s);
  EXPECT_THAT(alice.finals(), ElementsAre(200, 491));
}

}  // namespace
}  // namespace convene::sip
