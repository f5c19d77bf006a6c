#include "groups/resource_list.h"
#include "tests/bad_input.h"

// Requests that are well-formed, and too many, too large, or lead nowhere: each has its answer, and
// costs no more than it is worth. Conversation 17
namespace convene::tests {
namespace {

using testing::HasSubstr;

constexpr std::size_t longest_list = 1'000;  // controlling::GroupPolicy::max_list_entries

struct ExcessiveRequest : BadInput {
  ExcessiveRequest() { settings.policy.group.max_participants = 2 * longest_list; }

  sip::Message refer(std::string_view to) {
    auto request = mallory->request("REFER", focus());
    request.add(Name::refer_to, "<" + std::string{to} + ">");
    request.add(Name::refer_sub, "false");
    return request;
  }
  sip::Message subscribe() {
    auto request = mallory->request("SUBSCRIBE", focus());
    request.add(Name::event, "conference");
    return request;
  }
  // Mallory's creation of a group with so many who are not there.
  sip::Message creation(std::size_t members) {
    groups::ResourceList list;
    for (std::size_t i = 0; i < members; ++i) {
      list.entries.push_back({.uri = "sip:victim-" + std::to_string(i) + "@ims.example",
                              .copy_control = groups::CopyControl::to});
    }
    auto invite =
        mallory->invite("sip:conference-factory@ims.example", cpm::icsi::session,
                        "--b\r\nContent-Type: application/sdp\r\n\r\n" + mallory->chat_sdp("new") +
                            "\r\n--b\r\nContent-Type: application/resource-lists+xml\r\n"
                            "Content-Disposition: recipient-list\r\n\r\n" +
                            groups::to_text(list) + "\r\n--b--\r\n",
                        "multipart/mixed;boundary=b");
    invite.add(Name::require, "recipient-list-invite");
    return invite;
  }
  // Everybody's SIP and MSRP so far.
  std::uint64_t octets() const { return lab->world().counters().stream_octets; }
  std::size_t dialogs() const { return lab->server().snapshot().controlling.dialogs; }
};

// RFC 3261 8.2.2.3
TEST_F(ExcessiveRequest, that_requires_what_nobody_knows_is_refused) {
  auto offer = file_offer(mallory->file_sdp("file", plan_text));
  offer.add(Name::require, "teleportation");
  const auto refusal = mallory->answer_to(offer);
  EXPECT_EQ(refusal.status(), 420);
  EXPECT_EQ(refusal.header(Name::unsupported), "teleportation");
}

// RFC 4028 9
TEST_F(ExcessiveRequest, for_a_refresh_every_second_is_refused) {
  auto rejoin = mallory->invite(focus(), cpm::icsi::session, mallory->chat_sdp());
  rejoin.set(Name::supported, "timer");
  rejoin.add(Name::session_expires, "1");
  const auto refusal = mallory->answer_to(rejoin);
  EXPECT_EQ(refusal.status(), 422);
  EXPECT_EQ(refusal.header(Name::min_se), "90");
}

// Conversation 6.5: who is in is not called again, whoever asks for it.
TEST_F(ExcessiveRequest, that_refers_to_its_own_sender_calls_nobody) {
  const auto before = dialogs();
  EXPECT_EQ(status_of(refer("sip:mallory@ims.example")), 202);
  const auto spent = octets();
  lab->world().run_for(1s);
  EXPECT_LT(octets() - spent, 2'000U);
  EXPECT_EQ(dialogs(), before);
}

// The focus does not call itself, another group or the factory, by whatever name.
TEST_F(ExcessiveRequest, that_refers_to_the_focus_makes_no_loop) {
  const auto before = dialogs();
  for (const auto& uri :
       {focus(), focus() + ";transport=tcp", std::string{"sip:grp-0123456789abcdef@10.0.0.1:5060"},
        std::string{"sip:conference-factory@ims.example"}}) {
    EXPECT_EQ(status_of(refer(uri), "refused"), 403) << uri;
  }
  lab->world().run_for(10s);
  EXPECT_EQ(dialogs(), before);
}

// GroupPolicy::max_invitations_by_refer: nobody's telephone rings for ever.
TEST_F(ExcessiveRequest, that_has_somebody_called_again_and_again_is_refused_in_the_end) {
  std::size_t granted = 0;
  for (int i = 0; i < 20; ++i) {
    const auto status = mallory->answer_to(refer("sip:nobody@ims.example")).status();
    EXPECT_TRUE(status == 202 || status == 403) << status;
    if (status == 202) ++granted;
    lab->world().run_for(1s);
  }
  EXPECT_EQ(granted, lab->server().snapshot().controlling.groups.size() * 5);
}

// InformationPolicy::max_subscriptions_per_member; what she has does not answer, and is let go.
TEST_F(ExcessiveRequest, of_two_hundred_for_the_participants_is_granted_for_fifty) {
  const auto before = dialogs();
  std::size_t granted = 0;
  for (int i = 0; i < 200; ++i) {
    const auto status = mallory->answer_to(subscribe()).status();
    EXPECT_TRUE(status == 200 || status == 403) << status;
    if (status == 200) ++granted;
  }
  EXPECT_EQ(granted, 50U);
  EXPECT_LE(dialogs(), before + 50);
  lab->world().run_for(1min);
  EXPECT_EQ(dialogs(), before);
}

// RFC 3261 9.2: it comes too late, and changes nothing.
TEST_F(ExcessiveRequest, that_cancels_what_was_accepted_changes_nothing) {
  const auto offer = file_offer(mallory->file_sdp("file", plan_text));
  const auto ok = mallory->answer_to(offer);
  ASSERT_EQ(ok.status(), 200) << lab->world().log();
  auto cancel = sip::Message::request("CANCEL", offer.uri());
  for (const auto name : {Name::via, Name::from, Name::to, Name::call_id, Name::max_forwards}) {
    cancel.copy(name, offer);
  }
  cancel.add(Name::cseq, "1 CANCEL");
  const auto status = mallory->answer_to(cancel).status();
  EXPECT_TRUE(status == 200 || status == 481) << status;
  EXPECT_FALSE(is_over());
  mallory->send(mallory->in_dialog("ACK", ok, 1));
  EXPECT_EQ(mallory->answer_to(mallory->in_dialog("BYE", ok)).status(), 200);
}

// Conversation 17: as many as a list may have; each is called once, and nobody is there.
TEST_F(ExcessiveRequest, for_a_group_of_a_thousand_is_granted_at_a_bounded_cost) {
  const auto before = octets();
  const auto ok = mallory->answer_to(creation(longest_list));
  ASSERT_EQ(ok.status(), 200) << lab->world().log();
  mallory->send(mallory->in_dialog("ACK", ok, 1));
  lab->world().run_for(1min);
  EXPECT_LT(octets() - before, longest_list * 10'000);
  EXPECT_EQ(lab->server().snapshot().controlling.groups.size(), 2U);

  auto bye = mallory->in_dialog("BYE", ok);
  bye.add(Name::reason, "SIP;cause=200;text=\"Call completed\"");
  EXPECT_EQ(mallory->answer_to(bye).status(), 200);
  lab->world().run_for(1min);
  EXPECT_EQ(status_of(creation(longest_list + 1), "6.1 creation refused: "), 403);
}

}  // namespace
}  // namespace convene::tests
