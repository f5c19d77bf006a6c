#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_refer.h"

// RFC 3261 9, 14, 15: what the focus and a member say at the same time. The user agent answers most
// of it (sip/user_agent_retries_test.cc); this is what becomes of the group.
namespace convene::controlling {
namespace {

using sip::Name;

struct CrossingRequests : testing::Test {
  void remove(const std::string& who) {
    group.receive(
        silent_refer_of(group, "alice", group.focus_uri, "sip:" + who + "@example.com;method=BYE"));
    EXPECT_EQ(group.status("REFER"), 202);
  }
  Group group;
};

// RFC 3261 15.1.2: both BYEs are answered 200, and the member is gone once.
TEST_F(CrossingRequests, two_byes_end_one_leg) {
  const auto dialogs = group.focus.snapshot().dialogs;
  remove("bob");
  const auto ours = group.request("BYE", "sip:bob").value();

  group.leave("bob");

  EXPECT_EQ(group.status("BYE"), 200);
  group.answer(ours, 200);
  EXPECT_EQ(group.focus.snapshot().dialogs, dialogs - 1);
  EXPECT_FALSE(group.request("BYE", "sip:bob"));
  EXPECT_EQ(group.focus.snapshot().groups[0].participants.size(), 4U);
}

// RFC 3261 9.1, 13.2.2.4: the 2xx that crosses our CANCEL is acknowledged, and ended.
TEST_F(CrossingRequests, an_acceptance_that_crosses_our_cancel_is_no_leg) {
  group.receive(silent_refer_of(group, "alice", group.focus_uri, "sip:frank@example.com"));
  const auto invite = group.request("INVITE", "sip:frank").value();
  group.answer(invite, 180);
  remove("frank");
  EXPECT_TRUE(group.request("CANCEL", "sip:frank"));

  group.answer(invite, flow("f1-8"));

  EXPECT_TRUE(group.request("ACK"));
  EXPECT_TRUE(group.request("BYE"));
  EXPECT_EQ(group.focus.snapshot().groups[0].participants.size(), 5U);
  EXPECT_EQ(group.focus.snapshot().msrp_sessions, 5U);
}

// Conversation 6.4: a member calls while we call it: its own INVITE counts.
TEST_F(CrossingRequests, a_join_takes_the_place_of_our_invitation) {
  group.receive(group.bye("bob"));
  group.receive(silent_refer_of(group, "alice", group.focus_uri, "sip:bob@example.com"));
  const auto invite = group.request("INVITE", "sip:bob").value();
  group.answer(invite, 180);
  auto join = group.fresh("f7-1", group.focus_uri);
  join.set(Name::p_asserted_identity, "<sip:bob@example.com>");

  group.receive(join);

  EXPECT_EQ(group.status("INVITE"), 200);
  EXPECT_TRUE(group.request("CANCEL", "sip:bob"));
  group.answer(invite, 486);
  EXPECT_EQ(group.focus.snapshot().groups[0].participants[1].legs.size(), 1U);
}

// RFC 5547 8.1: a receiver refreshes its leg while the file flows; the file goes on.
TEST_F(CrossingRequests, a_re_invite_during_a_transfer_changes_nothing) {
  group.begin_file();
  auto refresh = group.in_dialog("INVITE", group.file_invites.at("bob"));
  refresh.add(Name::contact, flow("f3-5").header(Name::contact));
  group.receive(refresh);
  const auto ok = group.response("INVITE").value();
  EXPECT_EQ(ok.status(), 200);
  EXPECT_THAT(sdp_of(ok), testing::HasSubstr("a=file-transfer-id:"));
  group.receive(group.in_dialog("ACK", group.file_invites.at("bob")));
  group.send_file();
  EXPECT_THAT(group.hear("bob-file"), testing::HasSubstr("north gate"));
}

// RFC 3261 13.3.1.4, 15: whose 200 nobody acknowledged is not hung up twice.
TEST_F(CrossingRequests, a_bye_overtakes_a_re_invite) {
  auto refresh = group.in_dialog("INVITE", group.invites.at("bob"));
  refresh.add(Name::contact, flow("f1-6").header(Name::contact));
  refresh.set_body("application/sdp", flow("f1-6").body());
  group.receive(refresh);
  EXPECT_EQ(group.status("INVITE"), 200);  // its ACK never comes
  group.receive(group.in_dialog("BYE", group.invites.at("bob"), 3));
  EXPECT_EQ(group.status("BYE"), 200);
  group.pass(40s);
  EXPECT_FALSE(group.request("BYE", "sip:bob"));
}

}  // namespace
}  // namespace convene::controlling
