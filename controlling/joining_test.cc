#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_stage.h"

// Conversation 6.3, 6.4: who comes in, and who comes back.
namespace convene::controlling {
namespace {

using sip::Name;

struct Joining : testing::Test {
  // Everybody disconnects; the group's state stays. R6.8
  void disconnect_all() {
    for (const auto* name : {"alice", "bob", "carol", "dave", "erin"}) {
      group.receive(group.bye(name));
    }
    group.sent.clear();
  }
  Group group;
};

// R6.8: F7.1, F7.2
TEST_F(Joining, a_member_s_rejoin_makes_the_group_active_again) {
  disconnect_all();
  EXPECT_FALSE(group.focus.snapshot().groups.at(0).is_active);

  group.receive(group.fresh("f7-1", group.focus_uri));

  const auto ok = group.response("INVITE").value();
  EXPECT_EQ(ok.status(), 200);
  EXPECT_EQ(contact_uri(ok), group.focus_uri);
  const auto bob = group.request("INVITE", "sip:bob").value();
  EXPECT_EQ(bob.header(Name::contribution_id), flow("f1-2").header(Name::contribution_id));
  EXPECT_EQ(bob.header(Name::referred_by), "<sip:alice@example.com>");
  EXPECT_TRUE(group.request("INVITE", "sip:erin"));
}

// Conversation 6.7: who has left is not invited again.
TEST_F(Joining, a_rejoin_does_not_invite_who_has_left) {
  group.leave("bob");
  disconnect_all();
  group.receive(group.fresh("f7-1", group.focus_uri));
  EXPECT_FALSE(group.request("INVITE", "sip:bob"));
  EXPECT_TRUE(group.request("INVITE", "sip:carol"));
}

// A21: F7.3
TEST_F(Joining, an_unknown_group_is_not_found) {
  group.receive(group.fresh("f7-1", "sip:grp-unknown@cf.example.com"));
  EXPECT_EQ(group.status("INVITE"), 404);
}

// F7.4: the restart with the same ids.
TEST_F(Joining, a_restart_at_the_factory_is_the_group_that_is_known) {
  disconnect_all();
  group.receive(group.fresh("f7-4"));
  EXPECT_EQ(contact_uri(group.response("INVITE").value()), group.focus_uri);
  EXPECT_TRUE(group.request("INVITE", "sip:bob"));
}

TEST_F(Joining, a_stranger_is_refused) {
  auto mallory = group.fresh("f7-1", group.focus_uri);
  mallory.set(Name::p_asserted_identity, "<sip:mallory@example.com>");
  group.receive(mallory);
  const auto refusal = group.response("INVITE").value();
  EXPECT_EQ(refusal.status(), 403);
  EXPECT_THAT(std::string{refusal.header(Name::warning)},
              testing::HasSubstr("127 Service not authorised"));
}

TEST_F(Joining, a_stranger_may_be_let_in_by_policy_until_the_group_is_full) {
  Group open{{.group = {.max_participants = 6, .strangers_may_join = true}}};
  for (const auto& [name, status] : {std::pair{"frank", 200}, std::pair{"grace", 403}}) {
    auto stranger = open.fresh("f7-1", open.focus_uri);
    stranger.set(Name::p_asserted_identity, "<sip:" + std::string{name} + "@example.com>");
    open.receive(stranger);
    EXPECT_EQ(open.status("INVITE"), status) << name;
  }
}

// Conversation 6.3: the same device takes the place of its old leg.
TEST_F(Joining, the_same_device_replaces_its_leg) {
  group.receive(group.fresh("f7-1", group.focus_uri));
  EXPECT_EQ(group.status("INVITE"), 200);
  EXPECT_TRUE(group.request("BYE", "sip:alice"));
  EXPECT_EQ(group.focus.snapshot().groups[0].participants[0].legs.size(), 1U);
}

// Conversation 6.3
TEST_F(Joining, another_device_gets_a_leg_of_its_own) {
  auto tablet = group.fresh("f7-1", group.focus_uri);
  tablet.set(Name::contact, "<sip:alice@198.51.100.77>;+sip.instance=\"<urn:uuid:7>\"");
  group.receive(tablet);
  EXPECT_EQ(group.status("INVITE"), 200);
  EXPECT_FALSE(group.request("BYE"));
  EXPECT_EQ(group.focus.snapshot().groups[0].participants[0].legs.size(), 2U);
}

// G-40, A20: the newest Contact counts.
TEST_F(Joining, a_re_invite_refreshes_the_capabilities) {
  auto refresh = group.in_dialog("INVITE", group.invites.at("bob"));
  refresh.add(Name::contact, flow("f1-8").header(Name::contact));
  refresh.set_body("application/sdp", flow("f1-6").body());
  group.receive(refresh);

  const auto ok = group.response("INVITE").value();
  EXPECT_EQ(ok.status(), 200);
  EXPECT_EQ(ok.body(), group.invites.at("bob").body().empty() ? "" : ok.body());
  EXPECT_EQ(group.focus.snapshot().groups[0].participants[1].legs[0].capabilities.file_transfer,
            cpm::FileTransferSupport::chat_only);
  EXPECT_TRUE(group.is_open("bob"));
}

// G-26, RFC 3264 8: new media within the grace, and the leg goes on.
TEST_F(Joining, a_re_invite_brings_lost_media_back) {
  group.cut("bob");
  group.pass(20s);
  auto offer = std::string{flow("f1-6").body()};
  offer.replace(offer.find("/bob"), 4, "/again");
  auto again = group.in_dialog("INVITE", group.invites.at("bob"));
  again.add(Name::contact, flow("f1-6").header(Name::contact));
  again.set_body("application/sdp", offer);
  group.receive(again);

  const auto ok = group.response("INVITE").value();
  EXPECT_EQ(ok.status(), 200);
  EXPECT_NE(sdp_of(ok), sdp_of(group.invites.at("bob")));
  group.receive(group.in_dialog("ACK", group.invites.at("bob")));
  group.connect("bob", sdp_of(ok), offer);

  group.pass(60s);
  EXPECT_FALSE(group.request("BYE", "sip:bob"));
  group.say("alice",
            "To: <" + group.focus_uri + ">\r\n\r\nContent-Type: text/plain\r\n\r\nStill here");
  EXPECT_THAT(group.hear("bob"), testing::HasSubstr("Still here"));
}

// RFC 5366 5.1
TEST_F(Joining, a_re_invite_cannot_add_members) {
  auto list = group.in_dialog("INVITE", group.ok);
  list.add(Name::contact, flow("f1-2").header(Name::contact));
  list.add(Name::require, "recipient-list-invite");
  list.set_body(flow("f1-2").header(Name::content_type), flow("f1-2").body());
  group.receive(list);
  const auto refusal = group.response("INVITE").value();
  EXPECT_EQ(refusal.status(), 420);
  EXPECT_EQ(refusal.header(Name::unsupported), "recipient-list-invite");
}

}  // namespace
}  // namespace convene::controlling
