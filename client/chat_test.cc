#include "client/test_chat.h"

namespace convene::client {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;

// Flow F2.1
TEST_F(ChatTest, sends_cpim_with_the_reports_it_wants) {
  const auto id = client->send_chat(
      group,
      {.octets = "Shall we start earlier?", .wants = {.positive_delivery = true, .display = true}},
      now, out);
  ASSERT_TRUE(id);

  const auto frame = written(connection);

  EXPECT_EQ(essence(body_of(frame)), essence(body_of(flow("014-f2-1-alice-to-cf-send.txt"))));
  EXPECT_THAT(frame, HasSubstr("imdn.Message-ID: " + *id));
  EXPECT_THAT(frame, Not(HasSubstr("+\r\n")));  // in one chunk
  confirm(connection, frame);
  EXPECT_THAT(event<ChatSent>(), Optional(ChatSent{group, *id}));
}

TEST_F(ChatTest, tells_that_a_message_was_refused) {
  const auto id = client->send_chat(group, {.octets = "Hello"}, now, out);
  const auto frame = written(connection);
  confirm(connection, frame, "403 Forbidden");
  EXPECT_THAT(event<ChatFailed>(), Optional(ChatFailed{group, *id, 403}));
}

// Flow F2.3
TEST_F(ChatTest, shows_what_others_say) {
  focus_says(from_bob("text/plain;charset=UTF-8", "Half past eight.", ""));
  const auto chat = event<ChatReceived>();
  ASSERT_TRUE(chat);
  EXPECT_EQ(chat->from, (Person{"sip:bob@example.com", "Bob"}));
  EXPECT_EQ(chat->octets, "Half past eight.");
  EXPECT_EQ(chat->content_type, "text/plain;charset=UTF-8");
  EXPECT_EQ(chat->id, "m-1");
  EXPECT_THAT(written(connection), HasSubstr(" 200"));
}

// Flow F2.4: the report goes through the session while it is up.
TEST_F(ChatTest, reports_delivery_inside_the_session) {
  focus_says(from_bob("text/plain", "Half past eight.",
                      "imdn.Disposition-Notification: positive-delivery\r\n"));
  const auto text = written(connection);
  EXPECT_THAT(text, HasSubstr("Failure-Report: no"));
  EXPECT_THAT(text, HasSubstr("To: \"Bob\" <sip:bob@example.com>"));
  EXPECT_THAT(text, HasSubstr("<message-id>m-1</message-id>"));
  EXPECT_THAT(text, HasSubstr("<delivered/>"));
}

TEST_F(ChatTest, reports_display_when_the_user_has_seen_it) {
  focus_says(from_bob("text/plain", "Hm", "imdn.Disposition-Notification: display\r\n"));
  EXPECT_TRUE(event<ChatReceived>()->wants_display_report);
  EXPECT_THAT(written(connection), Not(HasSubstr("SEND")));

  ASSERT_TRUE(client->displayed(group, "m-1", now, out));

  EXPECT_THAT(written(connection), HasSubstr("<displayed/>"));
  EXPECT_FALSE(client->displayed(group, "m-1", now, out));  // once
}

// RFC 3994
TEST_F(ChatTest, tells_who_is_composing) {
  focus_says(from_bob("application/im-iscomposing+xml",
                      "<isComposing xmlns=\"urn:ietf:params:xml:ns:im-iscomposing\">"
                      "<state>active</state></isComposing>",
                      ""));
  EXPECT_THAT(event<Composing>(), Optional(Composing{group, {"sip:bob@example.com", "Bob"}, true}));
}

TEST_F(ChatTest, says_that_it_is_composing) {
  ASSERT_TRUE(client->composing(group, true, now, out));
  const auto text = written(connection);
  EXPECT_THAT(text, HasSubstr("<state>active</state>"));
  EXPECT_THAT(text, HasSubstr("Failure-Report: no"));
}

// Conversation 12 (1)
TEST_F(ChatTest, answers_415_to_what_is_no_cpim) {
  focus_says("Hello", "text/plain");
  EXPECT_THAT(written(connection), HasSubstr(" 415"));
  EXPECT_THAT(events(), IsEmpty());
}

TEST_F(ChatTest, sends_no_type_that_the_focus_does_not_accept) {
  EXPECT_EQ(client->send_chat(group, {.octets = "x", .content_type = "image/png"}, now, out)
                .error()
                .fault,
            Fault::unsupported);
}

TEST_F(ChatTest, sends_nothing_private_where_nobody_announced_it) {
  EXPECT_FALSE(client->send_chat(group, {.octets = "x", .to = "sip:bob@example.com"}, now, out));
}

TEST_F(ChatTest, does_not_chat_in_a_session_that_has_ended) {
  ASSERT_TRUE(client->leave(group, now, out));
  EXPECT_EQ(client->send_chat(group, {.octets = "x"}, now, out).error().fault, Fault::out_of_order);
  EXPECT_EQ(client->send_chat({99}, {.octets = "x"}, now, out).error().fault, Fault::not_found);
}

// Conversation 6.7: MSRP lost is disconnected, not left.
TEST_F(ChatTest, disconnects_when_its_connection_is_lost) {
  client->msrp_closed(connection, now, out);
  wait(60s);
  const auto bye = sent("BYE");
  EXPECT_EQ(bye.header(Name::reason), "");
  EXPECT_EQ(event<Ended>()->reason, EndReason::disconnected);
}

// A report on a message that came outside any session goes by SIP MESSAGE.
TEST_F(ChatTest, takes_a_message_outside_any_session) {
  auto message = sip::Message::request("MESSAGE", "sip:alice@example.com");
  message.add(Name::via, "SIP/2.0/TCP pf-a.example.com;branch=z9hG4bKmm");
  message.add(Name::max_forwards, "70");
  message.add(Name::from, "<sip:bob@example.com>;tag=m");
  message.add(Name::to, "<sip:alice@example.com>");
  message.add(Name::call_id, "mm");
  message.add(Name::cseq, "1 MESSAGE");
  message.add(Name::conversation_id, "c-1");
  message.set_body("message/cpim",
                   from_bob("text/plain", "Are you there?",
                            "imdn.Disposition-Notification: positive-delivery\r\n"));
  receive(std::move(message));

  answered(200);
  EXPECT_EQ(event<ChatReceived>()->group, GroupId{});
  const auto report = sent("MESSAGE");
  EXPECT_EQ(report.uri(), "sip:bob@example.com");
  EXPECT_EQ(report.header(Name::conversation_id), "c-1");
}

// RFC 7701 7
TEST_F(ChatTest, asks_for_a_nickname) {
  ASSERT_TRUE(client->set_nickname(group, "Ally", now, out));
  const auto text = written(connection);
  EXPECT_THAT(text, HasSubstr("NICKNAME"));
  EXPECT_THAT(text, HasSubstr("Use-Nickname: \"Ally\""));
  confirm(connection, text, "425 Reserved");
  EXPECT_THAT(event<NicknameRefused>(), Optional(NicknameRefused{group, "Ally", 425}));

  ASSERT_TRUE(client->set_nickname(group, "Al", now, out));
  confirm(connection, written(connection));
  EXPECT_THAT(event<NicknameSet>(), Optional(NicknameSet{group, "Al"}));
}

}  // namespace
}  // namespace convene::client
