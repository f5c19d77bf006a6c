#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_stage.h"

// RFC 5438 8: the focus reports that a copy cannot be delivered, if that was asked for.
namespace convene::controlling {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string said(std::string_view wants) {
  return "From: <sip:anonymous@anonymous.invalid>\r\nTo: <sip:anonymous@anonymous.invalid>\r\n"
         "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m-1\r\n"
         "DateTime: 2025-11-22T10:02:11Z\r\nimdn.Disposition-Notification: " +
         std::string{wants} + "\r\n\r\nContent-Type: text/plain\r\n\r\nhello";
}

struct FailureReports : testing::Test {
  // What carol answers to the SEND that she hears.
  void carol_refuses(int status) {
    group.answers_sends = false;
    const auto heard = group.hear("carol");
    group.reply("carol", heard.substr(5, heard.find(" SEND") - 5), status);
    group.answers_sends = true;
  }
  Group group;
};

TEST_F(FailureReports, tell_the_sender_whose_copy_was_refused) {
  group.say("alice", said("negative-delivery"));
  group.hear("bob");
  carol_refuses(413);

  const auto heard = group.hear("alice");
  EXPECT_THAT(heard, HasSubstr("From: <sip:carol@example.com>"));
  EXPECT_THAT(heard, HasSubstr("To: <sip:alice@example.com>"));
  EXPECT_THAT(heard, HasSubstr("<message-id>m-1</message-id>"));
  EXPECT_THAT(heard, HasSubstr("<datetime>2025-11-22T10:02:11Z</datetime>"));
  EXPECT_THAT(heard, HasSubstr("<recipient-uri>sip:carol@example.com</recipient-uri>"));
  EXPECT_THAT(heard, HasSubstr("<delivery-notification><status><failed/>"));
  EXPECT_THAT(heard, Not(HasSubstr("bob@example.com")));
  EXPECT_EQ(group.hear("bob"), "");
}

// RFC 5438 12.2: what was not asked for is not told.
TEST_F(FailureReports, are_not_sent_unasked) {
  group.say("alice", said("positive-delivery, display"));
  group.hear("alice");
  carol_refuses(413);

  EXPECT_EQ(group.hear("alice"), "");
}

// RFC 5438 12.2: that it was delivered, only the recipient knows.
TEST_F(FailureReports, never_say_that_something_was_delivered) {
  group.say("alice", said("positive-delivery, negative-delivery"));
  group.hear("alice");
  for (const auto* name : {"bob", "carol", "dave", "erin"}) group.hear(name);
  group.pass(10min);

  EXPECT_EQ(group.hear("alice"), "");
}

TEST_F(FailureReports, tell_of_a_recipient_whose_connection_breaks) {
  group.answers_sends = false;
  group.say("alice", said("negative-delivery"));
  group.hear("carol");
  group.cut("carol");

  EXPECT_THAT(group.hear("alice"), HasSubstr("<failed/>"));
}

TEST_F(FailureReports, tell_of_a_recipient_who_hangs_up_first) {
  group.answers_sends = false;
  group.say("alice", said("negative-delivery"));
  group.hear("carol");
  group.receive(group.bye("carol"));

  EXPECT_THAT(group.hear("alice"), HasSubstr("<recipient-uri>sip:carol@example.com"));
}

// G-26: between the loss of the connection and the end of the grace
TEST_F(FailureReports, tell_of_a_recipient_whose_connection_is_lost_already) {
  group.cut("carol");

  group.say("alice", said("negative-delivery"));

  EXPECT_THAT(group.hear("alice"), HasSubstr("<recipient-uri>sip:carol@example.com"));
}

TEST_F(FailureReports, go_as_a_page_to_a_sender_who_is_not_in_the_session) {
  group.answers_sends = false;
  group.say("alice", said("negative-delivery"));
  group.hear("carol");
  group.receive(group.bye("alice"));
  group.sent.clear();
  group.cut("carol");

  const auto page = group.request("MESSAGE", "sip:alice").value();
  EXPECT_THAT(std::string{page.body()}, HasSubstr("<failed/>"));
  EXPECT_EQ(page.header(sip::Name::referred_by), "<sip:carol@example.com>");
}

// F3.6, F11.1: 4xx to 6xx to the INVITE of a file
TEST_F(FailureReports, tell_who_refused_a_file) {
  group.begin_file();

  group.answer(group.request("INVITE", "sip:carol").value(), 488);

  const auto heard = group.hear("alice");
  EXPECT_THAT(heard, HasSubstr("<message-id>f-9QmZt41kLw</message-id>"));
  EXPECT_THAT(heard, HasSubstr("<recipient-uri>sip:carol@example.com</recipient-uri>"));
  EXPECT_THAT(heard, HasSubstr("<failed/>"));
}

// G-08: a file that nobody accepts is refused; nothing of it was accepted, and nothing is reported.
TEST_F(FailureReports, do_not_come_with_a_file_that_is_refused_as_a_whole) {
  group.receive(group.file_offer());
  group.answer(group.request("INVITE", "sip:bob").value(), 486);
  group.answer(group.request("INVITE", "sip:carol").value(), 486);

  EXPECT_EQ(group.status("INVITE"), 486);
  EXPECT_EQ(group.hear("alice"), "");
}

TEST_F(FailureReports, wait_until_the_file_is_accepted) {
  group.receive(group.file_offer());
  group.answer(group.request("INVITE", "sip:carol").value(), 486);
  EXPECT_EQ(group.hear("alice"), "");

  group.accept_file("bob");

  EXPECT_THAT(group.hear("alice"), HasSubstr("<recipient-uri>sip:carol@example.com"));
}

// F11.3: the spool is aborted
TEST_F(FailureReports, tell_whose_copy_ended_with_the_sender_s) {
  group.begin_file();
  group.answer(group.request("INVITE", "sip:carol").value(), 486);
  group.hear("alice");

  group.cut("alice-file");

  EXPECT_THAT(group.hear("alice"), HasSubstr("<recipient-uri>sip:bob@example.com"));
}

TEST_F(FailureReports, tell_nothing_of_who_has_the_file) {
  group.begin_file();
  group.answer(group.request("INVITE", "sip:carol").value(), 486);
  group.send_file();
  group.hear("bob-file");
  group.hear("alice");
  group.end_file();
  group.pass(2min);

  EXPECT_EQ(group.hear("alice"), "");
}

}  // namespace
}  // namespace convene::controlling
