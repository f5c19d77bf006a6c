#include "controlling/predefined_group.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_standalone.h"

// Conversation 6.2: pre-defined groups.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view hikers = "sip:hikers@groups.example.com";

groups::GroupDocument document(std::optional<std::uint32_t> most = {}) {
  return {
      .uri = std::string{hikers},
      .subject = "Trails",
      .members = {{"sip:alice@example.com"}, {"sip:bob@example.com"}, {"sip:carol@example.com"}},
      .max_participants = most};
}

Policy policy() {
  Policy policy;
  policy.group.group_hosts = {"groups.example.com"};
  return policy;
}

struct PredefinedGroup : testing::Test {
  PredefinedGroup() { stage.focus.load_groups({document()}); }

  // F7.1, an INVITE without a list, of somebody to the group.
  sip::Message invite(const std::string& name = "alice") {
    auto message = stage.fresh("f7-1", hikers);
    const auto address = "<sip:" + name + "@example.com>";
    message.set(Name::from, address + ";tag=" + name);
    message.set(Name::to, "<" + std::string{hikers} + ">");
    message.set(Name::p_asserted_identity, address);
    return message;
  }
  int status_of(const sip::Message& message) {
    stage.receive(message);
    return stage.status(message.method());
  }
  // Alice's 200; the session runs.
  sip::Message begin() {
    stage.receive(invite());
    const auto ok = stage.response("INVITE").value();
    EXPECT_EQ(ok.status(), 200);
    stage.acknowledge(ok);
    return ok;
  }
  Stage stage{policy()};
};

// R1.10b, R1.5, R1.14
TEST_F(PredefinedGroup, invites_all_its_members_in_its_own_name) {
  auto wanted = invite();
  wanted.set(Name::subject, "Something else");
  stage.receive(wanted);
  const auto ok = stage.response("INVITE").value();
  EXPECT_EQ(ok.status(), 200);

  const auto bob = stage.request("INVITE", "sip:bob@example.com").value();
  EXPECT_EQ(bob.header(Name::p_asserted_identity), "<" + std::string{hikers} + ">");
  EXPECT_EQ(bob.header(Name::subject), "Trails");
  EXPECT_THAT(std::string{bob.header(Name::referred_by)}, HasSubstr("alice@example.com"));
  EXPECT_EQ(contact_uri(bob), contact_uri(ok));
  EXPECT_THAT(contact_uri(bob), HasSubstr("grp-"));
  EXPECT_TRUE(stage.request("INVITE", "sip:carol@example.com"));
}

// Conversation 6.2: later initiators join the running session.
TEST_F(PredefinedGroup, is_joined_by_who_comes_later) {
  const auto first = begin();
  stage.sent.clear();
  stage.receive(invite("bob"));
  const auto second = stage.response("INVITE").value();
  EXPECT_EQ(second.status(), 200);
  EXPECT_EQ(contact_uri(second), contact_uri(first));
  EXPECT_FALSE(stage.request("INVITE", "sip:carol"));
  EXPECT_EQ(stage.focus.snapshot().groups.size(), 1U);
}

// Conversation 6.4, 6.8
TEST_F(PredefinedGroup, begins_anew_when_its_session_had_ended) {
  const auto first = begin();
  for (const auto* name : {"sip:bob", "sip:carol"}) {
    stage.answer(stage.request("INVITE", name).value(), 480);
  }
  stage.receive(stage.in_dialog("BYE", first));
  stage.sent.clear();
  stage.receive(invite("bob"));
  EXPECT_EQ(stage.status("INVITE"), 200);
  EXPECT_TRUE(stage.request("INVITE", "sip:alice"));
  EXPECT_TRUE(stage.request("INVITE", "sip:carol"));
}

// Conversation 6.2: the newest document counts.
TEST_F(PredefinedGroup, is_what_its_newest_document_says) {
  auto changed = document();
  changed.members = {{"sip:alice@example.com"}, {"sip:dave@example.com"}};
  stage.focus.load_groups({changed});
  EXPECT_EQ(status_of(invite("bob")), 403);
  begin();
  EXPECT_TRUE(stage.request("INVITE", "sip:dave"));
  EXPECT_FALSE(stage.request("INVITE", "sip:bob"));
}

// Conversation 17
TEST_F(PredefinedGroup, is_closed_to_who_does_not_belong_to_it) {
  stage.receive(invite("mallory"));
  const auto refusal = stage.response("INVITE").value();
  EXPECT_EQ(refusal.status(), 403);
  EXPECT_THAT(std::string{refusal.header(Name::warning)}, HasSubstr("127 Service not authorised"));
  EXPECT_FALSE(stage.request("INVITE"));
}

TEST_F(PredefinedGroup, that_nobody_knows_is_not_found) {
  auto unknown = invite();
  unknown.set_uri("sip:nobody@groups.example.com");
  EXPECT_EQ(status_of(unknown), 404);
}

