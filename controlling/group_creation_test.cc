#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_stage.h"

// Flow F1, message by message.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::HasSubstr;

struct GroupCreation : testing::Test {
  void create(Policy policy = {}) {
    stage.emplace(std::move(policy));
    stage->receive(flow("f1-2"));
  }
  std::optional<Stage> stage;
};

// R1.3, R1.5, R1.13, A22, G-01
TEST_F(GroupCreation, is_answered_as_in_f1_3) {
  create();
  EXPECT_EQ(without_chance(stage->response("INVITE")), expected_flow("f1-3"));
}

// CPM 9.2.10; R1.1, R1.4, R1.6, R1.7, R1.9, R1.10a, R1.11, R1.12, R1.15
TEST_F(GroupCreation, invites_bob_as_in_f1_5) {
  create();
  EXPECT_EQ(without_chance(stage->request("INVITE", "sip:bob")), expected_flow("f1-5"));
}

// R1.1, R1.5
TEST_F(GroupCreation, invites_everybody_in_a_dialog_of_their_own_with_one_contact) {
  create();
  const auto bob = stage->request("INVITE", "sip:bob").value();
  const auto erin = stage->request("INVITE", "sip:erin").value();
  EXPECT_NE(bob.header(Name::call_id), erin.header(Name::call_id));
  EXPECT_NE(bob.header(Name::from), erin.header(Name::from));
  EXPECT_EQ(bob.header(Name::contact), erin.header(Name::contact));
  EXPECT_EQ(bob.header(Name::contact), stage->response("INVITE").value().header(Name::contact));
}

// R1.21, R1.22: the capability table of F1.
TEST_F(GroupCreation, keeps_what_every_participant_indicated) {
  Group group;
  const auto view = group.focus.snapshot().groups.at(0);
  std::map<std::string, cpm::Capabilities> found;
  for (const auto& one : view.participants) found[one.address] = one.legs.at(0).capabilities;

  EXPECT_TRUE(found["sip:alice@example.com"].store_and_forward);
  EXPECT_TRUE(found["sip:bob@example.com"].thumbnail);
  EXPECT_EQ(found["sip:carol@example.com"].file_transfer, cpm::FileTransferSupport::indicated);
  EXPECT_FALSE(found["sip:carol@example.com"].thumbnail);
  EXPECT_EQ(found["sip:dave@example.com"].file_transfer, cpm::FileTransferSupport::chat_only);
  EXPECT_EQ(found["sip:erin@example.com"].file_transfer, cpm::FileTransferSupport::not_indicated);
}

// RFC 3325 6: what an untrusted peer asserts is worth nothing.
TEST_F(GroupCreation, needs_an_authenticated_originator) {
  stage.emplace();
  stage->receive(flow("f1-2"), false);
  EXPECT_EQ(stage->status("INVITE"), 403);
  EXPECT_FALSE(stage->request("INVITE"));
}

// Conversation 6.4: the same ids are the same group.
TEST_F(GroupCreation, repeated_is_the_group_that_is_there) {
  Group group;
  group.receive(group.fresh("f1-2"));
  const auto again = group.response("INVITE").value();
  EXPECT_EQ(contact_uri(again), group.focus_uri);
  EXPECT_FALSE(group.request("INVITE"));
  EXPECT_EQ(group.focus.snapshot().groups.size(), 1U);
}

TEST_F(GroupCreation, repeated_by_a_stranger_is_refused) {
  Group group;
  auto mallory = group.fresh("f1-2");
  mallory.set(Name::p_asserted_identity, "<sip:mallory@example.com>");
  group.receive(mallory);
  EXPECT_EQ(group.status("INVITE"), 403);
}

// Conversation 17
TEST_F(GroupCreation, makes_ids_where_none_came_unless_policy_wants_them) {
  auto request = flow("f1-2");
  request.remove(Name::conversation_id);
  stage.emplace();
  stage->receive(request);
  EXPECT_NE(stage->request("INVITE", "sip:bob").value().header(Name::conversation_id), "");

  stage.emplace(Policy{.group = {.require_ids = true}});
  stage->receive(request);
  EXPECT_EQ(stage->status("INVITE"), 400);
}

TEST_F(GroupCreation, is_refused_beyond_the_number_of_groups) {
  create({.group = {.max_groups = 0}});
  const auto refusal = stage->response("INVITE").value();
  EXPECT_EQ(refusal.status(), 503);
  EXPECT_TRUE(refusal.has(Name::retry_after));
}

// Conversation 9
TEST_F(GroupCreation, without_usable_media_is_not_acceptable_and_leaves_nothing) {
  stage.emplace();
  auto request = flow("f1-2");
  std::string body{request.body()};
  body.replace(body.find("TCP/MSRP"), 8, "UDP/MSRP");
  request.set_body("multipart/mixed;boundary=b1grp", body);
  stage->receive(request);
  EXPECT_EQ(stage->status("INVITE"), 488);
  EXPECT_TRUE(stage->focus.snapshot().groups.empty());
}

// Conversation 6.1
TEST_F(GroupCreation, may_wait_for_the_first_to_join) {
  create({.group = {.wait_for_first_joiner = true}});
  EXPECT_FALSE(stage->response("INVITE"));
  stage->answer(stage->request("INVITE", "sip:bob").value(), 486);
  EXPECT_FALSE(stage->response("INVITE"));
  stage->answer(stage->request("INVITE", "sip:carol").value(), flow("f1-7"));
  EXPECT_EQ(stage->status("INVITE"), 200);
}

