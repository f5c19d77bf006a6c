#include "sip/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::sip {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Message with_vias() {
  auto message = Message::request("OPTIONS", "sip:bob@example.com");
  message.add(Name::via, "SIP/2.0/UDP a, SIP/2.0/UDP b;x=\"1,2\"");
  message.add(Name::from, "<sip:alice@example.com>;tag=1");
  message.add(Name::via, "SIP/2.0/UDP c");
  return message;
}

std::vector<std::string> names(const Message& message) {
  std::vector<std::string> names;
  for (const auto& field : message.fields()) names.emplace_back(field.text);
  return names;
}

TEST(Message, is_a_request_or_a_response) {
  const auto request = Message::request("INVITE", "sip:bob@example.com");
  EXPECT_TRUE(request.is_request());
  EXPECT_EQ(request.method(), "INVITE");
  EXPECT_EQ(request.uri(), "sip:bob@example.com");
  EXPECT_EQ(request.status(), 0);

  const auto response = Message::response(404);
  EXPECT_FALSE(response.is_request());
  EXPECT_EQ(response.status(), 404);
  EXPECT_EQ(response.reason(), "Not Found");
  EXPECT_EQ(response.uri(), "");
  EXPECT_EQ(Message::response(480, "Asleep").reason(), "Asleep");
}

TEST(Message, takes_the_method_of_a_response_from_its_cseq) {
  auto response = Message::response(200);
  EXPECT_EQ(response.method(), "");

  response.add(Name::cseq, "7 \t INVITE");
  EXPECT_EQ(response.method(), "INVITE");
}

TEST(Message, finds_headers_by_name_and_spelling) {
  auto message = with_vias();
  message.add("X-Thing", "  y ");

  EXPECT_EQ(message.header(Name::from), "<sip:alice@example.com>;tag=1");
  EXPECT_EQ(message.header("FROM"), "<sip:alice@example.com>;tag=1");
  EXPECT_EQ(message.header("f"), "<sip:alice@example.com>;tag=1");
  EXPECT_EQ(message.header("x-thing"), "y");
  EXPECT_EQ(message.header("X-Thin"), "");
  EXPECT_EQ(message.header(Name::to), "");
  EXPECT_FALSE(message.has(Name::to));
  EXPECT_EQ(message.count(Name::via), 2U);
}

