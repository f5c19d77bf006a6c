#include "controlling/referrals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_refer.h"

// RFC 3515 2.4.4: who refers is told what becomes of it.
namespace convene::controlling {
namespace {

using sip::Name;

struct ReferralsTest : testing::Test {
  void refer(std::string_view who) {
    group.receive(
        refer_of(group, "alice", group.focus_uri, "sip:" + std::string{who} + "@example.com"));
  }
  // The next NOTIFY of the package refer: its state, and its status line.
  std::pair<std::string, std::string> told() {
    const auto notify = group.request("NOTIFY", "sip:alice");
    if (!notify) return {"nothing", ""};
    EXPECT_EQ(notify->header(Name::event), "refer;id=1");
    EXPECT_EQ(notify->header(Name::content_type), "message/sipfrag;version=2.0");
    group.answer(*notify, 200);
    return {std::string{notify->header(Name::subscription_state)}, std::string{notify->body()}};
  }
  Group group;
};

using Told = std::pair<std::string, std::string>;
const Told trying{"active;expires=180", "SIP/2.0 100 Trying\r\n"};

TEST_F(ReferralsTest, say_trying_and_then_how_the_invitee_answered) {
  refer("frank");
  EXPECT_EQ(group.status("REFER"), 202);
  EXPECT_EQ(told(), trying);
  const auto invite = group.request("INVITE", "sip:frank").value();
  group.answer(invite, 180);
  EXPECT_EQ(told().first, "nothing");

  group.answer(invite, 486);

  EXPECT_EQ(told(), (Told{"terminated;reason=noresource", "SIP/2.0 486 Busy Here\r\n"}));
}

TEST_F(ReferralsTest, say_200_once_the_invitee_has_joined) {
  refer("frank");
  told();
  group.answer(group.request("INVITE", "sip:frank").value(), flow("f1-8"));
  EXPECT_EQ(told(), (Told{"terminated;reason=noresource", "SIP/2.0 200 OK\r\n"}));
}

// RFC 3515 2.4.7: two REFERs in one dialog are told apart by their CSeq.
TEST_F(ReferralsTest, use_the_chat_s_dialog_when_the_refer_did) {
  auto inside = group.in_dialog("REFER", group.ok, 7);
  inside.add(Name::contact, flow("f1-2").header(Name::contact));
  inside.add(Name::refer_to, "<sip:frank@example.com>");
  group.receive(inside);
  const auto notify = group.request("NOTIFY").value();
  EXPECT_EQ(notify.header(Name::event), "refer;id=7");
  EXPECT_EQ(notify.header(Name::call_id), group.ok.header(Name::call_id));
}

TEST_F(ReferralsTest, end_with_200_at_once_for_who_is_in) {
  refer("bob");
  EXPECT_EQ(told(), trying);
  EXPECT_EQ(told().second, "SIP/2.0 200 OK\r\n");
}

TEST_F(ReferralsTest, end_in_time_when_the_invitee_only_rings) {
  refer("frank");
  told();
  group.answer(group.request("INVITE", "sip:frank").value(), 180);
  group.pass(181s);
  EXPECT_EQ(told(), (Told{"terminated;reason=noresource", "SIP/2.0 408 Request Timeout\r\n"}));
}

TEST_F(ReferralsTest, end_with_the_session) {
  refer("frank");
  told();
  for (const auto* name : {"alice", "bob", "carol", "dave"}) group.leave(name);
  group.receive(group.bye("erin"));
  group.answer(group.request("INVITE", "sip:frank").value(), 480);
  EXPECT_EQ(told().first, "terminated;reason=noresource");
}

// RFC 6665 4.2.1.3
TEST_F(ReferralsTest, end_when_their_subscriber_wants_no_more) {
  refer("frank");
  const auto accepted = group.response("REFER").value();
  told();
  auto end = group.in_dialog("SUBSCRIBE", accepted, 2);
  end.add(Name::event, "refer;id=1");
  end.add(Name::expires, "0");
  group.receive(end);
  EXPECT_EQ(group.status("SUBSCRIBE"), 200);
  EXPECT_EQ(told().first, "terminated;reason=timeout");
  EXPECT_EQ(told().first, "nothing");
}

// Nothing of it is left behind, when NOTIFY finds nobody.
TEST_F(ReferralsTest, leave_no_dialog_behind) {
  const auto before = group.focus.snapshot().dialogs;
  refer("frank");
  group.answer(group.request("NOTIFY").value(), 481);
  EXPECT_EQ(group.focus.snapshot().dialogs, before);
  group.answer(group.request("INVITE", "sip:frank").value(), 603);
  EXPECT_EQ(told().first, "nothing");
}

// Conversation 17
TEST_F(ReferralsTest, are_bounded) {
  Group busy{{.group = {.max_participants = 100, .max_referrals = 3}}};
  for (int i = 0; i < 4; ++i) {
    busy.receive(
        refer_of(busy, "alice", busy.focus_uri, "sip:m" + std::to_string(i) + "@example.com"));
    EXPECT_EQ(busy.status("REFER"), i < 3 ? 202 : 503);
  }
}

}  // namespace
}  // namespace convene::controlling