TEST_F(GroupCreation, that_waits_is_refused_when_nobody_joins) {
  create({.group = {.wait_for_first_joiner = true}});
  while (const auto invite = stage->request("INVITE")) stage->answer(*invite, 603);
  EXPECT_EQ(stage->status("INVITE"), 480);
}

// R1.23: chat reaches who has acknowledged.
TEST_F(GroupCreation, connects_the_creator_at_its_ack) {
  create();
  const auto ok = stage->response("INVITE").value();
  EXPECT_EQ(stage->focus.snapshot().groups[0].participants[0].legs[0].state, LegState::accepted);
  stage->acknowledge(ok);
  EXPECT_EQ(stage->focus.snapshot().groups[0].participants[0].legs[0].state, LegState::joined);
}

// A19
TEST_F(GroupCreation, goes_on_without_those_who_decline) {
  Group group{{}, {"bob"}};
  group.answer(group.request("INVITE", "sip:carol").value(), 603);
  group.answer(group.request("INVITE", "sip:dave").value(), 486);
  group.answer(group.request("INVITE", "sip:erin").value(), 408);
  EXPECT_TRUE(group.focus.snapshot().groups.at(0).is_active);
}

// R1.16: F10.1, F10.2
TEST_F(GroupCreation, invites_by_the_isf_who_is_no_cpm_user) {
  create({.group = {.interworking_uri = "sip:isf.example.com;transport=tcp;lr"}});
  stage->answer(stage->request("INVITE", "sip:bob").value(), 488);

  const auto again = stage->request("INVITE", "sip:bob").value();
  EXPECT_EQ(again.header(Name::route), "<sip:isf.example.com;transport=tcp;lr>");
  stage->answer(again, flow("f1-6"));
  EXPECT_EQ(stage->focus.snapshot().groups[0].participants[1].legs[0].state, LegState::joined);
}

// R1.16: F10.1, F10.2, word for word
TEST_F(GroupCreation, sends_the_isf_the_same_content) {
  stage.emplace(Policy{.group = {.interworking_uri = "sip:isf.example.com;transport=tcp;lr"},
                       .media = {.nicknames = false}});
  auto creation = flow("f1-2");
  std::string body{creation.body()};
  body.replace(body.find("sip:bob@"), 8, "sip:frank@");
  creation.set_body("multipart/mixed;boundary=b1grp", body);
  stage->receive(creation);
  stage->answer(stage->request("INVITE", "sip:frank").value(), flow("f10-1"));
  EXPECT_EQ(without_chance(stage->request("INVITE", "sip:frank")), expected_flow("f10-2"));
}

// A6: who was reached as a CPM user is one.
TEST_F(GroupCreation, does_not_look_for_a_known_cpm_user_elsewhere) {
  Group group{{.group = {.interworking_uri = "sip:isf.example.com;transport=tcp;lr"}}};
  for (const auto* name : {"alice", "bob", "carol", "dave", "erin"}) group.receive(group.bye(name));
  group.sent.clear();
  group.receive(group.fresh("f7-1", group.focus_uri));
  group.answer(group.request("INVITE", "sip:bob").value(), 488);
  EXPECT_FALSE(group.request("INVITE", "sip:bob"));
}

// A6
TEST_F(GroupCreation, does_not_take_trouble_with_media_for_no_cpm_user) {
  create({.group = {.interworking_uri = "sip:isf.example.com;transport=tcp;lr"}});
  auto refusal = sip::Message::response(488);
  refusal.add(Name::warning, "304 pf-b.example.com \"Media type not available\"");
  stage->answer(stage->request("INVITE", "sip:bob").value(), refusal);
  EXPECT_FALSE(stage->request("INVITE", "sip:bob"));
}

// R1.17, R1.18: F10.3, F10.4
TEST_F(GroupCreation, removes_who_wants_to_be_anonymous_where_that_is_not_allowed) {
  Group group{{}, {"bob"}};
  group.answer(group.request("INVITE", "sip:erin").value(), flow("f10-3"));
  EXPECT_TRUE(group.request("ACK"));
  auto expected = flow("f10-4");
  expected.add_first(Name::max_forwards, "70");
  const auto bye = group.request("BYE").value();
  EXPECT_EQ(bye.header(Name::reason), flow("f10-4").header(Name::reason));
  EXPECT_EQ(bye.header(Name::route), flow("f10-4").header(Name::route));
}

// R1.17, R1.19
TEST_F(GroupCreation, hides_who_wants_to_be_anonymous_where_that_is_allowed) {
  Group group{{.group = {.allow_anonymity = true}}, {"bob"}};
  const auto invite = group.request("INVITE", "sip:erin").value();
  group.answer(invite, flow("f10-3"));
  group.connect("erin", sdp_of(invite), sdp_of(flow("f10-3")));

  group.say("erin",
            "From: <sip:erin@example.com>\r\nTo: <sip:anonymous@anonymous.invalid>\r\n"
            "\r\nContent-Type: text/plain\r\n\r\nGuess who");
  const auto heard = group.hear("bob");
  EXPECT_THAT(heard, HasSubstr("From: <sip:anonymous-1@cf.example.com>"));
  EXPECT_THAT(heard, testing::Not(HasSubstr("erin")));
}

}  // namespace
}  // namespace convene::controlling
