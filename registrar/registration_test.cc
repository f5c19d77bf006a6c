#include "registrar/scripted.h"
#include "sip/digest.h"
#include "sip/fields.h"

namespace convene::registrar {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

using RegistrationTest = RegistrarTest;

// RFC 3261 10.3 (8)
TEST_F(RegistrationTest, answers_with_all_contacts_and_their_time) {
  register_contact("bob", "<sip:bob@127.0.0.1:5072>;expires=600", from_bob);

  const auto sent =
      give(request("REGISTER sip:example.com SIP/2.0", "bob"), from_bob, start + 100s);

  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_EQ(sent[0].message.header(sip::Name::contact), "<sip:bob@127.0.0.1:5072>;expires=500");
}

TEST_F(RegistrationTest, removes_all_contacts_for_a_star) {
  register_contact("bob", "<sip:bob@127.0.0.1:5072>", from_bob);

  const auto sent = give(
      request("REGISTER sip:example.com SIP/2.0\r\nContact: *\r\nExpires: 0", "bob"), from_bob);

  EXPECT_FALSE(sent[0].message.has(sip::Name::contact));
  EXPECT_EQ(registrar().users(), 0U);
}

// RFC 3261 10.3 (6)
TEST_F(RegistrationTest, refuses_a_star_beside_another_contact) {
  const auto sent = give(
      request("REGISTER sip:example.com SIP/2.0\r\nContact: *, <sip:b@127.0.0.1>\r\nExpires: 0",
              "bob"),
      from_bob);
  EXPECT_EQ(sent[0].message.status(), 400);
}

// RFC 3261 10.3 (7): 423 with the shortest time.
TEST_F(RegistrationTest, refuses_an_expiry_that_is_too_soon) {
  const auto sent = give(
      request("REGISTER sip:example.com SIP/2.0\r\nContact: <sip:b@127.0.0.1>;expires=5", "bob"),
      from_bob);
  EXPECT_EQ(sent[0].message.status(), 423);
  EXPECT_EQ(sent[0].message.header(sip::Name::min_expires), "60");
}

TEST_F(RegistrationTest, knows_no_other_domain) {
  const auto sent =
      give(request("REGISTER sip:elsewhere.example SIP/2.0\r\nContact: <sip:b@127.0.0.1>", "bob"),
           from_bob);
  EXPECT_EQ(sent[0].message.status(), 404);
}

TEST_F(RegistrationTest, lets_nobody_register_as_a_service) {
  const auto sent = give(request("REGISTER sip:example.com SIP/2.0\r\nContact: <sip:x@127.0.0.1>",
                                 "conference-factory"),
                         from_bob);
  EXPECT_EQ(sent[0].message.status(), 403);
}

// The open lab is open to this machine only.
TEST_F(RegistrationTest, asks_a_stranger_for_a_password_even_when_it_is_open) {
  const auto sent =
      give(request("REGISTER sip:example.com SIP/2.0\r\nContact: <sip:b@198.51.100.7>", "bob"),
           from_afar);
  EXPECT_EQ(sent[0].message.status(), 401);
}

// RFC 8760 2.4: SHA-256 is offered first.
TEST_F(RegistrationTest, challenges_with_both_algorithms) {
  is_open = false;
  const auto sent = give(
      request("REGISTER sip:example.com SIP/2.0\r\nContact: <sip:b@127.0.0.1>", "bob"), from_bob);

  ASSERT_EQ(sent[0].message.status(), 401);
  const auto text = to_text(sent[0].message);
  EXPECT_THAT(text, HasSubstr("algorithm=SHA-256"));
  EXPECT_THAT(text, HasSubstr("algorithm=MD5"));
  EXPECT_LT(text.find("SHA-256"), text.find("MD5"));
}

struct DigestRegistrationTest : RegistrarTest {
  void SetUp() override { is_open = false; }

  // The answer to a REGISTER of bob that proves `password` of `user`.
  int register_with(std::string_view user, std::string_view password, std::uint32_t count = 1) {
    const auto text = "REGISTER sip:example.com SIP/2.0\r\nContact: <sip:b@127.0.0.1>";
    const auto asked = give(request(text, "bob"), from_bob)[0].message;
    if (asked.status() != 401) return asked.status();
    std::vector<std::string_view> challenges;
    for (const auto& field : asked.fields()) {
      if (field.name == sip::Name::www_authenticate) challenges.push_back(field.value);
    }
    const auto challenge = sip::strongest(challenges);
    auto again = request(text, "bob");
    again.set(sip::Name::authorization, to_text(sip::answer(*challenge, user, password, "REGISTER",
                                                            "sip:example.com", count, "c")));
    last_request = again;
    return give(again, from_bob)[0].message.status();
  }
  sip::Message last_request = sip::Message::request("REGISTER", "sip:example.com");
};

TEST_F(DigestRegistrationTest, lets_in_who_knows_the_password) {
  EXPECT_EQ(register_with("bob", "builder"), 200);
}

TEST_F(DigestRegistrationTest, lets_in_nobody_else) {
  EXPECT_EQ(register_with("bob", "guess"), 401);
  EXPECT_EQ(register_with("alice", "wonderland"), 401);  // alice is not bob
}

// RFC 7616 5.4: what somebody overheard is worth nothing.
TEST_F(DigestRegistrationTest, refuses_an_answer_that_was_used_before) {
  ASSERT_EQ(register_with("bob", "builder"), 200);
  auto replayed =
      request("REGISTER sip:example.com SIP/2.0\r\nContact: <sip:evil@127.0.0.1>", "bob");
  replayed.set(sip::Name::authorization,
               std::string{last_request.header(sip::Name::authorization)});
  EXPECT_EQ(give(replayed, from_bob)[0].message.status(), 401);
}

TEST_F(DigestRegistrationTest, stops_listening_to_who_guesses) {
  int status = 0;
  for (int i = 0; i < 11; ++i) status = register_with("bob", "guess");
  EXPECT_EQ(status, 403);
}

}  // namespace
}  // namespace convene::registrar
