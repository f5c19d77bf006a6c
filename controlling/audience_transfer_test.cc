#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_audience.h"

// CPM 9.1.2, R3.0: files and large messages to a list, by the engine that also serves groups.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// CPM 9.1.2 (3)
TEST_F(LargeMessageToList, invites_everybody_on_it_on_behalf_of_its_sender) {
  stage.receive(offer());
  const auto bob = stage.request("INVITE", "sip:bob@example.com").value();
  EXPECT_EQ(bob.header(Name::p_asserted_identity), "\"Alice\" <sip:alice@example.com>");
  EXPECT_EQ(bob.header(Name::contribution_id), "5e3c7d10a2b94c6f8e1d2a3b4c5d6e7f");
  EXPECT_THAT(std::string{bob.header(Name::contact)},
              AllOf(HasSubstr("oma.cpm.largemsg"), Not(HasSubstr("isfocus"))));
  EXPECT_THAT(std::string{bob.header(Name::accept_contact)}, HasSubstr("oma.cpm.largemsg"));
  EXPECT_THAT(sdp_of(bob), AllOf(HasSubstr("a=sendonly"), HasSubstr("a=accept-types:message/cpim"),
                                 HasSubstr("192.0.2.20"), Not(HasSubstr("file-selector"))));
  EXPECT_TRUE(stage.request("INVITE", "sip:carol@example.com"));
  EXPECT_FALSE(stage.response("INVITE"));
}

// RFC 5364 4, 5: carol was copied blindly.
TEST_F(LargeMessageToList, tells_each_who_else_gets_it_openly) {
  stage.receive(offer());
  const auto history =
      cpm::recipient_history_of(stage.request("INVITE", "sip:carol").value()).value_or("");
  EXPECT_THAT(history, AllOf(HasSubstr("sip:bob@example.com"), Not(HasSubstr("sip:carol@"))));
}

