#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_refer.h"

// Conversation 6.5: who is in the session adds others by REFER.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::HasSubstr;

struct AddingParticipants : testing::Test {
  sip::Message refer(std::string_view who) {
    return silent_refer_of(group, "alice", group.focus_uri,
                           "sip:" + std::string{who} + "@example.com");
  }
  sip::Message list(const std::vector<std::string>& uris) {
    return multiple_refer_of(group, "alice", group.focus_uri, uris);
  }
  int status_of(const sip::Message& refer) {
    group.receive(refer);
    return group.status("REFER");
  }
  Group group;
};

// RFC 3515 2.4.2, RFC 4488 4, R1.12, R1.13
TEST_F(AddingParticipants, invites_one) {
  group.receive(refer("frank"));
  const auto accepted = group.response("REFER").value();
  EXPECT_EQ(accepted.status(), 202);
  EXPECT_EQ(accepted.header(Name::refer_sub), "false");

  const auto invite = group.request("INVITE", "sip:frank@example.com").value();
  EXPECT_EQ(invite.header(Name::referred_by), "<sip:alice@example.com>");
  EXPECT_EQ(invite.header(Name::contribution_id), flow("f1-2").header(Name::contribution_id));
  EXPECT_EQ(invite.header(Name::conversation_id), flow("f1-2").header(Name::conversation_id));
  EXPECT_EQ(contact_uri(invite), group.focus_uri);
}

// R1.12: Referred-By is who sent the REFER, not who made the group.
TEST_F(AddingParticipants, says_who_added) {
  group.receive(silent_refer_of(group, "bob", group.focus_uri, "sip:frank@example.com"));
  EXPECT_EQ(group.request("INVITE", "sip:frank").value().header(Name::referred_by),
            "<sip:bob@example.com>");
}

// RFC 3515 2.1: also in the dialog of the chat; its participant is who asks.
TEST_F(AddingParticipants, takes_a_refer_inside_the_chat_s_dialog) {
  auto inside = group.in_dialog("REFER", group.invites.at("bob"));
  inside.add(Name::contact, flow("f1-6").header(Name::contact));
  inside.add(Name::refer_to, "<sip:frank@example.com>");
  inside.add(Name::refer_sub, "false");
  EXPECT_EQ(status_of(inside), 202);
  EXPECT_EQ(group.request("INVITE", "sip:frank").value().header(Name::referred_by),
            "<sip:bob@example.com>");
}

// RFC 5368 7: several at once; who is in already is not invited again.
TEST_F(AddingParticipants, invites_several) {
  group.receive(list({"sip:frank@example.com", "sip:bob@example.com", "sip:gina@example.com"}));
  const auto accepted = group.response("REFER").value();
  EXPECT_EQ(accepted.status(), 202);
  EXPECT_EQ(accepted.header(Name::refer_sub), "false");
  EXPECT_TRUE(group.request("INVITE", "sip:frank"));
  EXPECT_TRUE(group.request("INVITE", "sip:gina"));
  EXPECT_FALSE(group.request("INVITE", "sip:bob"));
}

// Conversation 7: the others see who comes.
TEST_F(AddingParticipants, tells_the_subscribers) {
  group.receive(group.fresh("f1-12", group.focus_uri));
  group.sent.clear();
  group.pass(10s);
  group.receive(refer("frank"));
  const std::string document{group.request("NOTIFY").value().body()};
  EXPECT_THAT(document, HasSubstr("entity=\"sip:frank@example.com\""));
  EXPECT_THAT(document, HasSubstr("pending"));
}

// Conversation 17
TEST_F(AddingParticipants, is_refused_at_an_unknown_group) {
  auto elsewhere = refer("frank");
  elsewhere.set_uri("sip:grp-unknown@cf.example.com");
  EXPECT_EQ(status_of(elsewhere), 404);
}

// Conversation 17: an inactive group.
TEST_F(AddingParticipants, is_refused_without_a_session) {
  for (const auto* name : {"alice", "bob", "carol", "dave", "erin"}) group.receive(group.bye(name));
  EXPECT_EQ(status_of(refer("frank")), 404);
}

// Conversation 17
TEST_F(AddingParticipants, is_refused_to_strangers_and_to_who_is_not_in) {
  group.receive(group.bye("bob"));
  for (const auto* who : {"mallory", "bob"}) {
    group.receive(silent_refer_of(group, who, group.focus_uri, "sip:frank@example.com"));
    const auto refusal = group.response("REFER").value();
    EXPECT_EQ(refusal.status(), 403) << who;
    EXPECT_THAT(std::string{refusal.header(Name::warning)},
                HasSubstr("127 Service not authorised"));
  }
  EXPECT_FALSE(group.request("INVITE", "sip:frank"));
}