// RFC 3261 7.3.1: commas in quotes and <> do not separate.
TEST(Message, lists_the_values_of_all_lines) {
  auto message = with_vias();
  message.add(Name::contact, R"("a, \" b" <sip:a,b@c>;q=1 ,<sip:d@e>)");
  message.add(Name::supported, "");

  EXPECT_THAT(message.values(Name::via),
              ElementsAre("SIP/2.0/UDP a", "SIP/2.0/UDP b;x=\"1,2\"", "SIP/2.0/UDP c"));
  EXPECT_THAT(message.values(Name::contact),
              ElementsAre(R"("a, \" b" <sip:a,b@c>;q=1)", "<sip:d@e>"));
  EXPECT_THAT(message.values(Name::supported), IsEmpty());
  EXPECT_THAT(message.values(Name::route), IsEmpty());
}

TEST(Message, keeps_empty_values_for_the_parsers_to_refuse) {
  auto message = Message::request("OPTIONS", "sip:b");
  message.add(Name::via, "a,,b,");

  EXPECT_THAT(message.values(Name::via), ElementsAre("a", "", "b", ""));
}

TEST(Message, lists_tokens_whatever_their_case) {
  auto message = Message::request("INVITE", "sip:b");
  message.add(Name::supported, "Timer , 100rel");
  message.add(Name::supported, "norefersub");
  message.add(Name::privacy, "header; id");

  EXPECT_TRUE(message.lists(Name::supported, "timer"));
  EXPECT_TRUE(message.lists(Name::supported, "norefersub"));
  EXPECT_FALSE(message.lists(Name::supported, "time"));
  EXPECT_TRUE(message.lists(Name::privacy, "id"));
  EXPECT_FALSE(message.lists(Name::require, "timer"));
}

TEST(Message, adds_beside_headers_of_the_same_name) {
  auto message = with_vias();
  message.add(Name::via, "SIP/2.0/UDP d");
  message.add_first(Name::via, "SIP/2.0/UDP z");
  message.add_first(Name::max_forwards, "70");
  message.add("X-B", "1");
  message.add("X-A", "1");
  message.add("x-b", "2");
  message.add("t", "<sip:bob@example.com>");

  EXPECT_THAT(names(message), ElementsAre("Max-Forwards", "Via", "Via", "Via", "Via", "From", "X-B",
                                          "x-b", "X-A", "To"));
  EXPECT_EQ(message.values(Name::via).front(), "SIP/2.0/UDP z");
  EXPECT_EQ(message.values(Name::via).back(), "SIP/2.0/UDP d");
}

TEST(Message, sets_one_header_in_the_place_of_all) {
  auto message = with_vias();
  message.set(Name::via, "SIP/2.0/TCP x");
  message.set(Name::subject, "new");

  EXPECT_THAT(names(message), ElementsAre("Via", "From", "Subject"));
  EXPECT_EQ(message.header(Name::via), "SIP/2.0/TCP x");
}

TEST(Message, removes_headers_by_name_and_spelling) {
  auto message = with_vias();
  message.add("X-A", "1");
  message.remove(Name::via);
  message.remove("x-a");
  message.remove("Route");

  EXPECT_THAT(names(message), ElementsAre("From"));
}

TEST(Message, takes_one_value_after_the_other_off_a_list) {
  auto message = with_vias();
  message.remove_first_value(Name::via);
  EXPECT_THAT(message.values(Name::via), ElementsAre("SIP/2.0/UDP b;x=\"1,2\"", "SIP/2.0/UDP c"));

  message.remove_first_value(Name::via);
  message.remove_first_value(Name::via);
  message.remove_first_value(Name::via);
  EXPECT_FALSE(message.has(Name::via));
}

TEST(Message, copies_every_line_of_a_name) {
  auto response = Message::response(200);
  response.copy(Name::via, with_vias());
  response.copy(Name::route, with_vias());

  EXPECT_THAT(response.values(Name::via),
              ElementsAre("SIP/2.0/UDP a", "SIP/2.0/UDP b;x=\"1,2\"", "SIP/2.0/UDP c"));
  EXPECT_EQ(response.fields().size(), 2U);
}

TEST(Message, lets_nobody_smuggle_in_a_header) {
  auto message = Message::request("INVITE", "sip:b\r\nX: 1");
  message.add(Name::subject, "hello\r\nVia: evil\n\rx");
  message.set(Name::subject, std::string_view{"a\0b\r\n", 5});
  message.add("X-A", "\r\n\r\nINVITE");

  EXPECT_EQ(
      to_text(message),
      "INVITE sip:b  X: 1 SIP/2.0\r\nSubject: a b\r\nX-A: INVITE\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(to_text(Message::response(200, "O\r\nK")),
            "SIP/2.0 200 O  K\r\nContent-Length: 0\r\n\r\n");
}

TEST(Message, may_be_given_its_own_text) {
  auto message = Message::request("INVITE", "sip:bob@example.com");
  message.add(Name::subject, std::string(100, 'x'));
  for (int i = 0; i < 20; ++i) message.add("X-Copy", message.header(Name::subject));
  message.set(Name::subject, message.header("X-Copy").substr(1));
  message.set_uri(message.uri().substr(0, 7));
  for (int i = 0; i < 20; ++i) message.add(message.fields()[1].text, message.fields()[1].value);

  EXPECT_EQ(message.header(Name::subject), std::string(99, 'x'));
  EXPECT_EQ(message.uri(), "sip:bob");
}

TEST(Message, has_a_body_with_its_type) {
  auto message = Message::request("MESSAGE", "sip:b");
  message.set_body("text/plain", "hello");
  EXPECT_EQ(message.body(), "hello");
  EXPECT_EQ(to_text(message),
            "MESSAGE sip:b SIP/2.0\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");

  message.add(Name::content_disposition, "render");
  message.remove_body();
  EXPECT_EQ(message.body(), "");
  EXPECT_THAT(message.fields(), IsEmpty());
}

TEST(Message, survives_copying_and_moving) {
  auto original = with_vias();
  original.set_body("text/plain", "hello");
  const auto copy = original;
  const auto moved = std::move(original);

  EXPECT_EQ(copy, moved);
  EXPECT_EQ(copy.body(), "hello");
  EXPECT_EQ(moved.header(Name::from), "<sip:alice@example.com>;tag=1");
}

TEST(Message, equals_only_the_same_message) {
  const auto message = with_vias();
  EXPECT_EQ(message, with_vias());

  auto other = with_vias();
  other.set_uri("sip:x");
  EXPECT_NE(message, other);
  other = with_vias();
  other.add("X", "1");
  EXPECT_NE(message, other);
  EXPECT_NE(other, message);
  other = with_vias();
  other.set(Name::from, "<sip:alice@example.com>;tag=2");
  EXPECT_NE(message, other);
  other = with_vias();
  other.set_body("a/b", "c");
  EXPECT_NE(message, other);
  EXPECT_NE(Message::response(200), Message::response(202, "OK"));
}

TEST(ReasonPhrase, is_that_of_the_class_for_unknown_ones) {
  EXPECT_EQ(reason_phrase(481), "Call/Transaction Does Not Exist");
  EXPECT_EQ(reason_phrase(422), "Session Interval Too Small");
  EXPECT_EQ(reason_phrase(299), "OK");
  EXPECT_EQ(reason_phrase(499), "Request Failure");
  EXPECT_EQ(reason_phrase(99), "Unknown");
}

}  // namespace
}  // namespace convene::sip
