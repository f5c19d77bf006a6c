#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_stage.h"

// CPM 9.2.7 (5), R6.8: what outlives the server, and what waits for it.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Policy durable(GroupPolicy group = {}) {
  return {.group = std::move(group), .state = {.is_durable = true}};
}

std::vector<std::string> addresses_of(const std::vector<Member>& members) {
  std::vector<std::string> addresses;
  for (const auto& member : members) addresses.push_back(member.address);
  return addresses;
}

struct GroupCreationState : testing::Test {
  GroupCreationState() {
    stage.stores_wait = true;
    stage.receive(flow("f1-2"));
  }
  Stage stage{durable()};
};

TEST_F(GroupCreationState, is_stored_before_it_is_acknowledged) {
  EXPECT_FALSE(stage.response("INVITE"));
  EXPECT_FALSE(stage.request("INVITE", "sip:bob"));  // nobody has heard of it either

  ASSERT_THAT(stage.stores, SizeIs(1));
  stage.store(true);
  EXPECT_EQ(without_chance(stage.response("INVITE")), expected_flow("f1-3"));
  EXPECT_TRUE(stage.request("INVITE", "sip:bob"));
}

TEST_F(GroupCreationState, keeps_ids_subject_and_members) {
  const auto& record = stage.stores.front().record;
  EXPECT_EQ(record.ids.conversation, flow("f1-2").header(Name::conversation_id));
  EXPECT_EQ(record.ids.contribution, flow("f1-2").header(Name::contribution_id));
  EXPECT_EQ(record.subject, flow("f1-2").header(Name::subject));
  EXPECT_THAT(addresses_of(record.members),
              ElementsAre("sip:alice@example.com", "sip:bob@example.com", "sip:carol@example.com",
                          "sip:dave@example.com", "sip:erin@example.com"));
  EXPECT_TRUE(record.members.front().is_creator);
}

TEST_F(GroupCreationState, that_cannot_be_stored_is_refused_and_leaves_nothing) {
  stage.store(false);
  const auto refusal = stage.response("INVITE").value();
  EXPECT_EQ(refusal.status(), 503);
  EXPECT_EQ(refusal.header(Name::retry_after), "5");
  EXPECT_THAT(stage.focus.snapshot().groups, IsEmpty());
  EXPECT_EQ(stage.focus.snapshot().pending, 0U);
  EXPECT_FALSE(stage.request("INVITE"));
}

