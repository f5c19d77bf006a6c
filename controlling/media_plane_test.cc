#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_stage.h"

// CPM 9.2.12, conversation 12: flow F2.
namespace convene::controlling {
namespace {

using testing::HasSubstr;
using testing::Not;

// The CPIM message in the first SEND of an MSRP text.
std::string cpim_in(std::string_view msrp) {
  const auto begin = msrp.find("\r\n\r\n") + 4;
  const auto end = msrp.find("\r\n-------", begin);
  return std::string{msrp.substr(begin, end - begin)};
}

std::string message_of(std::string_view label) { return cpim_in(cpm::flow_text(label)); }

std::string cpim(std::string_view from, std::string_view to, std::string_view type,
                 std::string_view body) {
  std::string text;
  if (!from.empty()) text += "From: <" + std::string{from} + ">\r\n";
  if (!to.empty()) text += "To: <" + std::string{to} + ">\r\n";
  return text + "\r\nContent-Type: " + std::string{type} + "\r\n\r\n" + std::string{body};
}

constexpr std::string_view anonymous = "sip:anonymous@anonymous.invalid";
constexpr std::string_view composing = "application/im-iscomposing+xml";

struct MediaPlane : testing::Test {
  Group group;
};

// G-20: F2.1 to F2.3
TEST_F(MediaPlane, gives_everybody_a_copy_from_its_sender_to_them) {
  const auto sent = group.say("alice", message_of("f2-1"));
  EXPECT_EQ(cpim_in(group.hear("bob")), message_of("f2-3"));
  EXPECT_THAT(group.hear("carol"), HasSubstr("To: <sip:carol@example.com>"));
  EXPECT_EQ(group.status_heard("alice", sent), 200);
}

TEST_F(MediaPlane, does_not_give_the_sender_a_copy) {
  group.say("alice", message_of("f2-1"));
  EXPECT_THAT(group.hear("alice"), Not(HasSubstr("SEND")));
}

// RFC 7701 6.1, G-20: a leg that knows chat rooms reads To as the room.
TEST_F(MediaPlane, keeps_the_room_in_to_for_who_knows_rooms) {
  group.receive(group.bye("bob"));
  auto rejoin = group.fresh("f7-1", group.focus_uri);
  rejoin.set(sip::Name::p_asserted_identity, "<sip:bob@example.com>");
  auto sdp = std::string{rejoin.body()} + "a=chatroom:nickname private-messages\r\n";
  rejoin.set_body("application/sdp", sdp);
  group.receive(rejoin);
  const auto ok = group.response("INVITE").value();
  EXPECT_EQ(ok.status(), 200);
  group.acknowledge(ok);
  group.connect("bob", sdp_of(ok), sdp);

  group.say("alice", message_of("f2-1"));
  EXPECT_THAT(group.hear("bob"), HasSubstr("To: <" + group.focus_uri + ">"));
}

// RFC 7701 6.3, reliability: CPIM From of somebody else.
TEST_F(MediaPlane, refuses_a_forged_from) {
  const auto sent = group.say("alice", cpim("sip:bob@example.com", anonymous, "text/plain", "x"));
  EXPECT_EQ(group.status_heard("alice", sent), 403);
  EXPECT_EQ(group.hear("carol"), "");
  EXPECT_THAT(group.log.text(), HasSubstr("CPIM From of somebody else"));
}

TEST_F(MediaPlane, takes_every_spelling_of_the_sender_and_none) {
  for (const auto* from :
       {"", "sip:alice@example.com", "SIP:alice@EXAMPLE.com;gr=1",
        "sip:alice@198.51.100.11:5060;transport=tcp", "sip:anonymous@anonymous.invalid"}) {
    const auto sent = group.say("alice", cpim(from, group.focus_uri, "text/plain", "x"));
    EXPECT_EQ(group.status_heard("alice", sent), 200) << from;
    EXPECT_THAT(group.hear("bob"), HasSubstr("From: \"Alice\" <sip:alice@example.com>")) << from;
  }
}

// RFC 7701 6.3
TEST_F(MediaPlane, refuses_what_is_no_cpim) {
  EXPECT_EQ(group.status_heard("alice", group.say("alice", "hello", "text/plain")), 415);
  EXPECT_EQ(group.status_heard("alice", group.say("alice", "hello")), 400);
}

// RFC 7701 6.2, 6.3
TEST_F(MediaPlane, refuses_an_unknown_recipient) {
  const auto sent =
      group.say("alice", cpim(anonymous, "sip:nobody@example.com", "text/plain", "x"));
  EXPECT_EQ(group.status_heard("alice", sent), 404);
}

// RFC 7701 6.2: bob's SDP has no a=chatroom:private-messages.
TEST_F(MediaPlane, gives_private_messages_only_to_those_who_take_them) {
  Group rooms{{.media = {.private_messages = true}}};
  const auto sent = rooms.say("alice", cpim(anonymous, "sip:bob@example.com", "text/plain", "x"));
  EXPECT_EQ(rooms.status_heard("alice", sent), 428);
  EXPECT_EQ(rooms.hear("bob"), "");
}

// Conversation 12 (5)
TEST_F(MediaPlane, tells_of_composing_only_those_who_list_it) {
  group.say("alice", cpim(anonymous, anonymous, composing, "<isComposing/>"));
  EXPECT_THAT(group.hear("bob"), HasSubstr("<isComposing/>"));

  auto refresh = group.in_dialog("INVITE", group.invites.at("bob"));
  refresh.add(sip::Name::contact, flow("f1-6").header(sip::Name::contact));
  std::string sdp{flow("f1-6").body()};
  sdp.replace(sdp.find(" application/im-iscomposing+xml"), 31, "");
  refresh.set_body("application/sdp", sdp);
  group.receive(refresh);
  group.say("alice", cpim(anonymous, anonymous, composing, "<isComposing/>"));
  EXPECT_EQ(group.hear("bob"), "");
}

// G-41
TEST_F(MediaPlane, passes_files_over_http_through_untouched) {
  constexpr std::string_view type = "application/vnd.gsma.rcs-ft-http+xml";
  group.say("alice", cpim(anonymous, anonymous, type, "<file/>"));
  EXPECT_THAT(cpim_in(group.hear("bob")), HasSubstr("<file/>"));
}

// R1.23
TEST_F(MediaPlane, does_not_reach_who_has_not_joined) {
  Group small{{}, {"bob"}};
  small.say("alice", message_of("f2-1"));
  EXPECT_THAT(small.hear("bob"), HasSubstr("SEND"));
  EXPECT_EQ(small.focus.snapshot().msrp_sessions, 2U);
}

// RFC 7701 6.3: one that refuses its copy is no business of the sender.
TEST_F(MediaPlane, goes_on_when_one_refuses_its_copy) {
  group.answers_sends = false;
  group.say("alice", message_of("f2-1"));
  const auto heard = group.hear("bob");
  group.reply("bob", heard.substr(5, heard.find(" SEND") - 5), 413);
  group.answers_sends = true;
  group.hear("bob");
  group.say("alice", message_of("f2-1"));
  EXPECT_THAT(group.hear("bob"), HasSubstr("SEND"));
  EXPECT_THAT(group.hear("alice"), Not(HasSubstr("413")));
}

}  // namespace
}  // namespace convene::controlling
