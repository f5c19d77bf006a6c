#include <gtest/gtest.h>

#include "sip/message.h"

namespace convene::sip {
namespace {

// Good as it is; a test changes what it is about.
Message invite() {
  return parse_message(
             "INVITE sip:bob@biloxi.com SIP/2.0\r\n"
             "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bK776asdhds\r\n"
             "Max-Forwards: 70\r\n"
             "To: Bob <sip:bob@biloxi.com>\r\n"
             "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
             "Call-ID: a84b4c76e66710@pc33.atlanta.com\r\n"
             "CSeq: 314159 INVITE\r\n"
             "Contact: <sip:alice@pc33.atlanta.com>\r\n"
             "Content-Length: 0\r\n\r\n")
      .value();
}

std::optional<Rejection> with(Name name, std::string_view value) {
  auto message = invite();
  message.set(name, value);
  return defect(message);
}

std::optional<Rejection> without(Name name) {
  auto message = invite();
  message.remove(name);
  return defect(message);
}

std::optional<Rejection> with_uri(std::string_view uri) {
  auto message = invite();
  message.set_uri(uri);
  return defect(message);
}

Rejection bad_request(std::string reason) { return {.status = 400, .reason = std::move(reason)}; }

TEST(Defect, is_none_in_a_good_message) { EXPECT_EQ(defect(invite()), std::nullopt); }

// RFC 3261 8.1.1
TEST(Defect, is_a_missing_mandatory_header) {
  EXPECT_EQ(without(Name::to), bad_request("Missing To"));
  EXPECT_EQ(without(Name::from), bad_request("Missing From"));
  EXPECT_EQ(without(Name::cseq), bad_request("Missing CSeq"));
  EXPECT_EQ(without(Name::call_id), bad_request("Missing Call-ID"));
  EXPECT_EQ(without(Name::via), bad_request("Missing Via"));
}

// RFC 3261 16.3 (3)
TEST(Defect, is_not_a_missing_max_forwards) {
  EXPECT_EQ(without(Name::max_forwards), std::nullopt);
}

// RFC 3261 7.3.1
TEST(Defect, is_a_second_header_where_one_may_be) {
  for (const auto name : {Name::to, Name::from, Name::cseq, Name::call_id, Name::max_forwards,
                          Name::content_length}) {
    auto message = invite();
    message.add(name, message.header(name));
    EXPECT_EQ(defect(message), bad_request("Multiple " + std::string{text_of(name)}));
  }
}

// RFC 3261 8.1.1.5
TEST(Defect, is_a_cseq_of_another_method) {
  EXPECT_EQ(with(Name::cseq, "314159 OPTIONS"), bad_request("CSeq does not fit the method"));
  EXPECT_EQ(with(Name::cseq, "314159 invite"), bad_request("CSeq does not fit the method"));
  EXPECT_EQ(with(Name::cseq, "2147483648 INVITE"), bad_request("Malformed CSeq"));
}

TEST(Defect, is_a_header_that_nobody_can_read) {
  EXPECT_EQ(with(Name::to, "\"Bob <sip:bob@biloxi.com>"), bad_request("Malformed To"));
  EXPECT_EQ(with(Name::from, "Alice"), bad_request("Malformed From"));
  EXPECT_EQ(with(Name::from, "<sip:a@b>;tag"), bad_request("Malformed From"));
  EXPECT_EQ(with(Name::from, "<sip:a@b>;tag="), bad_request("Malformed From"));
  EXPECT_EQ(with(Name::call_id, ""), bad_request("Malformed Call-ID"));
  EXPECT_EQ(with(Name::call_id, "a b"), bad_request("Malformed Call-ID"));
  EXPECT_EQ(with(Name::call_id, std::string(1'025, 'x')), bad_request("Malformed Call-ID"));
  EXPECT_EQ(with(Name::via, ""), bad_request("Malformed Via"));
  EXPECT_EQ(with(Name::via, "SIP/2.0/UDP a, x"), bad_request("Malformed Via"));
  EXPECT_EQ(with(Name::contact, "<sip:a@b"), bad_request("Malformed Contact"));
  EXPECT_EQ(with(Name::route, "<sip:a@b>,"), bad_request("Malformed Route"));
  EXPECT_EQ(with(Name::record_route, "nonsense"), bad_request("Malformed Record-Route"));
  EXPECT_EQ(with(Name::content_length, "five"), bad_request("Malformed Content-Length"));
}

// RFC 3261 20.22
TEST(Defect, is_a_max_forwards_that_is_not_0_to_255) {
  EXPECT_EQ(with(Name::max_forwards, "0"), std::nullopt);
  EXPECT_EQ(with(Name::max_forwards, "255"), std::nullopt);
  for (const char* text : {"256", "-1", "", "x", "99999999999999999999"}) {
    EXPECT_EQ(with(Name::max_forwards, text), bad_request("Malformed Max-Forwards")) << text;
  }
}

// RFC 3261 10.2.2
TEST(Defect, is_not_a_contact_of_a_star) { EXPECT_EQ(with(Name::contact, "*"), std::nullopt); }

// RFC 2543 had no tags and no branch.
TEST(Defect, is_not_the_age_of_the_peer) {
  EXPECT_EQ(with(Name::from, "<sip:a@b>"), std::nullopt);
  EXPECT_EQ(with(Name::via, "SIP/2.0/UDP a"), std::nullopt);
}

// RFC 3261 8.2.2.1
TEST(Defect, is_a_request_uri_that_is_none_or_of_an_unknown_scheme) {
  EXPECT_EQ(with_uri("tel:+12015550123"), std::nullopt);
  EXPECT_EQ(with_uri("bob"), bad_request("Malformed Request-URI"));
  EXPECT_EQ(with_uri("sip:a b@c"), bad_request("Malformed Request-URI"));
  EXPECT_EQ(with_uri("sip:a@b?Route=x"), bad_request("Headers in Request-URI"));
  EXPECT_EQ(with_uri("urn:service:sos"),
            (Rejection{.status = 416, .reason = "Unsupported URI Scheme"}));
}

TEST(Defect, is_a_version_that_is_not_ours) {
  EXPECT_EQ(defect(parse_message("OPTIONS sip:b SIP/3.0\r\n\r\n").value()),
            (Rejection{.status = 505, .reason = "Version Not Supported"}));
}

TEST(Defect, is_found_in_responses_too) {
  auto response = Message::response(200);
  EXPECT_EQ(defect(response), bad_request("Missing Call-ID"));

  for (const auto name : {Name::via, Name::from, Name::to, Name::call_id, Name::cseq})
    response.copy(name, invite());
  EXPECT_EQ(defect(response), std::nullopt);

  response.set(Name::cseq, "x INVITE");
  EXPECT_EQ(defect(response), bad_request("Malformed CSeq"));
}

}  // namespace
}  // namespace convene::sip
