#include "registrar/scripted.h"
#include "sip/fields.h"

namespace convene::registrar {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

struct ProxyTest : RegistrarTest {
  void SetUp() override {
    register_contact("alice", "<sip:alice@127.0.0.1:5071>", from_alice);
    register_contact("bob", "<sip:bob@127.0.0.1:5072>", from_bob);
  }

  // What was forwarded, without the 100 to the sender.
  static std::vector<sip::Send> forwarded(std::vector<sip::Send> sent) {
    std::erase_if(sent, [](const sip::Send& send) { return send.message.status() == 100; });
    return sent;
  }

  static sip::Message answer_to(const sip::Send& sent, int status,
                                std::string_view extra_contact = "") {
    auto response = make_response(sent.message, status, "b1");
    if (!extra_contact.empty()) response.set(sip::Name::contact, extra_contact);
    return response;
  }
};

// RFC 3261 16.6
TEST_F(ProxyTest, forwards_to_the_registered_contact) {
  const auto sent = forwarded(
      give(request("INVITE sip:bob@example.com SIP/2.0\r\nTo: <sip:bob@example.com>"), from_alice));

  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_EQ(sent[0].message.uri(), "sip:bob@127.0.0.1:5072");
  EXPECT_EQ(sent[0].message.header(sip::Name::max_forwards), "69");
  EXPECT_THAT(sent[0].message.header(sip::Name::record_route), HasSubstr("127.0.0.1:5060"));
  EXPECT_EQ(sent[0].message.values(sip::Name::via).size(), 2U);
}

// RFC 3325 9.1: the sender is who registered, whatever it claims.
TEST_F(ProxyTest, asserts_who_the_sender_is) {
  const auto sent =
      forwarded(give(request("MESSAGE sip:bob@example.com SIP/2.0\r\nTo: "
                             "<sip:bob@example.com>\r\nP-Preferred-Identity: \"Al\" "
                             "<sip:alice@example.com>\r\nP-Preferred-Service: urn:urn-7:x"),
                     from_alice));

  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_EQ(sent[0].message.header(sip::Name::p_asserted_identity),
            "\"Al\" <sip:alice@example.com>");
  EXPECT_EQ(sent[0].message.header(sip::Name::p_asserted_service), "urn:urn-7:x");
  EXPECT_FALSE(sent[0].message.has(sip::Name::p_preferred_identity));
}

TEST_F(ProxyTest, routes_the_factory_and_every_focus_to_the_services) {
  for (const char* uri : {"sip:conference-factory@example.com", "sip:grp-1@cf.example.com"}) {
    const auto sent = forwarded(
        give(request("INVITE " + std::string{uri} + " SIP/2.0\r\nTo: <" + std::string{uri} + ">"),
             from_alice));
    ASSERT_THAT(sent, SizeIs(1)) << uri;
    EXPECT_EQ(sent[0].destination, services_at);
  }
}

TEST_F(ProxyTest, says_who_is_unknown_and_who_is_away) {
  is_open = false;
  auto ask = [&](std::string_view user) {
    return give(request("OPTIONS sip:" + std::string{user} +
                        "@example.com SIP/2.0\r\nTo: <sip:x@example.com>"),
                from_service)[0]
        .message.status();
  };
  EXPECT_EQ(ask("bob"), 480);
  EXPECT_EQ(ask("nobody"), 404);
}

TEST_F(ProxyTest, is_no_relay_to_other_domains) {
  const auto sent = forwarded(give(
      request("MESSAGE sip:x@victim.example SIP/2.0\r\nTo: <sip:x@victim.example>"), from_alice));
  EXPECT_EQ(sent[0].message.status(), 403);
}

// RFC 3261 16.7 (10)
TEST_F(ProxyTest, forks_and_cancels_the_devices_that_did_not_answer_first) {
  register_contact("bob", "<sip:bob@127.0.0.1:5073>", from_bob);
  const auto invites = forwarded(
      give(request("INVITE sip:bob@example.com SIP/2.0\r\nTo: <sip:bob@example.com>"), from_alice));
  ASSERT_THAT(invites, SizeIs(2));
  give(answer_to(invites[0], 180), from_bob);
  give(answer_to(invites[1], 180), from_bob);

  const auto sent = give(answer_to(invites[1], 200, "<sip:bob@127.0.0.1:5072>"), from_bob);

  ASSERT_THAT(sent, SizeIs(2));
  EXPECT_EQ(sent[0].message.status(), 200);
  EXPECT_EQ(sent[0].message.values(sip::Name::via).size(), 1U);
  EXPECT_EQ(sent[1].message.method(), "CANCEL");
  EXPECT_EQ(sent[1].message.uri(), invites[0].message.uri());
}

// RFC 3261 16.7 (6)
TEST_F(ProxyTest, answers_with_the_best_refusal_when_all_refuse) {
  register_contact("bob", "<sip:bob@127.0.0.1:5073>", from_bob);
  const auto invites = forwarded(
      give(request("INVITE sip:bob@example.com SIP/2.0\r\nTo: <sip:bob@example.com>"), from_alice));
  ASSERT_THAT(invites, SizeIs(2));

  give(answer_to(invites[0], 503), from_bob);
  const auto sent = give(answer_to(invites[1], 486), from_bob);

  const auto final_answer =
      std::ranges::find_if(sent, [](const auto& s) { return s.message.status() >= 300; });
  ASSERT_NE(final_answer, sent.end());
  EXPECT_EQ(final_answer->message.status(), 486);
}

// RFC 3261 16.7 (3), 16.8: an answer of its own has the Vias of who asked.
TEST_F(ProxyTest, tells_who_asked_that_nobody_answered) {
  const auto asked = request("MESSAGE sip:bob@example.com SIP/2.0\r\nTo: <sip:bob@example.com>");
  give(asked, from_alice);
  std::vector<sip::Send> told;
  for (auto now = start; now < start + 60s; now += 1s) {
    Output output;
    registrar().wake(now, output);
    for (auto& one : output.sends)
      if (!one.message.is_request()) told.push_back(std::move(one));
  }
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].message.status(), 408);
  EXPECT_EQ(told[0].message.values(sip::Name::via).size(), 1U);
}

