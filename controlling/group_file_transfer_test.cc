#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_stage.h"

// CPM 9.3.1: flow F3 up to the answer, and every refusal.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::HasSubstr;
using testing::Not;

using Changes = std::vector<std::pair<std::string, std::string>>;

struct GroupFileTransfer : testing::Test {
  int status_of(const Changes& changes) {
    group.receive(group.file_offer(changes));
    return group.status("INVITE");
  }
  Group group;
};

// CPM 9.3.1 (1), R3.1, R3.2, R3.3, R3.4, R3.7, G-13: F3.2
TEST_F(GroupFileTransfer, invites_bob_with_all_he_indicated) {
  group.receive(group.file_offer());
  EXPECT_EQ(without_chance(group.request("INVITE", "sip:bob")), expected_flow("f3-2"));
}

// R3.3, G-15: F3.3
TEST_F(GroupFileTransfer, invites_carol_without_icon_and_wrapper) {
  Group plain{{.file_transfer = {.aim_at_device = false}}};
  plain.receive(plain.file_offer());
  EXPECT_EQ(without_chance(plain.request("INVITE", "sip:carol")), expected_flow("f3-3"));
}

// CPM 9.3.1 (2), (3) a, R3.5, R3.6a
TEST_F(GroupFileTransfer, does_not_invite_the_chat_only_nor_the_silent) {
  group.receive(group.file_offer());
  EXPECT_FALSE(group.request("INVITE", "sip:dave"));
  EXPECT_FALSE(group.request("INVITE", "sip:erin"));
  EXPECT_THAT(group.log.text(), HasSubstr("9.3.1 (2) not inviting: chat only"));
}

// CPM 9.3.1 (3) b, R3.6b, G-13, G-14: F3.4
TEST_F(GroupFileTransfer, invites_the_silent_one_to_one_when_policy_says_so) {
  Group policy_b{{.file_transfer = {.invite_not_indicated = true}}};
  policy_b.receive(policy_b.file_offer());
  EXPECT_EQ(without_chance(policy_b.request("INVITE", "sip:erin")), expected_flow("f3-4"));
}

// G-14
TEST_F(GroupFileTransfer, may_give_the_silent_a_contribution_of_its_own) {
  Group policy_b{
      {.file_transfer = {.invite_not_indicated = true, .unknown_new_contribution = true}}};
  const auto offer = policy_b.file_offer();
  policy_b.receive(offer);
  EXPECT_NE(policy_b.request("INVITE", "sip:erin").value().header(Name::contribution_id),
            offer.header(Name::contribution_id));
}

// CPM 9.3.1 (4), R3.7
TEST_F(GroupFileTransfer, says_nothing_of_who_else_gets_it) {
  group.receive(group.file_offer());
  while (const auto invite = group.request("INVITE")) {
    EXPECT_THAT(std::string{invite->body()}, Not(HasSubstr("resource-lists")));
  }
}

// G-08: F3.7
TEST_F(GroupFileTransfer, is_answered_when_the_first_has_accepted) {
  group.receive(group.file_offer());
  EXPECT_FALSE(group.response("INVITE"));
  group.accept_file("bob");
  EXPECT_EQ(without_chance(group.response("INVITE")), expected_flow("f3-7"));
}

// G-08
TEST_F(GroupFileTransfer, may_be_answered_at_once) {
  Group at_once{{.file_transfer = {.answer_sender = FileTransferPolicy::AnswerSender::at_once}}};
  at_once.receive(at_once.file_offer());
  EXPECT_EQ(at_once.status("INVITE"), 200);
}

// A21, G-05
TEST_F(GroupFileTransfer, into_an_unknown_group_is_not_found) {
  group.receive(group.fresh("f3-1", "sip:grp-unknown@cf.example.com"));
  const auto refusal = group.response("INVITE").value();
  EXPECT_EQ(refusal.status(), 404);
  EXPECT_THAT(std::string{refusal.header(Name::warning)}, HasSubstr("Unknown group"));
}

// A21, G-05
TEST_F(GroupFileTransfer, into_an_inactive_group_is_not_found) {
  for (const auto* name : {"alice", "bob", "carol", "dave", "erin"}) {
    group.receive(group.bye(name));
  }
  group.receive(group.file_offer());
  const auto refusal = group.response("INVITE").value();
  EXPECT_EQ(refusal.status(), 404);
  EXPECT_THAT(std::string{refusal.header(Name::warning)}, HasSubstr("not active"));
}

