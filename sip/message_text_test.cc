#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sip/message.h"

namespace convene::sip {
namespace {

constexpr std::string_view canonical =
    "INVITE sip:bob@biloxi.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8\r\n"
    "Max-Forwards: 70\r\n"
    "To: Bob <sip:bob@biloxi.com>\r\n"
    "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
    "Call-ID: a84b4c76e66710\r\n"
    "CSeq: 314159 INVITE\r\n"
    "X-Unknown: kept, as it is\r\n"
    "Contact: <sip:alice@pc33.atlanta.com>\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: 4\r\n"
    "\r\n"
    "v=0\n";

Result<Message> parse(std::string_view text, const MessageLimits& limits = {}) {
  return parse_message(std::string{text}, limits);
}

Fault fault_of(std::string_view text, const MessageLimits& limits = {}) {
  const auto message = parse(text, limits);
  EXPECT_FALSE(message) << text;
  return message ? Fault::closed : message.error().fault;
}

TEST(ParseMessage, reads_a_request) {
  const auto message = parse(canonical);

  ASSERT_TRUE(message);
  EXPECT_EQ(message->method(), "INVITE");
  EXPECT_EQ(message->uri(), "sip:bob@biloxi.com");
  EXPECT_EQ(message->version(), "SIP/2.0");
  EXPECT_EQ(message->header(Name::call_id), "a84b4c76e66710");
  EXPECT_EQ(message->header("x-unknown"), "kept, as it is");
  EXPECT_EQ(message->body(), "v=0\n");
  EXPECT_EQ(message->fields().size(), 10U);
}

TEST(ParseMessage, reads_a_response) {
  const auto message =
      parse("sip/2.0 486 Busy Here\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");

  ASSERT_TRUE(message);
  EXPECT_EQ(message->status(), 486);
  EXPECT_EQ(message->reason(), "Busy Here");
  EXPECT_EQ(message->method(), "INVITE");
}

TEST(ParseMessage, prints_a_canonical_message_octet_for_octet) {
  EXPECT_EQ(to_text(*parse(canonical)), canonical);
}

TEST(ParseMessage, prints_long_names_and_the_right_length) {
  const auto message = parse(
      "MESSAGE sip:b SIP/2.0\r\nv:SIP/2.0/UDP a\r\nL : 2\r\nTO:<sip:b>\r\nX-own: "
      "x\r\nk:\r\n\r\nhello");

  EXPECT_EQ(to_text(*message),
            "MESSAGE sip:b SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nContent-Length: 2\r\nTo: "
            "<sip:b>\r\nX-own: x\r\nSupported:\r\n\r\nhe");
}

TEST(ParseMessage, finds_equal_what_differs_in_form_only) {
  const auto compact = parse("BYE sip:b SIP/2.0\r\nv: x\r\nx-a:1\r\n\r\n");
  const auto full = parse("BYE sip:b SIP/2.0\r\nVIA:x\r\nX-A:   1\r\nContent-Length: 0\r\n\r\n");

  EXPECT_EQ(*compact, *full);
}

// RFC 3261 7.3.1
TEST(ParseMessage, unfolds_values) {
  const auto message = parse(
      "BYE sip:b SIP/2.0\r\nSubject: I know you're there,\r\n\t pick up\r\n the phone  \r\nTo "
      ":\r\n <sip:b>\r\n \r\n\r\n");

  ASSERT_TRUE(message);
  EXPECT_EQ(message->header(Name::subject), "I know you're there,  \t pick up   the phone");
  EXPECT_EQ(message->header(Name::to), "<sip:b>");
  EXPECT_EQ(parse(to_text(*message)), message);
}

// RFC 3261 7.5
TEST(ParseMessage, ignores_empty_lines_before_the_start_line) {
  const auto message = parse("\r\n\r\nBYE sip:b SIP/2.0\r\n\r\n");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->method(), "BYE");
}

// RFC 3261 18.3
TEST(ParseMessage, cuts_the_body_at_content_length) {
  EXPECT_EQ(parse("BYE sip:b SIP/2.0\r\nContent-Length: 3\r\n\r\nabcdef")->body(), "abc");
  EXPECT_EQ(parse("BYE sip:b SIP/2.0\r\nl:\r\n 03\r\n\r\nabcdef")->body(), "abc");
  EXPECT_EQ(fault_of("BYE sip:b SIP/2.0\r\nContent-Length: 7\r\n\r\nabcdef"), Fault::malformed);
}

TEST(ParseMessage, takes_the_rest_of_a_datagram_without_content_length) {
  EXPECT_EQ(parse("BYE sip:b SIP/2.0\r\n\r\nabc\r\n\r\ndef")->body(), "abc\r\n\r\ndef");
}

TEST(ParseMessage, takes_the_rest_when_content_length_is_no_number) {
  EXPECT_EQ(parse("BYE sip:b SIP/2.0\r\nContent-Length: five\r\n\r\nabcdef")->body(), "abcdef");
  EXPECT_EQ(parse("BYE sip:b SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\nabcdef")->body(),
            "abcdef");
}

TEST(ParseMessage, keeps_nul_and_every_octet_of_the_body) {
  const std::string_view text{
      "BYE sip:b SIP/2.0\r\nTo: \"\\\0\" <sip:b>\r\nContent-Length: 3\r\n\r\n\0\r\n", 61};
  const auto message = parse(text);

  ASSERT_TRUE(message);
  EXPECT_EQ(message->header(Name::to).size(), 12U);
  EXPECT_EQ(message->body(), (std::string_view{"\0\r\n", 3}));
  EXPECT_EQ(to_text(*message), text);
}

TEST(ParseMessage, refuses_what_is_no_sip) {
  for (const char* text : {"",
                           "\r\n",
                           "\r\n\r\n",
                           "BYE",
                           "BYE sip:b SIP/2.0",
                           "BYE sip:b SIP/2.0\r\n",
                           "BYE sip:b SIP/2.0\r\nTo: x\r\n",
                           "BYE sip:b\r\n\r\n",
                           "BYE  SIP/2.0\r\n\r\n",
                           " BYE sip:b SIP/2.0\r\n\r\n",
                           "B@E sip:b SIP/2.0\r\n\r\n",
                           "BYE sip:b HTTP/1.1\r\n\r\n",
                           "BYE sip:b SIP/2\r\n\r\n",
                           "BYE sip:b SIP/.\r\n\r\n",
                           "BYE sip:b SIP/2.0 \r\n\r\n",
                           "BYE sip:b SIP/2.0\n\n",
                           "BYE sip:b SIP/2.0\r\nTo x\r\n\r\n",
                           "BYE sip:b SIP/2.0\r\n: x\r\n\r\n",
                           "BYE sip:b SIP/2.0\r\nT o: x\r\n\r\n",
                           "BYE sip:b SIP/2.0\r\n To: x\r\n\r\n",
                           "BYE sip:b SIP/2.0\r\nTo: x\n\r\n\r\n",
                           "BYE sip:b SIP/2.0\r\nTo: x\rFrom: y\r\n\r\n",
                           "BYE sip:b SIP/2.0\r\nTo: x\nFrom: y\r\n\r\n",
                           "SIP/2.0\r\n\r\n",
                           "SIP/2.0 \r\n\r\n",
                           "SIP/2.0 99 x\r\n\r\n",
                           "SIP/2.0 099 x\r\n\r\n",
                           "SIP/2.0 700 x\r\n\r\n",
                           "SIP/2.0 2000 x\r\n\r\n",
                           "SIP/2.0 20 x\r\n\r\n",
                           "SIP/2.0 -20 x\r\n\r\n",
                           "SIP/2.0 4294967301 x\r\n\r\n",
                           "SIP/x 200 OK\r\n\r\n"}) {
    EXPECT_EQ(fault_of(text), Fault::malformed) << text;
  }
}

TEST(ParseMessage, accepts_a_status_line_without_reason) {
  EXPECT_EQ(parse("SIP/2.0 200\r\n\r\n")->reason(), "");
  EXPECT_EQ(parse("SIP/2.0 200 \r\n\r\n")->reason(), "");
  EXPECT_EQ(to_text(*parse("SIP/2.0 200\r\n\r\n")), "SIP/2.0 200 \r\nContent-Length: 0\r\n\r\n");
}

TEST(ParseMessage, keeps_a_foreign_version) {
  const auto message = parse("OPTIONS sip:b SIP/7.0\r\n\r\n");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->version(), "SIP/7.0");
  EXPECT_EQ(parse(to_text(*message)), message);
}