TEST_F(GroupCreationState, that_is_not_stored_in_time_is_refused_and_forgotten) {
  stage.pass(1'999ms);
  EXPECT_FALSE(stage.response("INVITE"));
  stage.pass(1ms);
  EXPECT_EQ(stage.status("INVITE"), 503);

  stage.store(true);  // late
  EXPECT_THAT(stage.focus.snapshot().groups, IsEmpty());
  EXPECT_FALSE(stage.response("INVITE"));
}

TEST_F(GroupCreationState, that_is_cancelled_before_leaves_nothing) {
  auto cancel = flow("f1-2");
  cancel = sip::Message::request("CANCEL", std::string{cancel.uri()});
  for (const auto name : {Name::via, Name::from, Name::to, Name::call_id})
    cancel.copy(name, flow("f1-2"));
  cancel.add(Name::cseq, std::string{flow("f1-2").header(Name::cseq).substr(0, 1)} + " CANCEL");
  stage.receive(cancel);
  stage.store(true);
  EXPECT_EQ(stage.status("INVITE"), 487);
  EXPECT_THAT(stage.focus.snapshot().groups, IsEmpty());
  EXPECT_FALSE(stage.request("INVITE"));
}

// Two who restart at once are one group, also while it is on its way to the disk. R4.8
TEST_F(GroupCreationState, waits_for_two_who_create_the_same_group_at_once) {
  auto second = stage.fresh("f7-4");
  second.set(Name::conversation_id, flow("f1-2").header(Name::conversation_id));
  second.set(Name::contribution_id, flow("f1-2").header(Name::contribution_id));
  second.set(Name::p_asserted_identity, "<sip:bob@example.com>");
  stage.receive(second);
  EXPECT_FALSE(stage.response("INVITE"));

  while (stage.store(true)) {
  }
  const auto first_ok = stage.response("INVITE").value();
  const auto second_ok = stage.response("INVITE").value();
  EXPECT_EQ(first_ok.status(), 200);
  EXPECT_EQ(contact_uri(first_ok), contact_uri(second_ok));
  EXPECT_THAT(stage.records, SizeIs(1));
}

struct GroupState : testing::Test {
  const GroupRecord& record() { return group.records.at(group.focus_uri); }
  void begin_to_leave(const std::string& name) {
    group.stores_wait = true;
    group.leave(name);
  }
  Group group{durable()};
};

// CPM 9.2.7 (1), R6.4
TEST_F(GroupState, of_a_leaver_is_stored_before_the_bye_is_answered) {
  begin_to_leave("bob");
  EXPECT_FALSE(group.response("BYE"));

  group.store(true);
  EXPECT_EQ(group.status("BYE"), 200);
  EXPECT_THAT(addresses_of(record().members),
              ElementsAre("sip:alice@example.com", "sip:carol@example.com", "sip:dave@example.com",
                          "sip:erin@example.com"));
  EXPECT_THAT(addresses_of(record().former), ElementsAre("sip:bob@example.com"));
  EXPECT_EQ(record().former[0].standing.left_by, conference::DisconnectionMethod::departed);
}

// Who hangs up without leaving stays a member: there is nothing to wait for.
TEST_F(GroupState, does_not_hold_up_who_only_disconnects) {
  group.stores_wait = true;
  group.receive(group.bye("bob"));
  EXPECT_EQ(group.status("BYE"), 200);
  EXPECT_THAT(record().members, SizeIs(5));
}

TEST_F(GroupState, that_cannot_be_stored_refuses_a_leave_and_is_tried_again) {
  begin_to_leave("bob");
  group.store(false);
  EXPECT_EQ(group.status("BYE"), 503);
  EXPECT_THAT(group.stores, IsEmpty());

  group.pass(5s);
  ASSERT_TRUE(group.store(true));
  EXPECT_THAT(record().members, SizeIs(4));
}

// Live chats go on while nothing can be stored.
TEST_F(GroupState, does_not_hold_up_the_chat) {
  begin_to_leave("bob");
  group.hear("carol");
  const auto id = group.say("alice",
                            "From: <sip:anonymous@anonymous.invalid>\r\nTo: "
                            "<sip:anonymous@anonymous.invalid>\r\n\r\n"
                            "Content-Type: text/plain\r\n\r\nHello");
  EXPECT_EQ(group.status_heard("alice", id), 200);
  EXPECT_THAT(group.hear("carol"), HasSubstr("Hello"));
}

TEST_F(GroupState, is_on_its_way_once_and_what_changes_meanwhile_goes_next) {
  begin_to_leave("bob");
  group.leave("carol");
  EXPECT_THAT(group.stores, SizeIs(1));

  group.store(true);
  EXPECT_EQ(group.status("BYE"), 200);
  EXPECT_EQ(group.status("BYE"), 0);
  group.store(true);
  EXPECT_EQ(group.status("BYE"), 200);
  EXPECT_THAT(record().members, SizeIs(3));
}

TEST_F(GroupState, admits_a_stranger_only_once_that_is_stored) {
  Group open{durable({.strangers_may_join = true})};
  open.stores_wait = true;
  auto frank = open.fresh("f7-1", open.focus_uri);
  frank.set(Name::p_asserted_identity, "<sip:frank@example.com>");
  open.receive(frank);
  open.store(false);
  EXPECT_EQ(open.status("INVITE"), 503);
  EXPECT_THAT(open.focus.snapshot().groups.at(0).participants, SizeIs(5));

  auto again = open.fresh("f7-1", open.focus_uri);
  again.set(Name::p_asserted_identity, "<sip:frank@example.com>");
  open.receive(again);
  EXPECT_FALSE(open.response("INVITE"));
  open.store(true);
  EXPECT_EQ(open.status("INVITE"), 200);
  EXPECT_THAT(open.records.at(open.focus_uri).members, SizeIs(6));
}

TEST_F(GroupState, of_a_dissolved_group_is_forgotten_with_it) {
  for (const char* name : {"bob", "carol", "dave", "erin"}) group.leave(name);
  EXPECT_TRUE(record().is_dissolved);
  group.pass(1h);
  EXPECT_THAT(group.records, IsEmpty());
}

TEST_F(GroupState, is_not_kept_where_groups_do_not_live_long) {
  Group brief{durable({.long_lived = false})};
  EXPECT_THAT(brief.records, IsEmpty());
}

// R6.8, R4.8: the group is known by its focus, inactive, and a member makes it active again with
// the same ids.
TEST_F(GroupState, brings_a_group_back_after_a_restart) {
  group.leave("bob");
  Stage later{durable()};
  later.restore(group);

  const auto known = later.focus.snapshot().groups.at(0);
  EXPECT_EQ(known.focus, group.focus_uri);
  EXPECT_FALSE(known.is_active);
  EXPECT_EQ(known.subject, flow("f1-2").header(Name::subject));

  later.receive(later.fresh("f7-1", group.focus_uri));
  const auto ok = later.response("INVITE").value();
  EXPECT_EQ(ok.status(), 200);
  EXPECT_EQ(contact_uri(ok), group.focus_uri);
  const auto carol = later.request("INVITE", "sip:carol").value();
  EXPECT_EQ(carol.header(Name::contribution_id), flow("f1-2").header(Name::contribution_id));
  EXPECT_EQ(carol.header(Name::conversation_id), flow("f1-2").header(Name::conversation_id));
  EXPECT_FALSE(later.request("INVITE", "sip:bob"));  // who has left
}

TEST_F(GroupState, keeps_those_out_after_a_restart_who_have_left) {
  group.leave("bob");
  Stage later{durable()};
  later.restore(group);
  auto bob = later.fresh("f7-1", group.focus_uri);
  bob.set(Name::p_asserted_identity, "<sip:bob@example.com>");
  later.receive(bob);
  EXPECT_EQ(later.status("INVITE"), 403);
}

// F7.4: a restart at the factory is the group that is known.
TEST_F(GroupState, makes_no_twin_after_a_restart) {
  Stage later{durable()};
  later.restore(group);
  later.receive(later.fresh("f7-4"));
  EXPECT_EQ(contact_uri(later.response("INVITE").value()), group.focus_uri);
  EXPECT_THAT(later.records, SizeIs(1));
}

// A6, R1.16: who has joined with a device of their own is no stranger to CPM after a restart.
TEST_F(GroupState, remembers_who_has_joined_and_who_has_answered) {
  group.pass(1s);
  for (const auto& member : record().members) {
    EXPECT_TRUE(member.has_answered) << member.address;
  }
  EXPECT_TRUE(record().members.at(1).is_cpm_user);

  Stage later{durable({.interworking_uri = "sip:isf.example.com;lr"})};
  later.restore(group);
  later.receive(later.fresh("f7-1", group.focus_uri));
  later.answer(later.request("INVITE", "sip:bob").value(), 404);
  EXPECT_FALSE(later.request("INVITE", "sip:bob"));
}

// All that join at about the same time are one commit.
TEST_F(GroupState, of_those_who_join_is_stored_together) {
  Group fresh{durable(), {}};
  fresh.stores_wait = true;
  for (const char* name : {"bob", "carol", "dave", "erin"}) fresh.join(name);
  fresh.pass(900ms);
  EXPECT_THAT(fresh.stores, IsEmpty());
  fresh.pass(100ms);
  EXPECT_THAT(fresh.stores, SizeIs(1));
}

// Conversation 6.8: kept for a time after the release, whether the server runs or not.
TEST_F(GroupState, is_forgotten_in_its_time_across_restarts) {
  for (const char* name : {"alice", "bob", "carol", "dave", "erin"}) group.receive(group.bye(name));
  ASSERT_TRUE(record().released);

  Stage later{durable({.keep_state = 2h})};
  later.now += 1h;
  later.restore(group);
  EXPECT_THAT(later.focus.snapshot().groups, SizeIs(1));
  later.pass(1h);
  EXPECT_THAT(later.focus.snapshot().groups, IsEmpty());

  Stage too_late{durable({.keep_state = 2h})};
  too_late.now += 2h;
  too_late.restore(group);
  EXPECT_THAT(too_late.focus.snapshot().groups, IsEmpty());
}

// G-36: no pseudonym is given twice.
TEST_F(GroupState, remembers_pseudonyms) {
  Group hiding{durable({.allow_anonymity = true}), {}};
  auto bob = hiding.fresh("f7-1", hiding.focus_uri);
  bob.set(Name::p_asserted_identity, "<sip:bob@example.com>");
  bob.add(Name::privacy, "id");
  hiding.receive(bob);
  const auto& kept = hiding.records.at(hiding.focus_uri);
  EXPECT_EQ(kept.pseudonyms, 1U);
  EXPECT_THAT(kept.members.at(1).pseudonym, HasSubstr("anonymous-1"));
}

}  // namespace
}  // namespace convene::controlling
