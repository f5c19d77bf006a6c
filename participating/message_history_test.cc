#include "participating/test_history.h"

namespace convene::participating {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

struct MessageHistory : HistoryTest {
  static inline const std::string cpim =
      "From: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\n"
      "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m-77\r\n"
      "DateTime: 2025-11-22T10:05:00Z\r\n\r\nContent-Type: text/plain\r\n\r\nhello";

  static sip::Message message(std::string_view served) {
    auto request = of_flow("f3-1", served);
    auto made = sip::Message::request("MESSAGE", "sip:bob@example.com");
    for (const auto& field : request.fields())
      if (field.name != sip::Name::cseq && field.name != sip::Name::content_type &&
          field.name != sip::Name::content_length && field.name != sip::Name::contact) {
        if (field.name == sip::Name::other)
          made.add(field.text, field.value);
        else
          made.add(field.name, field.value);
      }
    made.add(sip::Name::cseq, "1 MESSAGE");
    made.set_body("message/cpim", cpim);
    return made;
  }
};

// CPM 8.5.3, conversation 2: the sender learns the UID of the message object.
TEST_F(MessageHistory, has_what_was_sent_and_tells_its_uid) {
  receive(message(alice_calls));
  EXPECT_THAT(asks, IsEmpty()) << "not taken yet";
  answer(last_request("MESSAGE"), 202);
  ASSERT_THAT(asks, SizeIs(1));
  EXPECT_EQ(to_text(write(0).folder), "Default/f1b7c2a4-9c1e-4d2f-8a55-6a0d4c1e2b30");
  EXPECT_FALSE(write(0).session_info);
  const auto object = read(write(0).objects.at(0));
  EXPECT_EQ(std::get<store::StoredMessage>(object.content).cpim, cpim);
  EXPECT_EQ(object.headers.imdn_message_id, "m-77");
  EXPECT_EQ(object.headers.to, "sip:bob@example.com");
  EXPECT_THAT(write(0).objects[0].flags, testing::ElementsAre("\\Seen"));

  EXPECT_FALSE(last_response("MESSAGE"));
  store_has(asks[0], {.uid_validity = 7, .session_info = {}, .objects = {9}});
  ASSERT_TRUE(last_response("MESSAGE"));
  EXPECT_EQ(last_response("MESSAGE")->status(), 202);
  EXPECT_EQ(last_response("MESSAGE")->header(sip::Name::message_uid), "9");
}

TEST_F(MessageHistory, has_what_was_received_and_tells_the_sender_nothing) {
  receive(message(bob_is_called));
  answer(last_request("MESSAGE"), 200);
  ASSERT_THAT(asks, SizeIs(1));
  EXPECT_EQ(write(0).account, "bob");
  EXPECT_THAT(write(0).objects.at(0).flags, IsEmpty()) << "not seen yet";
  EXPECT_EQ(read(write(0).objects[0]).headers.direction, store::Direction::received);
  ASSERT_TRUE(last_response("MESSAGE"));
  EXPECT_EQ(last_response("MESSAGE")->header(sip::Name::message_uid), "");
}

TEST_F(MessageHistory, has_nothing_that_was_not_taken) {
  receive(message(alice_calls));
  answer(last_request("MESSAGE"), 404);
  EXPECT_THAT(asks, IsEmpty());
  EXPECT_EQ(last_response("MESSAGE")->status(), 404);
}

TEST_F(MessageHistory, has_nothing_of_who_does_not_want_it) {
  make({}, false);
  receive(message(alice_calls));
  answer(last_request("MESSAGE"), 200);
  EXPECT_THAT(asks, IsEmpty());
  EXPECT_TRUE(last_response("MESSAGE"));
}

TEST_F(MessageHistory, lets_the_answer_go_when_the_store_is_slow) {
  receive(message(alice_calls));
  answer(last_request("MESSAGE"), 200);
  pass(2s);
  ASSERT_TRUE(last_response("MESSAGE"));
  EXPECT_EQ(last_response("MESSAGE")->header(sip::Name::message_uid), "");
}

}  // namespace
}  // namespace convene::participating