// CPM 9.1.2 (4), (5), (7)
TEST_F(LargeMessageToList, reaches_who_accepts_also_late_and_is_over_with_its_senders_bye) {
  begin();
  stage.say("alice", standalone_cpim(std::string(3'000, 'x')));
  const auto bob = stage.hear("bob");
  EXPECT_THAT(bob,
              HasSubstr("From: \"Alice\" <sip:alice@example.com>\r\nTo: <sip:bob@example.com>"));
  EXPECT_THAT(bob, HasSubstr("imdn.Message-ID: m-1"));
  EXPECT_THAT(bob, HasSubstr(std::string(3'000, 'x')));

  stage.receive(stage.in_dialog("BYE", ok));
  EXPECT_TRUE(stage.request("BYE", "sip:bob"));
  accept("carol");
  EXPECT_THAT(stage.hear("carol"), HasSubstr(std::string(3'000, 'x')));
  EXPECT_TRUE(stage.request("BYE", "sip:carol"));
  EXPECT_EQ(leftovers(), "0 0 0");
}

// A sender that does not say how much it will be: known with the last octet.
TEST_F(LargeMessageToList, may_be_of_a_size_that_its_sender_does_not_tell) {
  begin();
  const auto cpim = standalone_cpim(std::string(3'000, 'x'));
  stage.frame("alice", "SEND",
              {"Message-ID: m9", "Byte-Range: 1-*/*", "Content-Type: message/cpim"}, cpim);
  EXPECT_THAT(stage.hear("bob"), HasSubstr(std::string(3'000, 'x')));
}

// CPM 9.1.2 (4): the best of the errors.
TEST_F(LargeMessageToList, that_nobody_accepts_is_refused) {
  stage.receive(offer());
  stage.answer(stage.request("INVITE", "sip:bob").value(), 486);
  EXPECT_FALSE(stage.response("INVITE"));
  stage.answer(stage.request("INVITE", "sip:carol").value(), 603);
  EXPECT_EQ(stage.status("INVITE"), 603);
  EXPECT_EQ(leftovers(), "0 0 0");
}

// Conversation 12 (1)
TEST_F(LargeMessageToList, of_somebody_else_is_aborted) {
  begin();
  stage.say("alice", standalone_cpim("Hello", "sip:mallory@example.com"));
  EXPECT_THAT(stage.hear("bob"), Not(HasSubstr("Hello")));
  EXPECT_TRUE(stage.request("BYE", "sip:bob"));
}

TEST_F(LargeMessageToList, that_is_no_cpim_is_aborted) {
  begin();
  stage.say("alice", "Hello", "text/plain");
  EXPECT_THAT(stage.hear("bob"), Not(HasSubstr("Hello")));
  EXPECT_TRUE(stage.request("BYE", "sip:bob"));
}

// Conversation 17
TEST_F(LargeMessageToList, over_the_size_is_too_large) {
  Stage small{{.message = {.max_large_octets = 1'000}}};
  const auto invite = offer();
  small.receive(invite);
  auto accepted = sip::Message::response(200);
  accepted.add(Name::contact, "<sip:bob@198.51.100.12:5060;transport=tcp>");
  accepted.set_body("application/sdp", message_sdp("recvonly", "bobmsg"));
  small.answer(small.request("INVITE", "sip:bob").value(), accepted);
  const auto answer = small.response("INVITE").value();
  EXPECT_THAT(sdp_of(answer), HasSubstr("a=max-size:1000"));
  small.acknowledge(answer);
  small.connect("alice", sdp_of(answer), sdp_of(invite));
  const auto sent = small.frame(
      "alice", "SEND", {"Message-ID: m9", "Byte-Range: 1-9000/9000", "Content-Type: message/cpim"},
      std::string(9'000, 'x'));
  EXPECT_EQ(small.status_heard("alice", sent), 413);
}

// Conversation 17
TEST_F(LargeMessageToList, is_refused_when_it_cannot_be_sent) {
  EXPECT_EQ(status_of(offer("")), 400);
  EXPECT_EQ(status_of(offer("<entry uri=\"sip:conference-factory@example.com\"/>")), 403);
  auto pull = offer("");
  pull.set_body("application/sdp", message_sdp("recvonly", "alicemsg"));
  cpm::add_part(pull, cpm::recipient_list_part(list_of(to_bob_and_carol)), stage.random);
  EXPECT_EQ(status_of(pull), 488);
  EXPECT_FALSE(stage.request("INVITE"));
}

// CPM 9.3, 9.1.2 (3), R3.0
TEST_F(FileToList, is_offered_with_icon_and_wrapper_by_its_sender) {
  stage.receive(file());
  const auto bob = stage.request("INVITE", "sip:bob@example.com").value();
  EXPECT_EQ(bob.header(Name::p_asserted_identity), "\"Alice\" <sip:alice@example.com>");
  EXPECT_THAT(std::string{bob.header(Name::contact)},
              AllOf(HasSubstr("oma.cpm.filetransfer"), Not(HasSubstr("isfocus"))));
  const std::string body{bob.body()};
  EXPECT_THAT(body, HasSubstr("file-icon"));
  EXPECT_THAT(body, HasSubstr("From: \"Alice\" <sip:alice@example.com>"));
  EXPECT_THAT(body, Not(HasSubstr("IMDN-Record-Route")));
  EXPECT_TRUE(cpm::recipient_history_of(bob));
}

TEST_F(FileToList, over_the_size_is_refused) {
  Stage small{{.file_transfer = {.max_size = 64}}};
  small.receive(file());
  EXPECT_EQ(small.status("INVITE"), 403);
}

TEST_F(FileToList, is_refused_where_there_is_no_file_transfer) {
  Stage none{{.file_transfer = {.services = {}}}};
  none.receive(file());
  EXPECT_EQ(none.status("INVITE"), 403);
}

}  // namespace
}  // namespace convene::controlling