// RFC 6026 7.2: a 200 that is repeated is passed on again, also after the other devices have been
// stopped.
TEST_F(ProxyTest, passes_a_repeated_200_on_when_the_other_devices_are_stopped) {
  register_contact("bob", "<sip:bob@127.0.0.1:5073>", from_bob);
  const auto invites = forwarded(
      give(request("INVITE sip:bob@example.com SIP/2.0\r\nTo: <sip:bob@example.com>"), from_alice));
  ASSERT_THAT(invites, SizeIs(2));
  give(answer_to(invites[0], 180), from_bob);
  give(answer_to(invites[1], 200, "<sip:bob@127.0.0.1:5072>"), from_bob);
  give(answer_to(invites[0], 487), from_bob);

  const auto again = give(answer_to(invites[1], 200, "<sip:bob@127.0.0.1:5072>"), from_bob);
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].message.status(), 200);
}

TEST_F(ProxyTest, refuses_a_request_that_has_gone_too_far) {
  auto tired = request("OPTIONS sip:bob@example.com SIP/2.0\r\nTo: <sip:bob@example.com>");
  tired.set(sip::Name::max_forwards, "0");
  EXPECT_EQ(give(tired, from_alice)[0].message.status(), 483);
}

// RFC 3261 16.4, 16.12: a request inside a dialog goes to the Contact, over our own Record-Route.
TEST_F(ProxyTest, takes_itself_off_the_route) {
  const auto sent = forwarded(give(
      request("BYE sip:bob@127.0.0.1:5072 SIP/2.0\r\nTo: <sip:bob@example.com>;tag=t\r\nRoute: "
              "<sip:127.0.0.1:5060;lr>"),
      from_alice));
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_FALSE(sent[0].message.has(sip::Name::route));
  EXPECT_EQ(sent[0].message.uri(), "sip:bob@127.0.0.1:5072");
}

TEST_F(ProxyTest, keeps_nothing_of_what_is_over) {
  const auto invites = forwarded(
      give(request("INVITE sip:bob@example.com SIP/2.0\r\nTo: <sip:bob@example.com>"), from_alice));
  give(answer_to(invites[0], 200, "<sip:bob@127.0.0.1:5072>"), from_bob);
  for (auto now = start; now < start + 600s; now += 1s) {
    Output output;
    registrar().wake(now, output);
  }
  EXPECT_EQ(registrar().transactions(), 0U);
}

}  // namespace
}  // namespace convene::registrar
