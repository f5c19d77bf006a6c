#include "controlling/participant_information.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_stage.h"

// CPM 9.2.14, RFC 4575: F1.12, F1.13, F5.3
namespace convene::controlling {
namespace {

using sip::Name;
using testing::HasSubstr;
using testing::Not;

struct ParticipantInformationTest : testing::Test {
  sip::Message subscribe() {
    group.receive(group.fresh("f1-12", group.focus_uri));
    subscription = group.response("SUBSCRIBE").value();
    EXPECT_EQ(subscription.status(), 200);
    return notified();
  }
  sip::Message notified() {
    const auto notify = group.request("NOTIFY").value();
    group.answer(notify, 200);
    return notify;
  }
  Group group{{}, {"bob", "carol", "dave"}};  // erin is still ringing, as in F1.13
  sip::Message subscription = sip::Message::response(200);
};

// F1.13
TEST_F(ParticipantInformationTest, is_told_in_full_first) {
  EXPECT_EQ(without_chance(subscribe()), expected_flow("f1-13"));
}

// R1.24
TEST_F(ParticipantInformationTest, tells_who_has_joined) {
  subscribe();
  group.pass(5s);
  group.join("erin");
  const auto body = std::string{notified().body()};
  EXPECT_THAT(body, HasSubstr("state=\"partial\""));
  EXPECT_THAT(body, HasSubstr("<user entity=\"sip:erin@example.com\""));
  EXPECT_THAT(body, HasSubstr("<status>connected</status>"));
  EXPECT_THAT(body, Not(HasSubstr("carol")));
}

// F5.3
TEST_F(ParticipantInformationTest, tells_who_has_left) {
  subscribe();
  group.pass(5s);
  group.leave("alice");
  EXPECT_EQ(without_chance(notified()), expected_flow("f5-3"));
}

// RFC 4575 3.9, G-38
TEST_F(ParticipantInformationTest, tells_many_changes_at_once) {
  subscribe();
  group.pass(1s);
  group.join("erin");
  group.receive(group.bye("carol"));
  EXPECT_FALSE(group.request("NOTIFY"));

  group.pass(4s);

  const auto body = std::string{notified().body()};
  EXPECT_THAT(body, HasSubstr("sip:erin@example.com"));
  EXPECT_THAT(body, HasSubstr("sip:carol@example.com"));
  EXPECT_THAT(body, HasSubstr("version=\"1\""));
  EXPECT_FALSE(group.request("NOTIFY"));
}

// A18
TEST_F(ParticipantInformationTest, is_for_members_only) {
  auto mallory = group.fresh("f1-12", group.focus_uri);
  mallory.set(Name::p_asserted_identity, "<sip:mallory@example.com>");
  group.receive(mallory);
  EXPECT_EQ(group.status("SUBSCRIBE"), 403);

  auto erin = group.fresh("f1-12", group.focus_uri);  // still invited
  erin.set(Name::p_asserted_identity, "<sip:erin@example.com>");
  group.receive(erin);
  EXPECT_EQ(group.status("SUBSCRIBE"), 200);
}

TEST_F(ParticipantInformationTest, is_about_conferences_that_are_there) {
  auto presence = group.fresh("f1-12", group.focus_uri);
  presence.set(Name::event, "presence");
  group.receive(presence);
  EXPECT_EQ(group.status("SUBSCRIBE"), 489);

  group.receive(group.fresh("f1-12", "sip:grp-unknown@cf.example.com"));
  EXPECT_EQ(group.status("SUBSCRIBE"), 404);
}

// RFC 6665 4.2.1.3
TEST_F(ParticipantInformationTest, ends_when_the_subscriber_says_so) {
  subscribe();
  auto end = group.in_dialog("SUBSCRIBE", subscription);
  end.add(Name::event, "conference");
  end.add(Name::expires, "0");
  end.add(Name::contact, "<sip:bob@198.51.100.12:5060;transport=tcp>");
  group.receive(end);
  EXPECT_EQ(group.status("SUBSCRIBE"), 200);
  EXPECT_THAT(std::string{notified().header(Name::subscription_state)}, HasSubstr("terminated"));
  EXPECT_EQ(group.focus.snapshot().groups.at(0).subscriptions, 0U);
}

// RFC 6665 4.2.1.4: an hour is asked for, ten minutes are granted, and nobody refreshes.
TEST_F(ParticipantInformationTest, ends_when_it_runs_out) {
  Group brief{{.information = {.expires = 600s}}};
  brief.receive(brief.fresh("f1-12", brief.focus_uri));
  EXPECT_EQ(brief.response("SUBSCRIBE").value().header(Name::expires), "600");
  brief.answer(brief.request("NOTIFY").value(), 200);
  const auto dialogs = brief.focus.snapshot().dialogs;

  brief.pass(599s);
  EXPECT_FALSE(brief.request("NOTIFY"));
  brief.pass(1s);

  const auto last = brief.request("NOTIFY").value();
  EXPECT_EQ(last.header(Name::subscription_state), "terminated;reason=timeout");
  brief.answer(last, 200);
  EXPECT_EQ(brief.focus.snapshot().groups.at(0).subscriptions, 0U);
  EXPECT_EQ(brief.focus.snapshot().dialogs, dialogs - 1);
  brief.pass(60s);
  EXPECT_FALSE(brief.request("NOTIFY"));
}

// The same when the session itself is kept alive meanwhile, and something is told at that moment.
TEST_F(ParticipantInformationTest, says_its_last_word_once) {
  Group brief{{.information = {.expires = 60s}}};
  brief.receive(brief.fresh("f1-12", brief.focus_uri));
  brief.answer(brief.request("NOTIFY").value(), 200);
  brief.pass(58s);
  brief.receive(brief.bye("carol"));
  brief.answer(brief.request("NOTIFY").value(), 200);
  brief.receive(brief.bye("dave"));

  brief.pass(10s);

  const auto last = brief.request("NOTIFY").value();
  EXPECT_EQ(last.header(Name::subscription_state), "terminated;reason=timeout");
  EXPECT_THAT(std::string{last.body()}, HasSubstr("sip:dave@example.com"));
  EXPECT_FALSE(brief.request("NOTIFY"));
}

// A19, conversation 7
TEST_F(ParticipantInformationTest, tells_why_somebody_did_not_join) {
  subscribe();
  group.pass(5s);
  group.answer(group.request("INVITE", "sip:erin").value(), 603);
  const auto body = std::string{notified().body()};
  EXPECT_THAT(body, HasSubstr("<user entity=\"sip:erin@example.com\""));
  EXPECT_THAT(body, HasSubstr("<status>disconnected</status>"));
  EXPECT_THAT(body, HasSubstr("<disconnection-method>failed</disconnection-method>"));
  EXPECT_THAT(body, HasSubstr("<reason>SIP;cause=603"));
}

// RFC 4575 3.3, R6.7
TEST_F(ParticipantInformationTest, ends_with_the_session) {
  subscribe();
  group.pass(5s);
  for (const auto* name : {"alice", "carol", "dave"}) group.leave(name);
  group.answer(group.request("INVITE", "sip:erin").value(), 486);
  group.receive(group.bye("bob"));
  std::optional<sip::Message> last;
  while (auto notify = group.request("NOTIFY")) last = notify;
  EXPECT_EQ(last.value().header(Name::subscription_state), "terminated;reason=noresource");
}

// Conversation 17: a flood of SUBSCRIBEs is refused where it begins to cost; others still
// subscribe.
TEST_F(ParticipantInformationTest, is_told_to_so_many_subscriptions_of_a_member) {
  Group flooded{{.information = {.max_subscriptions_per_member = 3}}};
  const auto subscribe_as = [&](std::string_view who) {
    auto request = flooded.fresh("f1-12", flooded.focus_uri);
    request.set(Name::p_asserted_identity, "<" + std::string{who} + ">");
    flooded.receive(request);
    return flooded.status("SUBSCRIBE");
  };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(subscribe_as("sip:bob@example.com"), 200);
  const auto dialogs = flooded.focus.snapshot().dialogs;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(subscribe_as("sip:bob@example.com"), 403);
  EXPECT_EQ(flooded.focus.snapshot().dialogs, dialogs);
  EXPECT_EQ(subscribe_as("sip:carol@example.com"), 200);
}

}  // namespace
}  // namespace convene::controlling
