#include "controlling/create_session_with_participant.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cpm/capabilities.h"
#include "cpm/flow_messages.h"
#include "cpm/service.h"

namespace convene::controlling {
namespace {

using cpm::flow;
using sip::Name;
using testing::ElementsAre;
using testing::IsEmpty;

sip::Message invite_for(const sip::Message& received, const Policy& policy = {},
                        const Invitee& invitee = {.request_uri = "sip:bob@example.com"}) {
  const auto originator = sip::parse_name_addr(received.header(Name::p_asserted_identity)).value();
  const auto invitation = invitation_of(received, originator, cpm::read_ids(received).value());
  return create_session_with_participant(
      {.focus = "sip:grp-8d21@cf.example.com", .asserted = "<sip:grp-8d21@cf.example.com>"},
      invitation, invitee, {}, "call", policy);
}

std::vector<std::string> accept_contacts(const sip::Message& invite) {
  const auto values = invite.values(Name::accept_contact);
  return {values.begin(), values.end()};
}

// CPM 9.2.10 (2), R1.2
TEST(CreateSessionWithParticipant, adds_the_session_s_accept_contact_to_others) {
  auto received = flow("f1-2");
  received.set(Name::accept_contact, "*;+g.oma.sip-im");
  EXPECT_THAT(accept_contacts(invite_for(received)),
              ElementsAre("*;+g.oma.sip-im", cpm::accept_contact(cpm::icsi::session)));
}

// CPM 9.2.10 (2): "if an Accept-Contact has been received"
TEST(CreateSessionWithParticipant, adds_none_when_none_was_received) {
  auto received = flow("f1-2");
  received.remove(Name::accept_contact);
  EXPECT_THAT(accept_contacts(invite_for(received)), IsEmpty());
}

// CPM 9.2.10 (4), R1.4
TEST(CreateSessionWithParticipant, copies_every_accept_contact_with_its_parameters) {
  auto received = flow("f1-2");
  received.add(Name::accept_contact, "*;video;require;explicit");
  EXPECT_THAT(accept_contacts(invite_for(received)),
              ElementsAre(cpm::accept_contact(cpm::icsi::session), "*;video;require;explicit"));
}

// CPM 9.2.10 (3), R1.3: exactly the services that the focus supports.
TEST(CreateSessionWithParticipant, shows_the_services_of_the_focus) {
  for (const int set : {0, 1, 3, 5, 7}) {
    Policy policy;
    policy.file_transfer.services = {(set & 1) != 0, (set & 2) != 0, (set & 4) != 0};
    const auto shown = cpm::capabilities_of(invite_for(flow("f1-2"), policy));
    EXPECT_EQ(shown.file_transfer == cpm::FileTransferSupport::indicated, (set & 1) != 0);
    EXPECT_EQ(shown.thumbnail, (set & 2) != 0);
    EXPECT_EQ(shown.store_and_forward, (set & 4) != 0);
    EXPECT_TRUE(shown.is_focus);
  }
}

// CPM 9.2.10 (6), (7), R1.6, R1.7
TEST(CreateSessionWithParticipant, supports_timers_even_if_it_asks_for_none) {
  Policy policy;
  policy.group.session_expires = std::chrono::seconds{0};
  const auto invite = invite_for(flow("f1-2"), policy);
  EXPECT_FALSE(invite.has(Name::session_expires));
  EXPECT_TRUE(invite.lists(Name::supported, "timer"));
  EXPECT_EQ(invite_for(flow("f1-2")).header(Name::session_expires), "1800;refresher=uas");
}

// CPM 9.2.10 (8), R1.8
TEST(CreateSessionWithParticipant, passes_on_the_wish_for_anonymity) {
  EXPECT_FALSE(invite_for(flow("f1-2")).has(Name::privacy));
  auto received = flow("f1-2");
  received.add(Name::privacy, "id");
  EXPECT_EQ(invite_for(received).header(Name::privacy), "id");
}

// CPM 9.2.10 (11), R1.11: F12.2
TEST(CreateSessionWithParticipant, goes_to_the_gruu_of_the_session_it_replaces) {
  const auto expected = flow("f12-2");
  const auto invite =
      invite_for(flow("f12-1"), {},
                 {.request_uri = std::string{expected.uri()},
                  .session_replaces = std::string{expected.header(Name::session_replaces)}});
  EXPECT_EQ(invite.uri(), expected.uri());
  EXPECT_EQ(invite.header(Name::to), expected.header(Name::to));
  EXPECT_EQ(invite.header(Name::session_replaces), expected.header(Name::session_replaces));
}

// CPM 9.2.10 (12), R1.12: whom the core asserted, not who From says.
TEST(CreateSessionWithParticipant, names_the_authenticated_inviter) {
  auto received = flow("f1-2");
  received.set(Name::from, "\"Mallory\" <sip:mallory@example.com>;tag=1");
  EXPECT_EQ(invite_for(received).header(Name::referred_by), "<sip:alice@example.com>");
}

// CPM 9.2.10 (13), R1.13
TEST(CreateSessionWithParticipant, copies_the_ids_octet_for_octet) {
  auto received = flow("f1-2");
  received.set(Name::in_reply_to_contribution_id, "AbC");
  const auto invite = invite_for(received);
  EXPECT_EQ(invite.header(Name::conversation_id), received.header(Name::conversation_id));
  EXPECT_EQ(invite.header(Name::contribution_id), received.header(Name::contribution_id));
  EXPECT_EQ(invite.header(Name::in_reply_to_contribution_id), "AbC");
}

// G-42
TEST(CreateSessionWithParticipant, echoes_the_group_variant_of_the_service) {
  auto received = flow("f1-2");
  received.set(Name::p_asserted_service, std::string{cpm::icsi::session} + ".group");
  EXPECT_EQ(invite_for(received).header(Name::p_asserted_service),
            std::string{cpm::icsi::session} + ".group");
}

// CPM 9.2.10 (14), A17
TEST(CreateSessionWithParticipant, passes_on_the_subject) {
  EXPECT_EQ(invite_for(flow("f1-2")).header(Name::subject), "Trail Sunday");
}

// CPM 9.2.10 (14), R1.14: of a pre-defined group; an ad-hoc group passes on what it received.
TEST(CreateSessionWithParticipant, says_the_subject_of_the_group_before_the_received_one) {
  auto received = flow("f1-2");
  received.set(Name::subject, "B");
  EXPECT_EQ(invite_for(received).header(Name::subject), "B");

  const auto originator = sip::parse_name_addr(received.header(Name::p_asserted_identity)).value();
  const auto invitation = invitation_of(received, originator, cpm::read_ids(received).value());
  const auto invite = create_session_with_participant(
      {.focus = "sip:grp-8d21@cf.example.com",
       .asserted = "<sip:walkers@example.com>",
       .group_subject = "A"},
      invitation, {.request_uri = "sip:bob@example.com"}, {}, "call", {});
  EXPECT_EQ(invite.header(Name::subject), "A");
}

}  // namespace
}  // namespace convene::controlling
