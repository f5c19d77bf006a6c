#include "cpm/standalone_message.h"

#include "client/test_client.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"

// CPM 7.2, conversation 13: messages outside any session, in pager mode.
namespace convene::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;

struct PagerMessageTest : ClientTest {
  void SetUp() override { be_alice(); }

  Result<std::string> send(StandaloneMessage message) {
    return client->send_message(std::move(message), now, out);
  }
  static std::string cpim_of(const sip::Message& request) {
    return cpim::to_text(cpm::read_pager_content(request).value().message);
  }

  // A MESSAGE of bob's, as his server asserts it.
  sip::Message from_bob(const std::string& cpim_from, const std::string& wants = "") {
    auto request = sip::Message::request("MESSAGE", "sip:alice@198.51.100.11:5060;transport=tcp");
    request.add(Name::via, "SIP/2.0/TCP pf.example.com;branch=z9hG4bKp" + std::to_string(++branch));
    request.add(Name::max_forwards, "70");
    request.add(Name::from, "<sip:bob@example.com>;tag=b");
    request.add(Name::to, "<sip:alice@example.com>");
    request.add(Name::call_id, "page-" + std::to_string(branch));
    request.add(Name::cseq, "1 MESSAGE");
    request.add(Name::p_asserted_identity, "\"Bob\" <sip:bob@example.com>");
    request.add(Name::conversation_id, "thread-1");
    request.add(Name::contribution_id, "c0ffee");
    request.set_body("message/cpim", "From: <" + cpim_from +
                                         ">\r\nTo: <sip:alice@example.com>\r\n"
                                         "NS: imdn <urn:ietf:params:imdn>\r\n"
                                         "imdn.Message-ID: m-1\r\n"
                                         "DateTime: 2025-11-22T10:02:11Z\r\n" +
                                         wants + "\r\nContent-Type: text/plain\r\n\r\nLunch?");
    return request;
  }
};

// CPM 7.2.1.1
TEST_F(PagerMessageTest, goes_to_its_one_recipient_directly) {
  const auto id = send({.to = {"sip:bob@example.com"}, .octets = "Hello"});
  ASSERT_TRUE(id) << id.error().detail;

  const auto request = sent("MESSAGE");
  EXPECT_EQ(request.uri(), "sip:bob@example.com");
  EXPECT_EQ(request.header(Name::content_type), "message/cpim");
  EXPECT_THAT(std::string{request.header(Name::accept_contact)}, HasSubstr("oma.cpm.msg"));
  EXPECT_EQ(request.header(Name::p_preferred_service), cpm::icsi::message);
  EXPECT_FALSE(request.header(Name::conversation_id).empty());
  EXPECT_EQ(request.header(Name::contribution_id).size(), 32U);
  EXPECT_THAT(cpim_of(request), HasSubstr("From: \"Alice\" <sip:alice@example.com>"));
  EXPECT_THAT(cpim_of(request), HasSubstr("To: <sip:bob@example.com>"));
  EXPECT_THAT(cpim_of(request), HasSubstr("imdn.Message-ID: " + *id));

  answer(request, 200);
  EXPECT_THAT(event<ChatSent>(), Optional(ChatSent{{}, *id}));
}

TEST_F(PagerMessageTest, tells_that_it_was_refused) {
  const auto id = send({.to = {"sip:bob@example.com"}, .octets = "Hello"});
  answer(sent("MESSAGE"), 404);
  EXPECT_THAT(event<ChatFailed>(), Optional(ChatFailed{{}, *id, 404}));
  EXPECT_TRUE(client->is_idle());
}

// Conversation 2: the thread, and what it answers.
TEST_F(PagerMessageTest, names_the_message_that_it_answers) {
  send({.to = {"sip:bob@example.com"},
        .octets = "Yes",
        .conversation = "thread-1",
        .in_reply_to = "c0ffee"});
  const auto request = sent("MESSAGE");
  EXPECT_EQ(request.header(Name::conversation_id), "thread-1");
  EXPECT_EQ(request.header(Name::in_reply_to_contribution_id), "c0ffee");
  EXPECT_NE(request.header(Name::contribution_id), "c0ffee");
}

// RFC 5365 6, RFC 5364 4
TEST_F(PagerMessageTest, goes_to_several_through_the_factory) {
  send({.to = {"sip:bob@example.com"}, .bcc = {"sip:carol@example.com"}, .octets = "Hello"});
  const auto request = sent("MESSAGE");
  EXPECT_EQ(request.uri(), "sip:conference-factory@example.com");
  EXPECT_EQ(request.header(Name::require), "recipient-list-message");
  EXPECT_THAT(cpim_of(request), HasSubstr("To: <sip:anonymous@anonymous.invalid>"));
  const auto list = cpm::recipient_list_of(request).value_or("");
  EXPECT_THAT(list, HasSubstr("\"sip:bob@example.com\" cp:copyControl=\"to\""));
  EXPECT_THAT(list, HasSubstr("\"sip:carol@example.com\" cp:copyControl=\"bcc\""));
  answer(request, 202);
  EXPECT_TRUE(event<ChatSent>());
}

