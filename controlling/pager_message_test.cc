#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_standalone.h"
#include "cpim/imdn_headers.h"
#include "imdn/notification.h"

// CPM 9.1.1, RFC 5365: a standalone message in pager mode, to a list.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct PagerMessageToList : testing::Test {
  sip::Message message(const std::string& cpim = standalone_cpim("Hello"),
                       const std::string& entries = to_bob_and_carol) {
    return pager_message(stage, std::string{factory_uri}, cpim, entries);
  }
  int status_of(const sip::Message& request) {
    stage.receive(request);
    return stage.status("MESSAGE");
  }
  static std::string cpim_of(const sip::Message& copy) {
    return cpim::to_text(cpm::read_pager_content(copy).value().message);
  }
  Stage stage;
};

// RFC 5365 7.2: its own MESSAGE to each, accepted before they answer.
TEST_F(PagerMessageToList, goes_to_each_who_is_on_it) {
  EXPECT_EQ(status_of(message()), 202);

  const auto bob = stage.request("MESSAGE", "sip:bob@example.com").value();
  const auto carol = stage.request("MESSAGE", "sip:carol@example.com").value();
  EXPECT_EQ(bob.header(Name::p_asserted_identity), "\"Alice\" <sip:alice@example.com>");
  EXPECT_EQ(bob.header(Name::contribution_id), "77aa10c2d3e4f5061728394a5b6c7d8e");
  EXPECT_EQ(bob.header(Name::conversation_id), "f1b7c2a4-9c1e-4d2f-8a55-6a0d4c1e2b30");
  EXPECT_THAT(std::string{bob.header(Name::accept_contact)}, HasSubstr("oma.cpm.msg"));
  EXPECT_FALSE(bob.has(Name::require));
  EXPECT_THAT(cpim_of(bob), HasSubstr("To: <sip:bob@example.com>"));
  EXPECT_THAT(cpim_of(carol), HasSubstr("To: <sip:carol@example.com>"));
  EXPECT_THAT(cpim_of(carol), HasSubstr("\r\n\r\nHello"));
  EXPECT_NE(bob.header(Name::call_id), carol.header(Name::call_id));
}

// Conversation 2: how long it may wait for each.
TEST_F(PagerMessageToList, says_to_each_when_it_expires) {
  auto request = message();
  request.add(Name::message_expires, "86400");
  stage.receive(request);
  for (const auto* who : {"sip:bob", "sip:carol"}) {
    EXPECT_EQ(stage.request("MESSAGE", who).value().header(Name::message_expires), "86400") << who;
  }
}

// RFC 5365 7.3, RFC 5364 4: who was copied blindly is told to nobody.
TEST_F(PagerMessageToList, tells_each_who_else_gets_it_openly) {
  stage.receive(message());
  const auto carol = stage.request("MESSAGE", "sip:carol").value();
  const auto history = cpm::recipient_history_of(carol);
  ASSERT_TRUE(history);
  EXPECT_THAT(*history, HasSubstr("sip:bob@example.com"));
  EXPECT_THAT(*history, Not(HasSubstr("sip:carol@example.com")));
}

TEST_F(PagerMessageToList, has_no_history_where_policy_says_so) {
  Stage quiet{{.message = {.recipient_list_history = false}}};
  quiet.receive(
      pager_message(quiet, std::string{factory_uri}, standalone_cpim("Hello"), to_bob_and_carol));
  EXPECT_EQ(quiet.request("MESSAGE", "sip:bob").value().header(Name::content_type), "message/cpim");
}

// RFC 3323, conversation 4: whoever asks for it is anonymous in what others read.
TEST_F(PagerMessageToList, hides_a_sender_who_asks_for_it) {
  auto request = message(standalone_cpim("Hello", "sip:anonymous@anonymous.invalid"));
  request.add(Name::privacy, "id");
  stage.receive(request);
  const auto bob = stage.request("MESSAGE", "sip:bob").value();
  EXPECT_EQ(bob.header(Name::privacy), "id");
  EXPECT_THAT(std::string{bob.header(Name::from)}, Not(HasSubstr("alice")));
  EXPECT_THAT(cpim_of(bob), Not(HasSubstr("alice")));
}

