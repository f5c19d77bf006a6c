#include "client/test_client.h"

// CPM 7.3.1.3, conversation 6.4-6.6: who is in a group changes, and a group begins anew.
namespace convene::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Optional;

struct AddingParticipantsTest : ClientTest {
  void SetUp() override {
    be_alice();
    group = alice_in_group();
    out = {};
  }
  // The focus's answer to our SUBSCRIBE, and who is in the group.
  void hear_roster(const std::string& users) {
    client->disconnect(group, now, out);
    out = {};
    ASSERT_TRUE(client->rejoin(group, now, out));
    answer_like(sent("INVITE"),
                "046-f7-2-cf-200-ok-group-reactivated-cf-invites-the-other-member.txt");
    const auto subscribe = sent("SUBSCRIBE");
    auto ok = sip::make_response(subscribe, 200, "script");
    ok.add(Name::contact, "<sip:grp-8d21@cf.example.com;transport=tcp>;isfocus");
    receive(std::move(ok));
    auto notify = request_back(subscribe, "NOTIFY", 1);
    notify.add(Name::contact, "<sip:grp-8d21@cf.example.com;transport=tcp>;isfocus");
    notify.add(Name::event, "conference");
    notify.add(Name::subscription_state, "active;expires=3600");
    notify.set_body("application/conference-info+xml",
                    R"(<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" )"
                    R"(entity="sip:grp-8d21@cf.example.com" state="full" version="0"><users>)" +
                        users + "</users></conference-info>");
    receive(std::move(notify));
    out = {};
  }
  static std::string user(std::string_view address,
                          std::string_view inside = "<status>connected</status>") {
    return "<user entity=\"" + std::string{address} + "\"><endpoint entity=\"" +
           std::string{address} + "\">" + std::string{inside} + "</endpoint></user>";
  }
  GroupId group;
};

// RFC 3515 2.1, RFC 4488 4
TEST_F(AddingParticipantsTest, refers_the_focus_to_one) {
  ASSERT_TRUE(client->add(group, {"sip:frank@example.com"}, now, out));
  const auto refer = sent("REFER");
  EXPECT_EQ(refer.uri(), "sip:grp-8d21@cf.example.com");
  EXPECT_EQ(refer.header(Name::refer_to), "<sip:frank@example.com>");
  EXPECT_EQ(refer.header(Name::refer_sub), "false");
  EXPECT_TRUE(refer.has(Name::contact));
  EXPECT_EQ(refer.header(Name::contribution_id), invite.header(Name::contribution_id));
}

// RFC 5368 5-7
TEST_F(AddingParticipantsTest, refers_the_focus_to_several_by_a_list) {
  ASSERT_TRUE(client->add(
      group, {"sip:frank@example.com", "sip:gina@example.com", "sip:alice@example.com"}, now, out));
  const auto refer = sent("REFER");
  EXPECT_TRUE(refer.lists(Name::require, "multiple-refer"));
  EXPECT_TRUE(refer.lists(Name::require, "norefersub"));
  const std::string id{refer.header(Name::content_id)};
  EXPECT_EQ(refer.header(Name::refer_to), "<cid:" + id.substr(1));
  EXPECT_EQ(refer.header(Name::content_disposition), "recipient-list");
  EXPECT_THAT(std::string{refer.body()}, HasSubstr("sip:gina@example.com"));
  EXPECT_THAT(std::string{refer.body()}, Not(HasSubstr("alice")));
}

// RFC 4579 5.11
TEST_F(AddingParticipantsTest, refers_with_bye_to_remove) {
  ASSERT_TRUE(client->remove(group, "sip:bob@example.com", now, out));
  EXPECT_EQ(sent("REFER").header(Name::refer_to), "<sip:bob@example.com;method=BYE>");
}

TEST_F(AddingParticipantsTest, tells_what_the_focus_said) {
  ASSERT_TRUE(client->add(group, {"sip:frank@example.com"}, now, out));
  answer(sent("REFER"), 202);
  EXPECT_THAT(event<Referred>(), Optional(Referred{.group = group,
                                                   .how = Referred::How::added,
                                                   .addresses = {"sip:frank@example.com"},
                                                   .status = 202}));
  ASSERT_TRUE(client->remove(group, "sip:bob@example.com", now, out));
  auto refusal = sip::make_response(sent("REFER"), 403, "script");
  refusal.add(Name::warning, "399 cf.example.com \"127 Service not authorised\"");
  receive(std::move(refusal));
  EXPECT_EQ(event<Referred>()->reason, "127 Service not authorised");
}

TEST_F(AddingParticipantsTest, needs_a_session_and_somebody) {
  EXPECT_FALSE(client->add(group, {"sip:alice@example.com"}, now, out));
  EXPECT_FALSE(client->add(group, {"nobody at all"}, now, out));
  EXPECT_FALSE(client->remove(group, "mailto:bob@example.com", now, out));
  ASSERT_TRUE(client->disconnect(group, now, out));
  EXPECT_FALSE(client->add(group, {"sip:frank@example.com"}, now, out));
}

