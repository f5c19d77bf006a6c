#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_audience.h"

// CPM 9.1.1, 9.1.2 (6), R1.16, A6, flow F10: who is on a list and is no CPM user gets it by way of
// the ISF.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::HasSubstr;

constexpr std::string_view isf = "sip:isf.example.com;transport=tcp;lr";
constexpr std::string_view isf_route = "<sip:isf.example.com;transport=tcp;lr>";

Policy with_isf() { return {.group = {.interworking_uri = std::string{isf}}}; }

struct PagerMessageByIsf : testing::Test {
  PagerMessageByIsf() {
    stage.receive(
        pager_message(stage, std::string{factory_uri}, standalone_cpim("Hello"), to_bob_and_carol));
    stage.answer(stage.request("MESSAGE", "sip:bob").value(), 200);
    first = stage.request("MESSAGE", "sip:carol").value();
  }
  bool is_reported() { return stage.request("MESSAGE", "sip:alice").has_value(); }
  Stage stage{with_isf()};
  sip::Message first = sip::Message::response(699);
};

TEST_F(PagerMessageByIsf, has_the_same_content) {
  EXPECT_FALSE(first.has(Name::route));
  stage.answer(first, 488);
  const auto again = stage.request("MESSAGE", "sip:carol").value();
  EXPECT_EQ(again.header(Name::route), isf_route);
  EXPECT_EQ(again.uri(), first.uri());
  EXPECT_EQ(again.header(Name::contribution_id), first.header(Name::contribution_id));
  EXPECT_THAT(std::string{again.body()}, HasSubstr("\r\n\r\nHello"));
  EXPECT_NE(again.header(Name::call_id), first.header(Name::call_id));
}

TEST_F(PagerMessageByIsf, has_arrived_when_the_isf_says_so) {
  stage.answer(first, 404);
  stage.answer(stage.request("MESSAGE", "sip:carol").value(), 200);
  EXPECT_FALSE(is_reported());
  EXPECT_EQ(stage.focus.snapshot().pending, 0U);
}

// RFC 5438 8: what the ISF says is final.
TEST_F(PagerMessageByIsf, is_tried_once_and_then_reported) {
  stage.answer(first, 488);
  EXPECT_FALSE(is_reported());
  stage.answer(stage.request("MESSAGE", "sip:carol").value(), 488);
  EXPECT_FALSE(stage.request("MESSAGE", "sip:carol"));
  EXPECT_TRUE(is_reported());
  EXPECT_EQ(stage.focus.snapshot().pending, 0U);
}

TEST_F(PagerMessageByIsf, is_not_for_who_is_only_away) {
  stage.answer(first, 480);
  EXPECT_FALSE(stage.request("MESSAGE", "sip:carol"));
}

struct LargeMessageByIsf : LargeMessageToList {
  LargeMessageByIsf() : LargeMessageToList{with_isf()} {}
};

TEST_F(LargeMessageByIsf, is_offered_with_the_same_content) {
  stage.receive(offer());
  const auto first = stage.request("INVITE", "sip:carol").value();
  EXPECT_FALSE(first.has(Name::route));
  stage.answer(first, 488);
  const auto again = stage.request("INVITE", "sip:carol").value();
  EXPECT_EQ(again.header(Name::route), isf_route);
  EXPECT_EQ(again.uri(), first.uri());
  EXPECT_EQ(again.header(Name::contribution_id), first.header(Name::contribution_id));
  EXPECT_EQ(again.header(Name::p_asserted_identity), first.header(Name::p_asserted_identity));
  EXPECT_EQ(cpm::recipient_history_of(again), cpm::recipient_history_of(first));
  EXPECT_FALSE(stage.response("INVITE"));  // its answer is waited for
}

// Conversation 16: the answer counts as the participant's, to the sender too (G-08).
TEST_F(LargeMessageByIsf, reaches_who_the_isf_accepts_for) {
  const auto invite = offer("<entry uri=\"sip:carol@example.com\"/>");
  stage.receive(invite);
  stage.answer(stage.request("INVITE", "sip:carol").value(), 488);
  accept("carol");
  ok = stage.response("INVITE").value();
  ASSERT_EQ(ok.status(), 200);
  stage.acknowledge(ok);
  stage.connect("alice", sdp_of(ok), sdp_of(invite));
  stage.say("alice", standalone_cpim(std::string(3'000, 'x')));
  EXPECT_THAT(stage.hear("carol"), HasSubstr(std::string(3'000, 'x')));
}

TEST_F(LargeMessageByIsf, is_refused_when_the_isf_refuses_it) {
  stage.receive(offer("<entry uri=\"sip:carol@example.com\"/>"));
  stage.answer(stage.request("INVITE", "sip:carol").value(), 488);
  stage.answer(stage.request("INVITE", "sip:carol").value(), 488);
  EXPECT_FALSE(stage.request("INVITE", "sip:carol"));
  EXPECT_EQ(stage.status("INVITE"), 488);
  EXPECT_EQ(leftovers(), "0 0 0");
}

// A6: 488 with a Warning of media is about media.
TEST_F(LargeMessageByIsf, is_not_for_who_cannot_take_the_media) {
  stage.receive(offer());
  auto refusal = sip::Message::response(488);
  refusal.add(Name::warning, "304 pf-b.example.com \"Media type not available\"");
  stage.answer(stage.request("INVITE", "sip:carol").value(), refusal);
  EXPECT_FALSE(stage.request("INVITE", "sip:carol"));
}

struct FileByIsf : FileToList {
  FileByIsf() : FileToList{with_isf()} {}
};

// R3.0: with icon and wrapper.
TEST_F(FileByIsf, is_offered_with_the_same_content) {
  stage.receive(file());
  stage.answer(stage.request("INVITE", "sip:bob").value(), 415);
  const auto again = stage.request("INVITE", "sip:bob").value();
  EXPECT_EQ(again.header(Name::route), isf_route);
  const std::string body{again.body()};
  EXPECT_THAT(body, HasSubstr("file-icon"));
  EXPECT_THAT(body, HasSubstr("imdn.Message-ID: f-9QmZt41kLw"));
}

}  // namespace
}  // namespace convene::controlling
