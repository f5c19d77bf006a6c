#include "sip/dialog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::sip {
namespace {

using testing::ElementsAre;

Message invite() {
  auto request = Message::request("INVITE", "sip:bob@biloxi.example.com");
  request.add(Name::via, "SIP/2.0/UDP pc33.atlanta.example.com;branch=z9hG4bK74bf9");
  request.add(Name::from, "\"Alice\" <sip:alice@atlanta.example.com>;tag=a1");
  request.add(Name::to, "Bob <sip:bob@biloxi.example.com>");
  request.add(Name::call_id, "call-1");
  request.add(Name::cseq, "7 INVITE");
  request.add(Name::contact, "<sip:alice@pc33.atlanta.example.com>;+g.x");
  return request;
}

Message success(std::string_view contact) {
  auto response = Message::response(200);
  response.copy(Name::from, invite());
  response.add(Name::to, "Bob <sip:bob@biloxi.example.com>;tag=b1");
  response.copy(Name::call_id, invite());
  response.copy(Name::cseq, invite());
  response.add(Name::contact, contact);
  return response;
}

// RFC 3261 12.1.2: the UAC reverses Record-Route.
TEST(DialogAsUac, takes_its_routes_from_the_response_in_reverse) {
  auto response = success("<sip:bob@192.0.2.4>");
  response.add(Name::record_route, "<sip:p3.example.com;lr>");
  response.add(Name::record_route, "<sip:p2.example.com;lr>, <sip:p1.example.com:5070;lr>");

  auto dialog = Dialog::as_uac(invite(), response);

  ASSERT_TRUE(dialog);
  EXPECT_THAT(dialog->route_set(),
              ElementsAre("<sip:p1.example.com:5070;lr>", "<sip:p2.example.com;lr>",
                          "<sip:p3.example.com;lr>"));
  EXPECT_EQ(dialog->next_hop()->address, (HostPort{"p1.example.com", 5070}));
  EXPECT_EQ(dialog->local_tag(), "a1");
  EXPECT_EQ(dialog->remote_tag(), "b1");
  EXPECT_EQ(dialog->remote_address(), "sip:bob@biloxi.example.com");
}

// RFC 3261 12.2.1.1: loose routing.
TEST(DialogAsUac, fills_in_a_request) {
  auto response = success("<sip:bob@192.0.2.4;transport=tcp>");
  response.add(Name::record_route, "<sip:p1.example.com;lr>");
  auto dialog = Dialog::as_uac(invite(), response);
  auto wanted = Message::request("INFO", {});
  wanted.add("X-More", "1");
  wanted.add(Name::to, "<sip:mallory@example.com>");
  wanted.set_body("text/plain", "hello");

  const auto request = dialog->make_request(wanted);

  EXPECT_EQ(request.uri(), "sip:bob@192.0.2.4;transport=tcp");
  EXPECT_EQ(request.header(Name::route), "<sip:p1.example.com;lr>");
  EXPECT_EQ(request.header(Name::from), "\"Alice\" <sip:alice@atlanta.example.com>;tag=a1");
  EXPECT_EQ(parse_name_addr(request.header(Name::to))->params.value("tag"), "b1");
  EXPECT_EQ(request.count(Name::to), 1U);
  EXPECT_EQ(request.header(Name::cseq), "8 INFO");
  EXPECT_EQ(request.header(Name::call_id), "call-1");
  EXPECT_EQ(request.header("X-More"), "1");
  EXPECT_EQ(request.body(), "hello");
  EXPECT_EQ(dialog->make_request(wanted).header(Name::cseq), "9 INFO");
}

// RFC 3261 13.2.2.4: the ACK has the number of its INVITE.
TEST(DialogAsUac, makes_an_ack) {
  auto dialog = Dialog::as_uac(invite(), success("<sip:bob@192.0.2.4>"));
  const auto ack = dialog->make_ack(7);
  EXPECT_EQ(ack.header(Name::cseq), "7 ACK");
  EXPECT_EQ(ack.uri(), "sip:bob@192.0.2.4");
}

// RFC 3261 12.2.1.1: a strict router gets its own URI as Request-URI, and the target as the last
// Route.
TEST(DialogAsUac, obeys_a_strict_router) {
  auto response = success("<sip:bob@192.0.2.4>");
  response.add(Name::record_route, "<sip:p2.example.com;lr>, <sip:old.example.com;method=INVITE>");
  auto dialog = Dialog::as_uac(invite(), response);

  const auto request = dialog->make_request(Message::request("BYE", {}));

  EXPECT_EQ(request.uri(), "sip:old.example.com");
  EXPECT_THAT(request.values(Name::route),
              ElementsAre("<sip:p2.example.com;lr>", "<sip:bob@192.0.2.4>"));
  EXPECT_EQ(dialog->next_hop()->address.host, "old.example.com");
}

TEST(DialogAsUac, falls_back_to_the_request_uri_without_contact) {
  auto response = success("<sip:x@y>");
  response.remove(Name::contact);
  auto dialog = Dialog::as_uac(invite(), response);
  ASSERT_TRUE(dialog);
  EXPECT_EQ(to_text(dialog->remote_contact().uri), "sip:bob@biloxi.example.com");
}

TEST(DialogAsUac, needs_a_to_tag) {
  auto response = success("<sip:bob@192.0.2.4>");
  response.set(Name::to, "Bob <sip:bob@biloxi.example.com>");
  EXPECT_FALSE(Dialog::as_uac(invite(), response));
}

// RFC 3261 12.1.1: the UAS keeps the order of Record-Route.
TEST(DialogAsUas, takes_its_routes_from_the_request_in_order) {
  auto request = invite();
  request.add(Name::record_route, "<sip:p2.example.com;lr>");
  request.add(Name::record_route, "<sip:p1.example.com;lr>");

  auto dialog = Dialog::as_uas(request, "b1");

  ASSERT_TRUE(dialog);
  EXPECT_THAT(dialog->route_set(),
              ElementsAre("<sip:p2.example.com;lr>", "<sip:p1.example.com;lr>"));
  EXPECT_EQ(dialog->remote_address(), "sip:alice@atlanta.example.com");
  EXPECT_TRUE(dialog->remote_contact().params.has("+g.x"));
  const auto bye = dialog->make_request(Message::request("BYE", {}));
  EXPECT_EQ(bye.header(Name::cseq), "1 BYE");
  EXPECT_EQ(parse_name_addr(bye.header(Name::from))->params.value("tag"), "b1");
  EXPECT_EQ(parse_name_addr(bye.header(Name::to))->params.value("tag"), "a1");
}

TEST(DialogAsUas, needs_a_contact) {
  auto request = invite();
  request.remove(Name::contact);
  EXPECT_FALSE(Dialog::as_uas(request, "b1"));
  request.add(Name::contact, "*");
  EXPECT_FALSE(Dialog::as_uas(request, "b1"));
}

// RFC 3261 12.2.2
TEST(DialogAsUas, takes_requests_in_order_only) {
  auto dialog = Dialog::as_uas(invite(), "b1");
  EXPECT_FALSE(dialog->accept_sequence(6));
  EXPECT_FALSE(dialog->accept_sequence(7));
  EXPECT_TRUE(dialog->accept_sequence(10));
  EXPECT_FALSE(dialog->accept_sequence(9));
}

// RFC 3261 12.2: a new Contact replaces the target, not the routes.
TEST(DialogAsUas, follows_its_peer) {
  auto dialog = Dialog::as_uas(invite(), "b1");
  EXPECT_FALSE(dialog->refresh_target(invite()));

  auto moved = invite();
  moved.set(Name::contact, "<sip:alice@192.0.2.7>");
  EXPECT_TRUE(dialog->refresh_target(moved));
  EXPECT_EQ(dialog->make_request(Message::request("INFO", {})).uri(), "sip:alice@192.0.2.7");
}

TEST(DialogAsUas, keeps_its_target_when_a_request_names_none) {
  auto dialog = Dialog::as_uas(invite(), "b1");
  EXPECT_FALSE(dialog->refresh_target(Message::request("UPDATE", "sip:bob@192.0.2.4")));
  EXPECT_EQ(to_text(dialog->remote_contact().uri), "sip:alice@pc33.atlanta.example.com");
}

// RFC 6665 4.4.1
TEST(DialogAsSubscriber, is_made_by_a_notify_that_came_first) {
  auto subscribe = invite();
  auto notify = Message::request("NOTIFY", "sip:alice@pc33.atlanta.example.com");
  notify.add(Name::from, "<sip:bob@biloxi.example.com>;tag=n1");
  notify.add(Name::to, "<sip:alice@atlanta.example.com>;tag=a1");
  notify.add(Name::call_id, "call-1");
  notify.add(Name::cseq, "3 NOTIFY");
  notify.add(Name::contact, "<sip:focus@192.0.2.5>");
  notify.add(Name::record_route, "<sip:p1.example.com;lr>");

  auto dialog = Dialog::as_subscriber(subscribe, notify);

  ASSERT_TRUE(dialog);
  EXPECT_EQ(dialog->local_tag(), "a1");
  EXPECT_EQ(dialog->remote_tag(), "n1");
  const auto refresh = dialog->make_request(Message::request("SUBSCRIBE", {}));
  EXPECT_EQ(refresh.uri(), "sip:focus@192.0.2.5");
  EXPECT_EQ(refresh.header(Name::cseq), "8 SUBSCRIBE");
}

}  // namespace
}  // namespace convene::sip
