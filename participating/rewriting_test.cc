#include "participating/rewriting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::participating {
namespace {

using testing::ElementsAre;

sip::Message parsed(std::string text) {
  auto message = sip::parse_message(std::move(text));
  EXPECT_TRUE(message);
  return *message;
}

const auto invite = parsed(
    "INVITE sip:bob@example.com SIP/2.0\r\n"
    "Via: SIP/2.0/TCP 198.51.100.11;branch=z9hG4bKa1\r\n"
    "Max-Forwards: 70\r\n"
    "Route: <sip:pf-a.example.com;lr>\r\n"
    "From: \"Alice\" <sip:alice@example.com>;tag=al1\r\n"
    "To: <sip:bob@example.com>\r\n"
    "Call-ID: one@198.51.100.11\r\n"
    "CSeq: 7 INVITE\r\n"
    "Contact: <sip:alice@198.51.100.11>;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3Ax\";isfocus\r\n"
    "X-Unknown: kept\r\n"
    "P-Served-User: <sip:alice@example.com>;sescase=orig\r\n"
    "Content-Type: text/plain\r\n\r\nhello");

// G-02
TEST(Onward, keeps_what_is_the_peers_and_replaces_what_is_the_dialogs) {
  Addressing addressing;
  addressing.call_id = "two@pf-a";
  addressing.from_tag = "pa1";
  addressing.record_routes = {"<sip:pf-a.example.com;lr>"};
  const auto made = onward(invite, addressing);

  EXPECT_EQ(made.uri(), "sip:bob@example.com");
  EXPECT_EQ(made.header(sip::Name::max_forwards), "69");
  EXPECT_EQ(made.header(sip::Name::from), "\"Alice\" <sip:alice@example.com>;tag=pa1");
  EXPECT_EQ(made.header(sip::Name::to), "<sip:bob@example.com>");
  EXPECT_EQ(made.header(sip::Name::call_id), "two@pf-a");
  EXPECT_EQ(made.header(sip::Name::cseq), "7 INVITE");
  EXPECT_EQ(made.header(sip::Name::contact), invite.header(sip::Name::contact));
  EXPECT_EQ(made.header("X-Unknown"), "kept");
  EXPECT_EQ(made.body(), "hello");
  EXPECT_FALSE(made.has(sip::Name::via));
  EXPECT_FALSE(made.has(sip::Name::route));
}

// RFC 5502 6: it is for us.
TEST(Onward, does_not_say_whom_we_serve) {
  EXPECT_EQ(onward(invite, {}).header("P-Served-User"), "");
}

TEST(Backward, is_the_peers_answer_to_the_request_that_came) {
  const auto answer = parsed(
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP pf-a;branch=z9hG4bKp\r\n"
      "From: \"Alice\" <sip:alice@example.com>;tag=pa1\r\nTo: <sip:bob@example.com>;tag=bob1\r\n"
      "Call-ID: two@pf-a\r\nCSeq: 7 INVITE\r\nRecord-Route: <sip:pf-a.example.com;lr>\r\n"
      "Contact: <sip:bob@198.51.100.12>;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3Ax\"\r\n"
      "Content-Length: 0\r\n\r\n");
  const auto made = backward(invite, answer, "pf7", {"<sip:pf-a.example.com;lr>", "<sip:p;lr>"});

  EXPECT_EQ(made.status(), 200);
  EXPECT_EQ(made.header(sip::Name::via), invite.header(sip::Name::via));
  EXPECT_EQ(made.header(sip::Name::from), invite.header(sip::Name::from));
  EXPECT_EQ(made.header(sip::Name::to), "<sip:bob@example.com>;tag=pf7");
  EXPECT_EQ(made.header(sip::Name::call_id), "one@198.51.100.11");
  EXPECT_EQ(made.header(sip::Name::contact), answer.header(sip::Name::contact));
  EXPECT_THAT(values_of(made, sip::Name::record_route),
              ElementsAre("<sip:pf-a.example.com;lr>", "<sip:p;lr>"));
}

// G-02
TEST(Contact, has_feature_tags_unless_somebody_rewrote_it) {
  EXPECT_TRUE(has_feature_tags(invite));
  auto rewritten = invite;
  rewritten.set(sip::Name::contact, "<sip:alice@192.0.2.99>");
  EXPECT_FALSE(has_feature_tags(rewritten));
}

}  // namespace
}  // namespace convene::participating
