#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_refer.h"

// CPM 9.2.11, conversation 6.6: members are removed.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::HasSubstr;

struct RemovingParticipants : testing::Test {
  int remove(std::string_view by, const std::string& whom) {
    group.receive(silent_refer_of(group, by, group.focus_uri, whom + ";method=BYE"));
    return group.status("REFER");
  }
  std::size_t members() { return group.focus.snapshot().groups.at(0).participants.size(); }
  Group group;
};

// CPM 9.2.11, RFC 4579 5.11
TEST_F(RemovingParticipants, ends_their_leg_and_their_membership) {
  EXPECT_EQ(remove("alice", "sip:bob@example.com"), 202);
  const auto bye = group.request("BYE", "sip:bob").value();
  EXPECT_THAT(std::string{bye.header(Name::reason)}, HasSubstr("cause=403"));
  EXPECT_EQ(members(), 4U);

  group.receive(group.fresh("f7-1", group.focus_uri));
  auto again = group.fresh("f7-1", group.focus_uri);
  again.set(Name::p_asserted_identity, "<sip:bob@example.com>");
  group.sent.clear();
  group.receive(again);
  EXPECT_EQ(group.status("INVITE"), 403);
}

// Conversation 7: "booted", and by whom; the removed one's last NOTIFY says so too.
TEST_F(RemovingParticipants, is_told_to_the_others_and_to_them) {
  group.receive(group.fresh("f1-12", group.focus_uri));  // bob
  auto carols = group.fresh("f1-12", group.focus_uri);
  carols.set(Name::p_asserted_identity, "<sip:carol@example.com>");
  carols.set(Name::contact, "<sip:carol@198.51.100.13;transport=tcp>");
  group.receive(carols);
  group.sent.clear();
  group.pass(10s);

  remove("alice", "sip:bob@example.com");

  for (const auto* name : {"sip:bob", "sip:carol"}) {
    const auto notify = group.request("NOTIFY", name).value();
    EXPECT_THAT(std::string{notify.body()}, HasSubstr("booted")) << name;
    EXPECT_THAT(std::string{notify.body()}, HasSubstr("<by>sip:alice@example.com</by>")) << name;
  }
}

// Conversation 6.6: the creator, and who the policy names.
TEST_F(RemovingParticipants, is_not_for_everybody) {
  EXPECT_EQ(remove("bob", "sip:carol@example.com"), 403);
  EXPECT_EQ(members(), 5U);

  Group run{{.group = {.administrators = {"sip:bob@example.com"}, .creator_may_remove = false}}};
  run.receive(silent_refer_of(run, "alice", run.focus_uri, "sip:carol@example.com;method=BYE"));
  EXPECT_EQ(run.status("REFER"), 403);
  run.receive(silent_refer_of(run, "bob", run.focus_uri, "sip:carol@example.com;method=BYE"));
  EXPECT_EQ(run.status("REFER"), 202);
}

TEST_F(RemovingParticipants, finds_only_members) {
  EXPECT_EQ(remove("alice", "sip:mallory@example.com"), 404);
  group.leave("bob");
  EXPECT_EQ(remove("alice", "sip:bob@example.com"), 404);
}

// An invitation that still rings is cancelled.
TEST_F(RemovingParticipants, takes_an_invitation_back) {
  group.receive(silent_refer_of(group, "bob", group.focus_uri, "sip:frank@example.com"));
  group.answer(group.request("INVITE", "sip:frank").value(), 180);
  remove("alice", "sip:frank@example.com");
  EXPECT_TRUE(group.request("CANCEL", "sip:frank"));
}

// Conversation 6.8: fewer members than a group has.
TEST_F(RemovingParticipants, dissolves_the_group_when_one_is_left) {
  for (const auto* name : {"bob", "carol", "dave", "erin"}) {
    remove("alice", "sip:" + std::string{name} + "@example.com");
  }
  EXPECT_THAT(std::string{group.request("BYE", "sip:alice").value().header(Name::reason)},
              HasSubstr("cause=410"));
}

// Conversation 6.8, RFC 4579 5.13: an administrator ends the session; the group may meet again.
TEST_F(RemovingParticipants, ends_the_session_when_the_focus_itself_is_meant) {
  EXPECT_EQ(remove("alice", group.focus_uri), 202);
  EXPECT_TRUE(group.request("BYE", "sip:bob"));
  EXPECT_FALSE(group.focus.snapshot().groups.at(0).is_active);
  group.receive(group.fresh("f7-1", group.focus_uri));
  EXPECT_EQ(group.status("INVITE"), 200);
}

// G-07: the file stops for who is removed, and goes on for the others.
TEST_F(RemovingParticipants, ends_their_copy_of_a_running_file) {
  group.begin_file();
  group.accept_file("carol");
  remove("alice", "sip:bob@example.com");
  EXPECT_EQ(group.focus.snapshot().transfers.at(0).legs.at(0).state, "ended");
  group.send_file();
  EXPECT_THAT(group.hear("carol-file"), HasSubstr("north gate"));
}

// G-07
TEST_F(RemovingParticipants, ends_the_files_they_send) {
  Group run{{.group = {.administrators = {"sip:bob@example.com"}}}};
  run.begin_file();
  run.receive(silent_refer_of(run, "bob", run.focus_uri, "sip:alice@example.com;method=BYE"));
  EXPECT_EQ(run.status("REFER"), 202);
  EXPECT_TRUE(run.focus.snapshot().transfers.empty());
  EXPECT_EQ(run.focus.snapshot().bodies, 0U);
}

// R6.9 where the policy says so.
TEST_F(RemovingParticipants, may_leave_files_alone) {
  Group kind{{.file_transfer = {.removal_ends_files = false}}};
  kind.begin_file();
  kind.receive(silent_refer_of(kind, "alice", kind.focus_uri, "sip:bob@example.com;method=BYE"));
  kind.send_file();
  EXPECT_THAT(kind.hear("bob-file"), HasSubstr("north gate"));
}

}  // namespace
}  // namespace convene::controlling