TEST_F(GroupFileTransfer, of_a_stranger_is_refused) {
  auto offer = group.file_offer();
  offer.set(Name::p_asserted_identity, "<sip:mallory@example.com>");
  group.receive(offer);
  EXPECT_EQ(group.status("INVITE"), 403);
  EXPECT_FALSE(group.request("INVITE"));
}

TEST_F(GroupFileTransfer, of_a_member_who_is_not_in_the_session_is_refused) {
  group.receive(group.bye("alice"));
  group.receive(group.file_offer());
  EXPECT_EQ(group.status("INVITE"), 403);
}

// Conversation 17: F11.4
TEST_F(GroupFileTransfer, to_chat_only_members_is_refused) {
  group.leave("bob");
  group.leave("carol");
  group.leave("erin");
  group.receive(group.file_offer());
  EXPECT_EQ(without_chance(group.response("INVITE")), expected_flow("f11-4"));
}

// Conversation 17
TEST_F(GroupFileTransfer, to_silent_members_is_unavailable) {
  group.leave("bob");
  group.leave("carol");
  group.receive(group.file_offer());
  EXPECT_EQ(group.status("INVITE"), 480);
}

// G-44: F11.5
TEST_F(GroupFileTransfer, over_the_size_is_refused) {
  group.receive(group.file_offer({{"size:65", "size:10485761"}}));
  EXPECT_EQ(without_chance(group.response("INVITE")), expected_flow("f11-5"));
}

// G-30, RFC 5547
TEST_F(GroupFileTransfer, that_is_no_push_of_one_whole_file_is_not_acceptable) {
  EXPECT_EQ(status_of({{"a=sendonly", "a=recvonly"}}), 488);  // pull
  EXPECT_EQ(status_of({{"size:65", "size:0"}}), 488);
  EXPECT_EQ(status_of({{" type:text/plain", ""}}), 488);
  EXPECT_EQ(status_of({{"size:65", "size:many"}}), 400);
  EXPECT_EQ(group.request("INVITE"), std::nullopt);
}

TEST_F(GroupFileTransfer, without_a_session_description_is_unsupported) {
  auto offer = group.file_offer();
  offer.set_body("text/plain", "a file");
  group.receive(offer);
  EXPECT_EQ(group.status("INVITE"), 415);
}

// A24, conversation 17
TEST_F(GroupFileTransfer, of_two_files_takes_the_first_or_none) {
  const auto two = [](Group& in) {
    auto offer = in.fresh("f9-1", in.focus_uri);
    offer.set(Name::p_asserted_identity, "<sip:alice@example.com>");
    in.receive(offer);
  };
  two(group);
  const auto invite = group.request("INVITE", "sip:bob").value();
  EXPECT_THAT(sdp_of(invite).substr(sdp_of(invite).find("m=") + 2), Not(HasSubstr("m=message")));

  Group strict{{.file_transfer = {.several_files = FileTransferPolicy::SeveralFiles::refuse}}};
  two(strict);
  EXPECT_EQ(strict.status("INVITE"), 488);
}

// R3.1: only where file transfer in groups is supported.
TEST_F(GroupFileTransfer, where_it_is_not_supported_is_refused) {
  Group none{{.file_transfer = {.services = {}}}};
  none.receive(none.file_offer());
  EXPECT_EQ(none.status("INVITE"), 403);
}

// Conversation 17
TEST_F(GroupFileTransfer, beyond_the_number_of_transfers_is_busy) {
  Group busy{{.file_transfer = {.max_transfers = 1}}};
  busy.receive(busy.file_offer());
  busy.receive(busy.file_offer());
  EXPECT_EQ(busy.status("INVITE"), 486);
}