// Conversation 6.4: the list of a restart is who is in the group now, whoever made it.
TEST_F(AddingParticipantsTest, restarts_with_those_of_the_newest_roster) {
  hear_roster(user("sip:alice@example.com") + user("sip:frank@example.com") +
              user("sip:gina@example.com", "<status>disconnected</status>") +
              user("sip:bob@example.com",
                   "<status>disconnected</status>"
                   "<disconnection-method>departed</disconnection-method>") +
              user("sip:anonymous-1@cf.example.com"));
  ASSERT_TRUE(client->disconnect(group, now, out));
  ASSERT_TRUE(client->rejoin(group, now, out));
  answer(sent("INVITE"), 404);

  const auto restart = sent("INVITE");

  EXPECT_EQ(restart.uri(), "sip:conference-factory@example.com");
  EXPECT_EQ(restart.header(Name::conversation_id), invite.header(Name::conversation_id));
  const std::string list{restart.body()};
  EXPECT_THAT(list, HasSubstr("sip:frank@example.com"));
  EXPECT_THAT(list, HasSubstr("sip:gina@example.com"));
  EXPECT_THAT(list, Not(HasSubstr("sip:bob@example.com")));
  EXPECT_THAT(list, Not(HasSubstr("anonymous-1")));
}

// Conversation 6.4: "127 Service not authorised" is final.
TEST_F(AddingParticipantsTest, does_not_restart_where_that_is_not_allowed) {
  ASSERT_TRUE(client->disconnect(group, now, out));
  out = {};
  ASSERT_TRUE(client->rejoin(group, now, out));
  auto refusal = sip::make_response(sent("INVITE"), 403, "script");
  refusal.add(Name::warning, "399 cf.example.com \"127 Service not authorised\"");
  receive(std::move(refusal));
  EXPECT_EQ(event<Ended>()->text, "127 Service not authorised");
  EXPECT_EQ(sent().method(), "ACK");
  EXPECT_TRUE(is_silent());
}

// Conversation 6.4
TEST_F(AddingParticipantsTest, restarts_on_request) {
  EXPECT_FALSE(client->restart(group, now, out));
  ASSERT_TRUE(client->disconnect(group, now, out));
  out = {};
  ASSERT_TRUE(client->restart(group, now, out));
  EXPECT_EQ(sent("INVITE").header(Name::require), "recipient-list-invite");
}

// Conversation 6.4: a known list, of a group that this client was never in.
TEST_F(AddingParticipantsTest, restarts_a_group_that_it_only_heard_of) {
  const auto id =
      client->join({.focus = "sip:grp-old@cf.example.com",
                    .ids = {.conversation = "c", .contribution = "d", .in_reply_to = {}},
                    .subject = {},
                    .members = {"sip:bob@example.com"}},
                   now, out);
  ASSERT_TRUE(id);
  answer(sent("INVITE"), 404);
  EXPECT_EQ(sent("INVITE").header(Name::contribution_id), "d");
}

// Conversation 6.4: two restart at once. Our own INVITE brings us in; theirs is busy.
TEST_F(AddingParticipantsTest, lets_its_own_restart_win_over_another_s_invitation) {
  ASSERT_TRUE(client->disconnect(group, now, out));
  out = {};
  ASSERT_TRUE(client->rejoin(group, now, out));
  const auto ours = sent("INVITE");
  auto theirs = sip::parse_message(flow("005-f1-5-cf-to-pf-b-invite-bob.txt")).value();
  theirs.set(Name::contact, "<sip:grp-new@cf.example.com;transport=tcp>;isfocus");
  theirs.set(Name::conversation_id, std::string{invite.header(Name::conversation_id)});
  theirs.set(Name::contribution_id, std::string{invite.header(Name::contribution_id)});

  receive(std::move(theirs));

  EXPECT_EQ(answered(486).status(), 486);
  answer_like(ours, "046-f7-2-cf-200-ok-group-reactivated-cf-invites-the-other-member.txt");
  EXPECT_EQ(client->session(group)->state, SessionState::active);
  EXPECT_EQ(client->sessions().size(), 1U);
}

// Conversation 6.4: somebody else restarted it; it is the same group for us, at another identity.
TEST_F(AddingParticipantsTest, takes_a_restarted_group_for_the_one_it_was_in) {
  ASSERT_TRUE(client->disconnect(group, now, out));
  out = {};
  auto theirs = sip::parse_message(flow("005-f1-5-cf-to-pf-b-invite-bob.txt")).value();
  theirs.set(Name::contact, "<sip:grp-new@cf.example.com;transport=tcp>;isfocus");
  theirs.set(Name::conversation_id, std::string{invite.header(Name::conversation_id)});
  theirs.set(Name::contribution_id, std::string{invite.header(Name::contribution_id)});
  receive(std::move(theirs));
  EXPECT_EQ(event<Invited>()->group, group);
  EXPECT_EQ(client->session(group)->focus, "sip:grp-new@cf.example.com;transport=tcp");
}

}  // namespace
}  // namespace convene::client