TEST_F(PagerMessageTest, is_refused_before_it_leaves_when_it_cannot_arrive) {
  EXPECT_EQ(send({.to = {}, .octets = "Hello"}).error().fault, Fault::malformed);
  EXPECT_EQ(send({.to = {"http://bob"}, .octets = "Hello"}).error().fault, Fault::unsupported);
  EXPECT_EQ(send({.to = std::vector<std::string>(1'001, "sip:bob@example.com")}).error().fault,
            Fault::too_large);
  EXPECT_EQ(send({.to = {"sip:bob@example.com"}, .content_type = "x"}).error().fault,
            Fault::malformed);
  EXPECT_TRUE(is_silent());
}

// Conversation 4, 13
TEST_F(PagerMessageTest, that_arrives_is_told_with_what_an_answer_names) {
  receive(from_bob("sip:bob@example.com"));
  EXPECT_EQ(sent().status(), 200);
  const auto chat = event<ChatReceived>();
  ASSERT_TRUE(chat);
  EXPECT_EQ(chat->group, GroupId{});
  EXPECT_EQ(chat->from, (Person{"sip:bob@example.com", "Bob"}));
  EXPECT_EQ(chat->octets, "Lunch?");
  EXPECT_EQ(chat->conversation, "thread-1");
  EXPECT_EQ(chat->contribution, "c0ffee");
  EXPECT_TRUE(is_silent());
}

// Conversation 4: CPIM is what its sender wrote; the network knows who that is.
TEST_F(PagerMessageTest, that_arrives_is_from_whom_the_network_says) {
  receive(from_bob("sip:mallory@example.com"));
  EXPECT_EQ(event<ChatReceived>()->from.address, "sip:bob@example.com");

  auto anonymous = from_bob("sip:bob@example.com");
  anonymous.add(Name::privacy, "id");
  receive(anonymous);
  EXPECT_EQ(event<ChatReceived>()->from, Person{});
}

// Conversation 11: a report by MESSAGE, to who sent it.
TEST_F(PagerMessageTest, that_arrives_is_reported_by_message) {
  receive(from_bob("sip:anonymous@anonymous.invalid",
                   "imdn.Disposition-Notification: positive-delivery, display\r\n"));
  const auto report = sent("MESSAGE");
  EXPECT_EQ(report.uri(), "sip:bob@example.com");
  EXPECT_EQ(report.header(Name::conversation_id), "thread-1");
  EXPECT_THAT(std::string{report.body()}, HasSubstr("<delivered/>"));

  ASSERT_TRUE(client->displayed({}, "m-1", now, out));
  EXPECT_THAT(std::string{sent("MESSAGE").body()}, HasSubstr("<displayed/>"));
}

// R1.10b, RFC 5364 5
TEST_F(PagerMessageTest, that_arrives_by_a_group_tells_who_else_got_it) {
  auto request = from_bob("sip:bob@example.com");
  request.set(Name::p_asserted_identity, "<sip:hikers@groups.example.com>");
  request.set(Name::referred_by, "<sip:bob@example.com>");
  const auto content = cpm::read_pager_content(request).value().message;
  cpm::set_parts(
      request,
      {cpm::cpim_part(content), cpm::recipient_history_part("<resource-lists><list>"
                                                            "<entry uri=\"sip:alice@example.com\"/>"
                                                            "<entry uri=\"sip:carol@example.com\"/>"
                                                            "</list></resource-lists>")},
      random);
  receive(request);
  const auto chat = event<ChatReceived>();
  ASSERT_TRUE(chat);
  EXPECT_EQ(chat->from.address, "sip:bob@example.com");
  EXPECT_EQ(chat->group_address, "sip:hikers@groups.example.com");
  EXPECT_THAT(chat->also_to, ElementsAre("sip:carol@example.com"));
}

// Conversation 17
TEST_F(PagerMessageTest, that_arrives_broken_is_refused) {
  auto text = from_bob("sip:bob@example.com");
  text.set_body("text/plain", "Lunch?");
  receive(text);
  EXPECT_EQ(sent().status(), 415);
  auto broken = from_bob("sip:bob@example.com");
  broken.set_body("message/cpim", "From: <<");
  receive(broken);
  EXPECT_EQ(sent().status(), 400);
  auto listed = from_bob("sip:bob@example.com");
  listed.add(Name::require, "recipient-list-message");
  receive(listed);
  EXPECT_EQ(sent().status(), 420);
  EXPECT_THAT(events(), IsEmpty());
}

}  // namespace
}  // namespace convene::client