// RFC 5547 8.4, conversation 14.7: its sender closes its m-line. The chat goes on.
TEST_F(GroupFileTransfer, is_taken_back_by_port_0) {
  group.begin_file();
  group.frame("alice-file", "SEND",
              {"Message-ID: file-1", "Byte-Range: 1-40/65", "Content-Type: text/plain"},
              file_text.substr(0, 40), '+');
  group.sent.clear();
  auto close = group.in_dialog("INVITE", group.file_ok);
  close.add(Name::contact, flow("f3-1").header(Name::contact));
  auto description = sdp_of(flow("f3-1"));
  const auto at = description.find("m=message ") + 10;
  description.replace(at, description.find(' ', at) - at, "0");
  close.set_body("application/sdp", description);

  group.receive(close);

  const auto ok = group.response("INVITE").value();
  EXPECT_EQ(ok.status(), 200);
  EXPECT_THAT(sdp_of(ok), HasSubstr("m=message 0 "));
  EXPECT_TRUE(group.request("BYE", "sip:bob"));
  EXPECT_THAT(group.log.text(), HasSubstr("its sender took it back"));
  const auto left = group.focus.snapshot();
  EXPECT_EQ(left.transfers.size() + left.bodies + left.kept_files, 0U);
  EXPECT_EQ(left.msrp_sessions, 5U);
}

// Reliability: refused before anybody is invited.
TEST_F(GroupFileTransfer, without_room_for_it_is_refused) {
  group.bodies.is_full = true;
  group.receive(group.file_offer());
  const auto refusal = group.response("INVITE").value();
  EXPECT_EQ(refusal.status(), 503);
  EXPECT_TRUE(refusal.has(Name::retry_after));
  EXPECT_FALSE(group.request("INVITE"));
}

// Reliability: who wraps a file as somebody else.
TEST_F(GroupFileTransfer, with_a_forged_wrapper_is_refused) {
  EXPECT_EQ(status_of({{"From: <sip:anonymous@anonymous.invalid>", "From: <sip:bob@example.com>"}}),
            403);
}

// A7, G-04: what P-Asserted-Service says is of no matter.
TEST_F(GroupFileTransfer, is_known_by_its_accept_contact) {
  auto offer = group.file_offer();
  offer.set(Name::p_asserted_service, "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.filetransfer.group");
  group.receive(offer);
  EXPECT_TRUE(group.request("INVITE", "sip:bob"));
}

// G-12: associated by its Request-URI; a Contribution-ID of its own is kept.
TEST_F(GroupFileTransfer, may_have_a_contribution_of_its_own) {
  auto offer = group.file_offer();
  offer.set(Name::contribution_id, "0123456789abcdef0123456789abcdef");
  group.receive(offer);
  EXPECT_EQ(group.request("INVITE", "sip:bob").value().header(Name::contribution_id),
            "0123456789abcdef0123456789abcdef");
}

// G-40: what counts is what the leg said last.
TEST_F(GroupFileTransfer, follows_a_change_of_capabilities) {
  auto refresh = group.in_dialog("INVITE", group.invites.at("bob"));
  refresh.add(Name::contact, flow("f1-8").header(Name::contact));
  refresh.set_body("application/sdp", flow("f1-6").body());
  group.receive(refresh);
  group.receive(group.file_offer());
  EXPECT_FALSE(group.request("INVITE", "sip:bob"));
  EXPECT_TRUE(group.request("INVITE", "sip:carol"));
}

// CPM 9.3, R3.0: as a large message is sent to many, of which only the description differs: an
// INVITE with the ids and the service as received for each, the sender answered by the first, and
// one MSRP message received and sent on.
TEST_F(GroupFileTransfer, goes_the_way_of_a_large_message) {
  const auto offer = group.file_offer();
  group.receive(offer);
  for (const auto* name : {"bob", "carol"}) {
    group.accept_file(name);
    const auto& invite = group.file_invites.at(name);
    for (const auto id : {Name::conversation_id, Name::contribution_id}) {
      EXPECT_EQ(invite.header(id), offer.header(id));
    }
    const auto services = invite.values(Name::accept_contact);
    EXPECT_THAT(services, testing::Contains(offer.header(Name::accept_contact)));
  }
  group.file_ok = group.response("INVITE").value();
  EXPECT_FALSE(group.response("INVITE"));
  group.acknowledge(group.file_ok);
  group.connect("alice-file", sdp_of(group.file_ok), sdp_of(offer));

  group.send_file();

  for (const auto* leg : {"bob-file", "carol-file"}) {
    EXPECT_THAT(group.hear(leg), HasSubstr("a map."));
  }
}

// R3.0: at the factory a file needs a list.
TEST_F(GroupFileTransfer, is_not_begun_at_the_factory_without_a_list) {
  auto offer = group.file_offer();
  offer.set_uri("sip:conference-factory@example.com");
  group.receive(offer);
  EXPECT_EQ(group.status("INVITE"), 400);
}

}  // namespace
}  // namespace convene::controlling