TEST(ParseMessage, has_a_limit_for_all_headers) {
  const std::string start = "BYE sip:b SIP/2.0\r\n";
  const std::string headers = "A: " + std::string(93, 'x') + "\r\n";  // 98 octets
  const MessageLimits limits{.header_octets = start.size() + headers.size() + 2};

  EXPECT_TRUE(parse(start + headers + "\r\n" + std::string(1'000, 'b'), limits));
  EXPECT_EQ(fault_of(start + headers + "B:\r\n\r\n", limits), Fault::too_large);
}

TEST(ParseMessage, has_a_limit_for_one_header_folded_or_not) {
  const MessageLimits limits{.one_header_octets = 20};

  EXPECT_TRUE(parse("BYE sip:b SIP/2.0\r\nA: " + std::string(17, 'x') + "\r\n\r\n", limits));
  EXPECT_EQ(fault_of("BYE sip:b SIP/2.0\r\nA: " + std::string(18, 'x') + "\r\n\r\n", limits),
            Fault::too_large);
  EXPECT_EQ(fault_of("BYE sip:b SIP/2.0\r\nA: xxxxxxx\r\n xxxxxxxxx\r\n\r\n", limits),
            Fault::too_large);
}

TEST(ParseMessage, has_a_limit_for_the_number_of_headers) {
  std::string text = "BYE sip:b SIP/2.0\r\n";
  for (int i = 0; i < 256; ++i) text += "A:\r\n";

  EXPECT_TRUE(parse(text + "\r\n"));
  EXPECT_EQ(fault_of(text + "A:\r\n\r\n"), Fault::too_large);
}

TEST(ParseMessage, has_a_limit_for_the_body) {
  const MessageLimits limits{.body_octets = 3};

  EXPECT_TRUE(parse("BYE sip:b SIP/2.0\r\nContent-Length: 3\r\n\r\nabcdef", limits));
  EXPECT_EQ(fault_of("BYE sip:b SIP/2.0\r\nContent-Length: 4\r\n\r\nabcdef", limits),
            Fault::too_large);
  EXPECT_EQ(fault_of("BYE sip:b SIP/2.0\r\nContent-Length: 18446744073709551615\r\n\r\n", limits),
            Fault::too_large);
  EXPECT_EQ(fault_of("BYE sip:b SIP/2.0\r\n\r\nabcd", limits), Fault::too_large);
}

TEST(ParseMessage, can_be_changed_like_one_that_was_built) {
  auto message = parse(canonical).value();
  message.add_first(Name::via, "SIP/2.0/TCP proxy");
  message.remove_first_value(Name::via);
  message.set(Name::max_forwards, "69");
  message.set(Name::max_forwards, "70");

  EXPECT_EQ(to_text(message), canonical);
}

}  // namespace
}  // namespace convene::sip
