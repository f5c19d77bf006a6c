#include "client/test_client.h"

namespace convene::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Optional;

struct GroupCreationTest : ClientTest {
  void SetUp() override { be_alice(); }

  Result<GroupId> create() {
    return client->create_group({.subject = "Trail Sunday",
                                 .members = {"sip:bob@example.com", "sip:carol@example.com",
                                             "sip:dave@example.com", "sip:erin@example.com"}},
                                now, out);
  }
};

// CPM 7.3.1.2, flow F1.1; A22: the tags are in the creator's INVITE too.
TEST_F(GroupCreationTest, invites_the_factory_with_a_list) {
  ASSERT_TRUE(create());
  EXPECT_EQ(essence(sent()), essence(flow("001-f1-1-alice-to-pf-a-invite-factory.txt")));
}

TEST_F(GroupCreationTest, joins_when_the_focus_answers) {
  const auto id = create();
  const auto request = sent("INVITE");

  answer_like(request, "003-f1-3-cf-to-pf-a-200-ok-to-creator.txt");

  EXPECT_THAT(event<Joined>(), Optional(Joined{*id, "sip:grp-8d21@cf.example.com"}));
  EXPECT_EQ(sent().method(), "ACK");
  EXPECT_EQ(connecting()->host, "192.0.2.20");
  EXPECT_EQ(connecting()->port, 2855);
  const auto session = client->session(*id);
  EXPECT_EQ(session->state, SessionState::active);
  EXPECT_EQ(session->capabilities.file_transfer, cpm::FileTransferSupport::indicated);
}

// CPM 7.3.10; flow F1.12
TEST_F(GroupCreationTest, subscribes_to_participant_information) {
  alice_in_group();
  const auto subscribe = sent("SUBSCRIBE");
  EXPECT_EQ(subscribe.uri(), "sip:grp-8d21@cf.example.com");
  EXPECT_EQ(subscribe.header(Name::event), "conference");
}

TEST_F(GroupCreationTest, ends_when_the_factory_refuses) {
  const auto id = create();
  auto response = sip::make_response(sent("INVITE"), 403, "script");
  response.add(Name::warning, "399 cf.example.com \"127 Service not authorised\"");
  receive(std::move(response));

  EXPECT_THAT(event<Ended>(), Optional(Ended{.group = *id,
                                             .reason = EndReason::refused,
                                             .status = 403,
                                             .text = "127 Service not authorised"}));
}

TEST_F(GroupCreationTest, hangs_up_when_the_answer_has_no_chat) {
  const auto id = create();
  const auto request = sent("INVITE");
  auto response = sip::make_response(request, 200, "script");
  response.add(Name::contact, "<sip:grp@cf.example.com;transport=tcp>;isfocus");
  receive(std::move(response));

  EXPECT_EQ(sent().method(), "ACK");
  EXPECT_EQ(sent().method(), "BYE");
  EXPECT_EQ(event<Ended>()->status, 488);
  EXPECT_EQ(client->session(*id)->state, SessionState::ended);
}

TEST_F(GroupCreationTest, leaves_itself_and_repetitions_out_of_the_list) {
  ASSERT_TRUE(client->create_group(
      {.subject = {},
       .members = {"sip:bob@example.com", "sip:ALICE@example.com", "sip:alice@example.com",
                   "sip:bob@example.com;transport=udp"}},
      now, out));
  const std::string body{sent("INVITE").body()};
  EXPECT_THAT(body, HasSubstr("sip:bob@example.com\""));
  EXPECT_THAT(body, Not(HasSubstr("sip:alice@example.com")));
  EXPECT_THAT(body, Not(HasSubstr("transport=udp")));
}

TEST_F(GroupCreationTest, needs_another_member) {
  EXPECT_FALSE(client->create_group({.subject = {}, .members = {}}, now, out));
  EXPECT_FALSE(client->create_group({.subject = {}, .members = {"bob"}}, now, out));
  EXPECT_TRUE(is_silent());
}

// Flow F7.1: with the ids it had, and without a list.
TEST_F(GroupCreationTest, joins_an_ended_group_with_the_same_ids) {
  const auto id = alice_in_group();
  ASSERT_TRUE(client->disconnect(id, now, out));
  out = {};

  ASSERT_TRUE(client->rejoin(id, now, out));

  const auto rejoin = sent("INVITE");
  EXPECT_EQ(essence(rejoin),
            essence(flow("045-f7-1-alice-rejoin-invite-to-lastfocussessionid-same-ids-no-l.txt")));
  EXPECT_EQ(rejoin.header(Name::contribution_id), invite.header(Name::contribution_id));
  EXPECT_EQ(rejoin.header(Name::conversation_id), invite.header(Name::conversation_id));
}

// Flow F7.3, F7.4: an identity that is not known any more leads to the factory again.
TEST_F(GroupCreationTest, restarts_a_forgotten_group_at_the_factory) {
  const auto id = alice_in_group();
  ASSERT_TRUE(client->disconnect(id, now, out));
  out = {};
  ASSERT_TRUE(client->rejoin(id, now, out));

  answer(sent("INVITE"), 404);

  const auto restart = sent("INVITE");
  EXPECT_EQ(restart.uri(), "sip:conference-factory@example.com");
  EXPECT_EQ(restart.header(Name::require), "recipient-list-invite");
  EXPECT_EQ(restart.header(Name::contribution_id), invite.header(Name::contribution_id));
}

TEST_F(GroupCreationTest, gives_up_on_request) {
  const auto id = create();
  const auto request = sent("INVITE");
  answer(request, 180);

  ASSERT_TRUE(client->leave(*id, now, out));
  answer(sent("CANCEL"), 200);
  answer(request, 487);

  EXPECT_EQ(event<Ended>()->reason, EndReason::cancelled);
}

}  // namespace
}  // namespace convene::client