// CPM 6.1
TEST_F(AddingParticipants, is_refused_to_who_is_not_authenticated) {
  group.receive(refer("frank"), false);
  EXPECT_EQ(group.status("REFER"), 403);
}

// Conversation 6.9: nobody is added to a closed group, but its members may be called again.
TEST_F(AddingParticipants, is_refused_in_a_closed_group) {
  Group closed{{.group = {.factories = {{.uri = "sip:conference-factory@example.com",
                                         .type = GroupType::closed}}}}};
  const auto refer_to = [&](const std::string& who) {
    closed.receive(
        silent_refer_of(closed, "alice", closed.focus_uri, "sip:" + who + "@example.com"));
    return closed.status("REFER");
  };
  EXPECT_EQ(refer_to("frank"), 403);
  closed.receive(closed.bye("bob"));
  EXPECT_EQ(refer_to("bob"), 202);
  EXPECT_TRUE(closed.request("INVITE", "sip:bob"));
}

// Conversation 6.5, 17: over the maximum, nobody of the list comes.
TEST_F(AddingParticipants, is_refused_when_the_group_would_be_too_large) {
  Group small{{.group = {.max_participants = 6}}};
  small.receive(multiple_refer_of(small, "alice", small.focus_uri,
                                  {"sip:frank@example.com", "sip:gina@example.com"}));
  EXPECT_EQ(small.status("REFER"), 403);
  EXPECT_FALSE(small.request("INVITE"));
  EXPECT_EQ(small.focus.snapshot().groups[0].participants.size(), 5U);
}

// A REFER to oneself, and to who is there: accepted, and nothing is sent.
TEST_F(AddingParticipants, does_nothing_for_who_is_in) {
  group.sent.clear();
  EXPECT_EQ(status_of(refer("alice")), 202);
  EXPECT_EQ(status_of(refer("bob")), 202);
  EXPECT_FALSE(group.request("INVITE"));
  EXPECT_EQ(group.focus.snapshot().groups[0].participants.size(), 5U);
}

// REFER loops: the focus cannot be invited into itself.
TEST_F(AddingParticipants, refuses_to_invite_the_focus) {
  EXPECT_EQ(status_of(silent_refer_of(group, "alice", group.focus_uri, group.focus_uri)), 403);
}

// A storm: who declines is rung a few times, however often they are referred to.
TEST_F(AddingParticipants, leaves_who_declines_in_peace) {
  int invited = 0;
  for (int i = 0; i < 100; ++i) {
    group.receive(refer("frank"));
    EXPECT_EQ(group.status("REFER"), invited < 5 ? 202 : 403);
    if (const auto invite = group.request("INVITE", "sip:frank")) {
      ++invited;
      group.answer(*invite, 603);
    }
    group.sent.clear();
    group.pass(1s);
  }
  EXPECT_EQ(invited, 5);

  group.pass(10min);
  EXPECT_EQ(status_of(refer("frank")), 202);
}

// RFC 3261 9.1: a device that only rings.
TEST_F(AddingParticipants, gives_up_who_only_rings) {
  group.receive(refer("frank"));
  group.answer(group.request("INVITE", "sip:frank").value(), 180);
  group.pass(179s);
  EXPECT_FALSE(group.request("CANCEL"));
  group.pass(2s);
  EXPECT_TRUE(group.request("CANCEL", "sip:frank"));
}

// G-36: who left as anonymous-1 is anonymous-1 when they come back.
TEST_F(AddingParticipants, brings_back_who_left_under_the_old_pseudonym) {
  Group veiled{{.group = {.allow_anonymity = true}}, {"bob", "carol"}};
  auto hidden = flow("f1-9");
  hidden.add(Name::privacy, "id");
  const auto invite = veiled.request("INVITE", "sip:erin").value();
  veiled.answer(invite, hidden);
  veiled.invites.insert_or_assign("erin", invite);
  veiled.leave("erin");
  veiled.receive(silent_refer_of(veiled, "alice", veiled.focus_uri, "sip:erin@example.com"));
  veiled.sent.clear();

  veiled.receive(veiled.fresh("f1-12", veiled.focus_uri));

  const std::string document{veiled.request("NOTIFY").value().body()};
  EXPECT_THAT(document, HasSubstr("sip:anonymous-1@cf.example.com"));
  EXPECT_THAT(document, testing::Not(HasSubstr("erin")));
}

}  // namespace
}  // namespace convene::controlling
