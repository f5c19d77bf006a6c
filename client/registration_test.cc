#include "client/test_client.h"

namespace convene::client {
namespace {

using testing::HasSubstr;
using testing::Optional;

struct RegistrationTest : ClientTest {
  void SetUp() override { be_alice(); }

  sip::Message registering() {
    client->register_user(now, out);
    return sent("REGISTER");
  }
  void accept(const sip::Message& request, std::string_view expires) {
    auto response = sip::make_response(request, 200, "script");
    response.add(Name::contact,
                 std::string{request.header(Name::contact)} + ";expires=" + std::string{expires});
    receive(std::move(response));
  }
};

// RFC 3261 10.2, RFC 3840
TEST_F(RegistrationTest, binds_its_contact_with_what_it_can_do) {
  const auto request = registering();
  EXPECT_EQ(request.uri(), "sip:example.com");
  EXPECT_EQ(request.header(Name::expires), "3600");
  EXPECT_THAT(request.header(Name::contact), HasSubstr("+sip.instance=\"<urn:uuid:"));
  EXPECT_THAT(request.header(Name::contact), HasSubstr("oma.cpm.session,"));
  EXPECT_THAT(request.header(Name::contact), HasSubstr("rcse.ft"));
}

TEST_F(RegistrationTest, is_registered_for_as_long_as_the_registrar_says) {
  accept(registering(), "1800");
  EXPECT_THAT(event<Registered>(), Optional(Registered{1800s}));
  EXPECT_TRUE(client->is_registered());
}

// RFC 3261 10.2.4; 3GPP TS 24.229 5.1.1.4
TEST_F(RegistrationTest, renews_600_seconds_before_the_end) {
  const auto first = registering();
  accept(first, "3600");
  wait(2'999s);
  EXPECT_TRUE(is_silent());

  wait(1s);

  const auto second = sent("REGISTER");
  EXPECT_EQ(second.header(Name::call_id), first.header(Name::call_id));
  EXPECT_EQ(second.header(Name::cseq), "2 REGISTER");
}

// RFC 3261 10.2.8
TEST_F(RegistrationTest, asks_for_longer_when_its_interval_is_too_brief) {
  auto settings = alice();
  settings.registration_expires = 60s;
  be(settings, "198.51.100.11");
  auto response = sip::make_response(registering(), 423, "script");
  response.add(Name::min_expires, "300");
  receive(std::move(response));
  EXPECT_EQ(sent("REGISTER").header(Name::expires), "300");
}

TEST_F(RegistrationTest, tries_again_after_a_failure_that_may_pass) {
  answer(registering(), 503);
  EXPECT_EQ(event<RegistrationFailed>()->status, 503);
  wait(30s);
  sent("REGISTER");
}

TEST_F(RegistrationTest, does_not_try_again_when_it_is_forbidden) {
  answer(registering(), 403);
  EXPECT_EQ(event<RegistrationFailed>()->status, 403);
  wait(3'600s);
  EXPECT_TRUE(is_silent());
}

TEST_F(RegistrationTest, answers_a_challenge) {
  auto settings = alice();
  settings.credentials = sip::Credentials{.user = "alice", .password = "secret"};
  be(settings, "198.51.100.11");
  auto challenge = sip::make_response(registering(), 401, "script");
  challenge.add(Name::www_authenticate, "Digest realm=\"example.com\", nonce=\"n\", qop=\"auth\"");
  receive(std::move(challenge));
  const auto again = sent("REGISTER");
  EXPECT_THAT(again.header(Name::authorization), HasSubstr("username=\"alice\""));
  accept(again, "3600");
  wait(3'000s);
  EXPECT_EQ(sent("REGISTER").header(Name::cseq), "3 REGISTER");
}

// Behind a NAT only this connection leads to us.
TEST_F(RegistrationTest, registers_anew_when_its_connection_breaks) {
  accept(registering(), "3600");
  client->transport_failed(pf, now, out);
  EXPECT_FALSE(client->is_registered());
  wait(2s);
  sent("REGISTER");
}

TEST_F(RegistrationTest, removes_its_binding) {
  accept(registering(), "3600");
  client->unregister(now, out);
  const auto request = sent("REGISTER");
  EXPECT_EQ(request.header(Name::expires), "0");
  answer(request, 200);
  EXPECT_TRUE(event<Unregistered>());
  wait(7'200s);
  EXPECT_TRUE(is_silent());
}

// RFC 3608
TEST_F(RegistrationTest, routes_its_requests_as_the_registrar_says) {
  auto response = sip::make_response(registering(), 200, "script");
  response.add(Name::service_route, "<sip:orig@pf-a.example.com;lr>");
  receive(std::move(response));
  ASSERT_TRUE(client->create_group({.subject = {}, .members = {"sip:bob@example.com"}}, now, out));
  EXPECT_EQ(sent("INVITE").header(Name::route), "<sip:orig@pf-a.example.com;lr>");
}

}  // namespace
}  // namespace convene::client