// RFC 5438 8: a copy that fails is reported where that was asked for, and only that one.
TEST_F(PagerMessageToList, reports_the_copies_that_fail) {
  stage.receive(message());
  stage.answer(stage.request("MESSAGE", "sip:bob").value(), 200);
  EXPECT_FALSE(stage.request("MESSAGE", "sip:alice"));
  stage.answer(stage.request("MESSAGE", "sip:carol").value(), 404);

  const auto report = stage.request("MESSAGE", "sip:alice").value();
  const auto content = cpm::read_pager_content(report).value().message;
  const auto notification = imdn::parse_notification(content.body);
  ASSERT_TRUE(notification);
  EXPECT_EQ(notification->status, imdn::Status::failed);
  EXPECT_EQ(notification->message_id, "m-1");
  EXPECT_EQ(notification->recipient_uri, "sip:carol@example.com");
  EXPECT_EQ(stage.focus.snapshot().pending, 0U);
}

// Conversation 13, 17
TEST_F(PagerMessageToList, of_more_than_1300_octets_is_too_large) {
  const auto room = cpm::max_pager_octets - standalone_cpim("").size();
  EXPECT_EQ(status_of(message(standalone_cpim(std::string(room, 'x')))), 202);
  EXPECT_EQ(status_of(message(standalone_cpim(std::string(room + 1, 'x')))), 413);
}

// Conversation 17
TEST_F(PagerMessageToList, is_refused_when_it_is_none) {
  EXPECT_EQ(status_of(message(standalone_cpim("Hello"), "")), 400);
  EXPECT_EQ(status_of(message("From: <<", to_bob_and_carol)), 400);
  EXPECT_EQ(status_of(message(standalone_cpim("Hello"), "<entry")), 400);
  auto text = message();
  text.set_body("text/plain", "Hello");
  EXPECT_EQ(status_of(text), 400);
  EXPECT_EQ(status_of(message(standalone_cpim("Hello"),
                              "<entry uri=\"sip:conference-factory@example.com\"/>")),
            403);
  EXPECT_EQ(status_of(message(standalone_cpim("Hello", "sip:mallory@example.com"))), 403);
  EXPECT_FALSE(stage.request("MESSAGE"));
}

TEST_F(PagerMessageToList, is_refused_when_what_comes_with_it_is_no_cpim) {
  auto request = message();
  std::string body{request.body()};
  body.replace(body.find("message/cpim"), 12, "text/weird  ");
  request.set_body(std::string{request.header(Name::content_type)}, body);
  EXPECT_EQ(status_of(request), 415);
}

// Conversation 17: 1,000 entries are a defined answer.
TEST_F(PagerMessageToList, is_refused_when_the_list_is_too_long) {
  std::string entries;
  for (int i = 0; i < 1'000; ++i) {
    entries += "<entry uri=\"sip:m" + std::to_string(i) + "@example.com\"/>";
  }
  EXPECT_EQ(status_of(message(standalone_cpim("Hello"), entries)), 403);
  EXPECT_FALSE(stage.request("MESSAGE"));
}

// RFC 3261 8.2.2.3
TEST_F(PagerMessageToList, is_refused_when_it_requires_what_we_do_not_know) {
  auto request = message();
  request.add(Name::require, "recipient-list-magic");
  stage.receive(request);
  const auto refusal = stage.response("MESSAGE").value();
  EXPECT_EQ(refusal.status(), 420);
  EXPECT_EQ(refusal.header(Name::unsupported), "recipient-list-magic");
}

}  // namespace
}  // namespace convene::controlling