// <max-participant-count>
TEST_F(PredefinedGroup, has_as_many_participants_as_its_document_lets_it) {
  stage.focus.load_groups({document(2)});
  begin();
  EXPECT_TRUE(stage.request("INVITE", "sip:bob"));
  EXPECT_FALSE(stage.request("INVITE", "sip:carol"));
  EXPECT_EQ(status_of(invite("carol")), 403);
}

// R1.17, R1.18
TEST_F(PredefinedGroup, allows_anonymity_where_its_document_does) {
  auto unnamed = invite();
  unnamed.add(Name::privacy, "id");
  EXPECT_EQ(status_of(unnamed), 403);

  auto open = document();
  open.rules = {
      {.id = "1",
       .conditions = {.is_list_member = true},
       .actions = {.join = groups::JoinHandling::allow, .initiate = true, .anonymity = true}}};
  stage.focus.load_groups({open});
  auto again = invite();
  again.add(Name::privacy, "id");
  EXPECT_EQ(status_of(again), 200);
}

// CPM 9.1.1
TEST_F(PredefinedGroup, gets_messages_for_all_its_members) {
  EXPECT_EQ(status_of(pager_message(stage, std::string{hikers}, standalone_cpim("Hello"), "")),
            202);
  const auto bob = stage.request("MESSAGE", "sip:bob").value();
  EXPECT_EQ(bob.header(Name::p_asserted_identity), "<" + std::string{hikers} + ">");
  EXPECT_EQ(bob.header(Name::referred_by), "<sip:alice@example.com>");
  EXPECT_FALSE(cpm::recipient_history_of(bob));
  EXPECT_TRUE(stage.request("MESSAGE", "sip:carol"));
  EXPECT_FALSE(stage.request("MESSAGE", "sip:alice"));
}

// CPM 9.1.2, R3.0
TEST_F(PredefinedGroup, gets_files_for_all_its_members) {
  stage.receive(stage.fresh("f3-1", hikers));
  const auto bob = stage.request("INVITE", "sip:bob").value();
  EXPECT_EQ(bob.header(Name::p_asserted_identity), "<" + std::string{hikers} + ">");
  EXPECT_EQ(bob.header(Name::referred_by), "<sip:alice@example.com>");
  EXPECT_TRUE(stage.request("INVITE", "sip:carol"));
}

struct FetchedGroup : testing::Test {
  static Policy fetching() {
    auto all = policy();
    all.document.uri_template = "http://xdm.example.com/{group}";
    return all;
  }
  sip::Message page() {
    return pager_message(stage, std::string{hikers}, standalone_cpim("Hello"), "");
  }
  void fetched(const FetchedDocument& document) {
    ASSERT_EQ(stage.fetches.size(), 1U);
    stage.fetched(stage.fetches.front().id, document);
  }
  Stage stage{fetching()};
};

// RFC 4825 7
TEST_F(FetchedGroup, is_served_once_its_document_is_here) {
  stage.receive(page());
  EXPECT_EQ(stage.status("MESSAGE"), 0);
  fetched({.outcome = FetchedDocument::Outcome::found, .text = to_text(document())});
  EXPECT_EQ(stage.status("MESSAGE"), 202);
  EXPECT_TRUE(stage.request("MESSAGE", "sip:bob"));
}

TEST_F(FetchedGroup, that_its_server_does_not_know_is_not_found) {
  stage.receive(page());
  fetched({.outcome = FetchedDocument::Outcome::absent});
  EXPECT_EQ(stage.status("MESSAGE"), 404);
}

// Conversation 17
TEST_F(FetchedGroup, whose_server_cannot_be_reached_is_unavailable) {
  stage.receive(page());
  stage.pass(5s);
  const auto refusal = stage.response("MESSAGE").value();
  EXPECT_EQ(refusal.status(), 503);
  EXPECT_TRUE(refusal.has(Name::retry_after));
  EXPECT_THAT(stage.log.text(), HasSubstr("6.2 no group document"));
}

TEST_F(FetchedGroup, is_not_served_to_who_gave_up) {
  auto invite = stage.fresh("f7-1", hikers);
  stage.receive(invite);
  auto cancel = sip::Message::request("CANCEL", hikers);
  for (const auto name : {Name::via, Name::from, Name::to, Name::call_id}) {
    cancel.copy(name, invite);
  }
  cancel.add(Name::cseq, std::to_string(1) + " CANCEL");
  cancel.add(Name::max_forwards, "70");
  stage.receive(cancel);
  EXPECT_EQ(stage.status("INVITE"), 487);
  fetched({.outcome = FetchedDocument::Outcome::found, .text = to_text(document())});
  EXPECT_FALSE(stage.request("INVITE"));
  EXPECT_EQ(stage.focus.snapshot().groups.size(), 0U);
}

}  // namespace
}  // namespace convene::controlling
