#include "client/test_client.h"

namespace convene::client {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::Optional;
using testing::Property;

const std::string invitation = "005-f1-5-cf-to-pf-b-invite-bob.txt";

std::string with(std::string text, std::string_view header) {
  return text.insert(text.find("\r\n") + 2, std::string{header} + "\r\n");
}
std::string replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

// As it comes from Bob's own proxy.
std::string flow_to_bob(const std::string& name) {
  return with(flow(name), "Record-Route: <sip:pf-b.example.com;transport=tcp;lr>");
}

struct SessionInvitationTest : ClientTest {
  void SetUp() override { be_bob(); }

  // The whole way to a session, as a member with these settings.
  sip::Message accepted(Settings settings) {
    be(std::move(settings), "198.51.100.12");
    receive(flow_to_bob(invitation));
    const auto invited = event<Invited>();
    if (!invited || !client->accept(invited->group, now, out)) return sip::Message::response(699);
    return answered(200);
  }
};

// CPM 7.3.2 (3): R2.3, R2.6a
TEST_F(SessionInvitationTest, shows_subject_inviter_and_focus) {
  receive(flow_to_bob(invitation));
  const auto invited = event<Invited>();
  ASSERT_TRUE(invited);
  EXPECT_EQ(invited->subject, "Trail Sunday");
  EXPECT_EQ(invited->inviter, (Person{.address = "sip:alice@example.com"}));
  EXPECT_EQ(invited->focus, "sip:grp-8d21@cf.example.com");
  EXPECT_TRUE(invited->is_group);
  EXPECT_FALSE(invited->replaces_one_to_one);
  EXPECT_EQ(sent().status(), 180);
}

// CPM 7.3.2 (3) c: R2.3c
TEST_F(SessionInvitationTest, hides_the_inviter_who_asked_for_privacy) {
  receive(with(flow_to_bob(invitation), "Privacy: id"));
  EXPECT_EQ(event<Invited>()->inviter, Person{});
}

// CPM 7.3.2 (7)-(10): R2.7a, R2.7c, R2.8, R2.10; flow F1.6
TEST_F(SessionInvitationTest, accepts_with_its_file_transfer_tags) {
  const auto ok = accepted(bob());
  EXPECT_EQ(in_any_order(essence(ok)), in_any_order(essence(flow("006-f1-6-200-ok-from-bob.txt"))));
  EXPECT_EQ(ok.header(Name::contribution_id), "5e3c7d10a2b94c6f8e1d2a3b4c5d6e7f");
  EXPECT_EQ(ok.header(Name::conversation_id), "f1b7c2a4-9c1e-4d2f-8a55-6a0d4c1e2b30");
}

// CPM 7.3.2 (7) b: R2.7b
TEST_F(SessionInvitationTest, says_its_display_name) {
  auto settings = bob();
  settings.display_name = "Bob";
  EXPECT_EQ(accepted(settings).header(Name::p_preferred_identity), "\"Bob\" <sip:bob@example.com>");
}

// CPM 7.3.2 (8): R2.8; flow F1.7
TEST_F(SessionInvitationTest, says_only_the_services_it_has) {
  auto settings = bob();
  settings.services = {.file_transfer = true};
  const auto ok = accepted(settings);
  EXPECT_THAT(ok.header(Name::contact), HasSubstr("rcse.ft\""));
  EXPECT_THAT(ok.header(Name::contact), Not(HasSubstr("ftthumb")));
}

// CPM 7.3.2 (9): R2.9; flow F1.8
TEST_F(SessionInvitationTest, says_that_it_only_chats) {
  auto settings = bob();
  settings.services = {};
  settings.chat_only = true;
  const auto ok = accepted(settings);
  EXPECT_THAT(ok.header(Name::contact),
              HasSubstr("+g.3gpp.iari-ref=\"urn%3Aurn-7%3A3gpp-application.ims.iari.rcse.im\""));
  EXPECT_THAT(ok.header(Name::contact), Not(HasSubstr("rcse.ft")));
}

// CPM 7.3.2 (8), (9): flow F1.9, who says nothing.
TEST_F(SessionInvitationTest, says_nothing_of_files_when_it_is_told_so) {
  auto settings = bob();
  settings.services = {};
  EXPECT_THAT(accepted(settings).header(Name::contact), Not(HasSubstr("iari")));
}

// R2.7c
TEST_F(SessionInvitationTest, repeats_what_the_invitation_replies_to) {
  receive(with(flow_to_bob(invitation), "InReplyTo-Contribution-ID: AbC"));
  ASSERT_TRUE(client->accept(event<Invited>()->group, now, out));
  EXPECT_EQ(answered(200).header(Name::in_reply_to_contribution_id), "AbC");
}

// CPM 7.3.2, upon receiving a SIP ACK: R2.11; flow F1.10
TEST_F(SessionInvitationTest, connects_and_binds_after_the_ack) {
  const auto ok = accepted(bob());
  EXPECT_FALSE(connecting());

  receive(request_in(ok, "ACK", 1));

  EXPECT_TRUE(event<Joined>());
  EXPECT_EQ(connecting()->host, "192.0.2.20");
  const auto text = written(connect());
  EXPECT_THAT(text, HasSubstr("To-Path: msrp://192.0.2.20:2855/cf-bob01;tcp"));
  EXPECT_THAT(text, HasSubstr("Byte-Range: 1-0/0"));
}

// CPM 7.3.2 (4): R2.4, A18; flow F1.12
TEST_F(SessionInvitationTest, subscribes_at_the_focus_after_the_ack) {
  const auto ok = accepted(bob());
  EXPECT_TRUE(is_silent());

  receive(request_in(ok, "ACK", 1));

  EXPECT_EQ(essence(sent()), essence(flow("012-f1-12-bob-to-cf-subscribe.txt")));
}

// CPM 7.3.2 (1): R2.1
TEST_F(SessionInvitationTest, has_room_for_so_many_sessions) {
  auto settings = bob();
  settings.max_sessions = 1;
  be(settings, "198.51.100.12");
  receive(flow_to_bob(invitation));
  auto second = replaced(flow_to_bob(invitation), "Call-ID: grp1-bob@", "Call-ID: other@");
  second = replaced(second, "z9hG4bKcbob", "z9hG4bKother");
  second = replaced(second, "Contact: <sip:grp-8d21@", "Contact: <sip:grp-2@");
  out = {};

  receive(second);

  EXPECT_EQ(sent().status(), 480);
  EXPECT_TRUE(events().empty());
}

// CPM 7.3.2 (2): R2.2
TEST_F(SessionInvitationTest, knows_no_session_to_replace) {
  receive(flow_to_bob("065-f12-2-cf-to-bob-gruu-request-uri-session-replaces-header-car.txt"));
  EXPECT_EQ(sent().status(), 481);
  EXPECT_TRUE(events().empty());
}

// R2.2: a group session is not what can be replaced.
TEST_F(SessionInvitationTest, does_not_replace_a_group_session) {
  receive(request_in(accepted(bob()), "ACK", 1));
  out = {};
  receive(
      replaced(flow_to_bob("065-f12-2-cf-to-bob-gruu-request-uri-session-replaces-header-car.txt"),
               "Session-Replaces: 0c9d8e7f6a5b4c3d2e1f00112233aabb",
               "Session-Replaces: 5e3c7d10a2b94c6f8e1d2a3b4c5d6e7f"));
  EXPECT_EQ(sent().status(), 481);
}

// R2.2, R2.3b, R2.6b, R2.12; flow F12
TEST_F(SessionInvitationTest, replaces_a_session_between_two) {
  auto one_to_one = replaced(flow_to_bob(invitation), ";isfocus", "");
  one_to_one =
      replaced(one_to_one, "5e3c7d10a2b94c6f8e1d2a3b4c5d6e7f", "0c9d8e7f6a5b4c3d2e1f00112233aabb");
  receive(one_to_one);
  const auto old = event<Invited>();
  ASSERT_TRUE(old && !old->is_group);
  ASSERT_TRUE(client->accept(old->group, now, out));
  receive(request_in(answered(200), "ACK", 1));
  EXPECT_TRUE(is_silent());  // no subscription between two

  receive(flow_to_bob("065-f12-2-cf-to-bob-gruu-request-uri-session-replaces-header-car.txt"));
  const auto invited = event<Invited>();
  ASSERT_TRUE(invited);
  EXPECT_TRUE(invited->replaces_one_to_one);
  ASSERT_TRUE(client->accept(invited->group, now, out));
  receive(request_in(answered(200), "ACK", 1));

  const auto bye = sent("BYE");
  EXPECT_EQ(bye.header(Name::call_id), "grp1-bob@cf.example.com");
  EXPECT_EQ(bye.header(Name::reason), "SIP;cause=200;text=\"Call completed\"");
  const auto ended = event<Ended>();
  EXPECT_EQ(ended->group, old->group);
  EXPECT_EQ(ended->reason, EndReason::replaced);
}

// CPM 7.3.2 (5): R2.5a, A19
TEST_F(SessionInvitationTest, declines_with_480) {
  receive(flow_to_bob(invitation));
  ASSERT_TRUE(client->decline(event<Invited>()->group, {}, now, out));
  EXPECT_EQ(answered(480).header(Name::contact), "");
  EXPECT_EQ(event<Ended>()->reason, EndReason::declined);
}

// R2.5a: as deployed clients do.
TEST_F(SessionInvitationTest, declines_with_603_as_deployed) {
  auto settings = bob();
  settings.profile = Profile::deployed;
  be(settings, "198.51.100.12");
  receive(flow_to_bob(invitation));
  ASSERT_TRUE(client->decline(event<Invited>()->group, {}, now, out));
  answered(603);
}

// CPM 7.3.2 (5): R2.5b
TEST_F(SessionInvitationTest, is_busy) {
  receive(flow_to_bob(invitation));
  ASSERT_TRUE(client->decline(event<Invited>()->group, {.how = Decline::How::busy}, now, out));
  answered(486);
}

// CPM 7.3.2 (5): R2.5d
TEST_F(SessionInvitationTest, redirects) {
  receive(flow_to_bob(invitation));
  ASSERT_TRUE(client->decline(event<Invited>()->group,
                              {.how = Decline::How::redirect, .to = "sip:bob@elsewhere.example"},
                              now, out));
  EXPECT_EQ(answered(302).header(Name::contact), "<sip:bob@elsewhere.example>");
}

// CPM 7.3.2 (5): R2.5c
TEST_F(SessionInvitationTest, times_out_with_408) {
  receive(flow_to_bob(invitation));
  out = {};
  wait(59s);
  EXPECT_TRUE(is_silent());
  wait(1s);
  answered(408);
  EXPECT_EQ(event<Ended>()->reason, EndReason::timed_out);
}

TEST_F(SessionInvitationTest, ends_when_the_inviter_gives_up) {
  receive(flow_to_bob(invitation));
  auto cancel = *sip::parse_message(flow_to_bob(invitation));
  auto request = sip::Message::request("CANCEL", cancel.uri());
  for (const auto name : {Name::via, Name::from, Name::to, Name::call_id, Name::max_forwards}) {
    request.copy(name, cancel);
  }
  request.add(Name::cseq, "1 CANCEL");
  receive(std::move(request));

  answered(487);
  EXPECT_EQ(event<Ended>()->reason, EndReason::cancelled);
}

TEST_F(SessionInvitationTest, refuses_what_it_cannot_read) {
  receive(replaced(flow_to_bob(invitation), "application/sdp", "application/foo"));
  EXPECT_EQ(sent().status(), 415);
  be_bob();
  receive(replaced(flow_to_bob(invitation), "a=path:", "a=htap:"));
  EXPECT_EQ(sent().status(), 488);
}

// RFC 6135 4.2: who does not listen cannot be called.
TEST_F(SessionInvitationTest, refuses_a_peer_that_would_connect_when_it_does_not_listen) {
  receive(replaced(flow_to_bob(invitation), "a=setup:actpass", "a=setup:active "));
  EXPECT_EQ(sent().status(), 488);
}

TEST_F(SessionInvitationTest, accepts_by_itself_when_told_so) {
  auto settings = bob();
  settings.accept_invitations = true;
  be(settings, "198.51.100.12");
  receive(flow_to_bob(invitation));
  EXPECT_EQ(sent().status(), 200);
  EXPECT_TRUE(events().empty());
}

// RFC 4028 7.4: a refresh by re-INVITE.
TEST_F(SessionInvitationTest, answers_the_same_offer_again) {
  const auto ok = accepted(bob());
  receive(request_in(ok, "ACK", 1));
  out = {};
  auto again = request_in(ok, "INVITE", 2);
  again.add(Name::contact, "<sip:grp-8d21@cf.example.com>;isfocus");
  const auto original = sip::parse_message(flow_to_bob(invitation));
  again.set_body("application/sdp", original->body());

  receive(std::move(again));

  EXPECT_EQ(answered(200).body(), ok.body());
}

TEST_F(SessionInvitationTest, refuses_another_offer_and_goes_on) {
  const auto ok = accepted(bob());
  receive(request_in(ok, "ACK", 1));
  out = {};
  auto again = request_in(ok, "INVITE", 2);
  again.add(Name::contact, "<sip:grp-8d21@cf.example.com>;isfocus");
  const auto original = sip::parse_message(flow_to_bob(invitation));
  again.set_body("application/sdp",
                 replaced(std::string{original->body()}, "cf-bob01", "cf-bob02"));

  receive(std::move(again));

  answered(488);
  EXPECT_TRUE(events().empty());
}

}  // namespace
}  // namespace convene::client
