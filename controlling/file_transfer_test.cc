#include "controlling/file_transfer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_stage.h"

// CPM 9.3.1, 9.1.2: flow F3 from the first octet on, F5 and F11.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::HasSubstr;
using testing::Not;

struct FileTransferTest : testing::Test {
  // What is left of files at the focus.
  std::string leftovers(Stage& stage) {
    const auto all = stage.focus.snapshot();
    return std::to_string(all.transfers.size()) + " transfers, " + std::to_string(all.bodies) +
           " bodies, " + std::to_string(all.msrp_sessions) + " sessions";
  }
  void chunk(std::string_view range, std::string_view octets, char flag) {
    group.frame(
        "alice-file", "SEND",
        {"Message-ID: file-1", "Byte-Range: " + std::string{range}, "Content-Type: text/plain"},
        octets, flag);
  }
  void first_chunk() { chunk("1-40/65", file_text.substr(0, 40), '+'); }

  Group group;
};

constexpr std::string_view nothing_but_chat = "0 transfers, 0 bodies, 5 sessions";

// G-08, G-18: F3.8 to F3.13
TEST_F(FileTransferTest, reaches_a_receiver_that_is_let_go_after_the_sender) {
  group.begin_file();
  group.send_file();
  const auto heard = group.hear("bob-file");
  EXPECT_THAT(heard, HasSubstr("Content-Type: text/plain"));
  EXPECT_THAT(heard, HasSubstr("bring water and a map."));
  EXPECT_FALSE(group.request("BYE"));

  group.answer(group.request("INVITE", "sip:carol").value(), 480);
  group.end_file();

  EXPECT_EQ(group.status("BYE"), 200);
  EXPECT_EQ(without_chance(group.request("BYE", "sip:bob")), expected_flow("f3-13"));
  EXPECT_EQ(leftovers(group), nothing_but_chat);
}

// Conversation 9.1.2 (5): the first octets leave before the last ones have come.
TEST_F(FileTransferTest, is_sent_on_while_it_arrives) {
  group.begin_file();
  first_chunk();
  group.pass(1s);
  EXPECT_THAT(group.hear("bob-file"), HasSubstr("Trail plan"));
}

// F3.6: one refusal disturbs nobody.
TEST_F(FileTransferTest, goes_on_when_one_receiver_refuses) {
  group.begin_file();
  group.answer(group.request("INVITE", "sip:carol").value(), flow("f3-6"));
  group.send_file();
  EXPECT_THAT(group.hear("bob-file"), HasSubstr("a map."));
}

// Conversation 9.1.2 (4): when all refuse, the sender hears it.
TEST_F(FileTransferTest, fails_when_everybody_refuses) {
  group.receive(group.file_offer());
  group.answer(group.request("INVITE", "sip:bob").value(), 486);
  EXPECT_FALSE(group.response("INVITE"));
  group.answer(group.request("INVITE", "sip:carol").value(), 603);
  EXPECT_EQ(group.status("INVITE"), 603);
  EXPECT_EQ(leftovers(group), nothing_but_chat);
}

// G-08: the sender does not wait for ever.
TEST_F(FileTransferTest, fails_when_nobody_answers) {
  group.receive(group.file_offer());
  for (const auto* name : {"sip:bob", "sip:carol"}) {
    group.answer(group.request("INVITE", name).value(), 180);
  }
  group.pass(60s);
  EXPECT_EQ(group.status("INVITE"), 480);
  EXPECT_TRUE(group.request("CANCEL", "sip:bob"));
  EXPECT_TRUE(group.request("CANCEL", "sip:carol"));
}

TEST_F(FileTransferTest, ends_when_the_sender_cancels) {
  const auto offer = group.file_offer();
  group.receive(offer);
  group.answer(group.request("INVITE", "sip:bob").value(), 180);
  auto cancel = sip::Message::request("CANCEL", offer.uri());
  for (const auto name : {Name::via, Name::from, Name::to, Name::call_id}) cancel.copy(name, offer);
  cancel.add(Name::cseq, "1 CANCEL");
  group.receive(cancel);
  EXPECT_EQ(group.status("INVITE"), 487);
  EXPECT_TRUE(group.request("CANCEL", "sip:bob"));
  EXPECT_TRUE(group.focus.snapshot().transfers.empty());
}

// R6.9, change 6: F5
TEST_F(FileTransferTest, goes_on_when_its_sender_leaves_the_chat) {
  group.begin_file();
  first_chunk();
  group.leave("alice");
  EXPECT_FALSE(group.request("BYE", "sip:bob"));
  chunk("41-65/65", file_text.substr(40), '$');
  EXPECT_THAT(group.hear("bob-file"), HasSubstr("a map."));
}

// R6.9, change 6
TEST_F(FileTransferTest, goes_on_when_the_whole_group_ends) {
  group.begin_file();
  group.answer(group.request("INVITE", "sip:carol").value(), 486);
  first_chunk();
  for (const auto* name : {"alice", "bob", "carol", "dave"}) group.leave(name);
  group.answer(group.request("BYE", "sip:erin").value(), 200);
  group.sent.clear();
  chunk("41-65/65", file_text.substr(40), '$');
  EXPECT_THAT(group.hear("bob-file"), HasSubstr("a map."));
  group.end_file();
  EXPECT_TRUE(group.request("BYE"));
  EXPECT_EQ(leftovers(group), "0 transfers, 0 bodies, 0 sessions");
}

// R6.9: nor does the file's end touch the chat.
TEST_F(FileTransferTest, leaves_the_chat_alone_when_it_ends) {
  group.begin_file();
  group.end_file();
  group.pass(10s);
  EXPECT_TRUE(group.is_open("alice"));
  EXPECT_TRUE(group.is_open("bob"));
  EXPECT_TRUE(group.focus.snapshot().groups.at(0).is_active);
}

// F11.1, F11.2: 413 ends that copy, and only that.
TEST_F(FileTransferTest, stops_the_copy_of_who_says_so) {
  group.begin_file();
  group.accept_file("carol");
  group.answers_sends = false;
  first_chunk();
  group.pass(1s);
  const auto heard = group.hear("bob-file");
  group.reply("bob-file", heard.substr(5, heard.find(" SEND") - 5), 413);
  EXPECT_TRUE(group.request("BYE"));

  group.answers_sends = true;
  group.hear("carol-file");
  chunk("41-65/65", file_text.substr(40), '$');
  EXPECT_THAT(group.hear("carol-file"), HasSubstr("a map."));
}

// Conversation 9.1.2 (7)
TEST_F(FileTransferTest, goes_on_when_a_receiver_hangs_up_or_vanishes) {
  group.begin_file();
  group.accept_file("carol");
  first_chunk();
  group.receive(group.in_dialog("BYE", group.file_invites.at("bob")));
  EXPECT_EQ(group.status("BYE"), 200);
  chunk("41-65/65", file_text.substr(40), '$');
  EXPECT_THAT(group.hear("carol-file"), HasSubstr("a map."));
  group.end_file();
  EXPECT_EQ(leftovers(group), nothing_but_chat);
}

TEST_F(FileTransferTest, ends_when_the_last_receiver_has_vanished) {
  group.begin_file();
  group.answer(group.request("INVITE", "sip:carol").value(), 480);
  first_chunk();
  group.cut("bob-file");
  group.pass(2s);  // he is invited again: G-29
  group.answer(group.request("INVITE", "sip:bob").value(), 480);
  EXPECT_TRUE(group.request("BYE", "sip:alice"));
  EXPECT_EQ(leftovers(group), nothing_but_chat);
}

// F11.3
TEST_F(FileTransferTest, is_aborted_for_all_when_the_sender_aborts) {
  group.begin_file();
  group.accept_file("carol");
  first_chunk();
  group.pass(1s);
  chunk("41-*/65", ", bring wa", '#');
  EXPECT_THAT(group.hear("bob-file"), HasSubstr("#\r\n"));
  EXPECT_THAT(group.hear("carol-file"), HasSubstr("#\r\n"));
  EXPECT_TRUE(group.request("BYE", "sip:bob"));
  EXPECT_TRUE(group.request("BYE"));
  EXPECT_EQ(leftovers(group), nothing_but_chat);
}

TEST_F(FileTransferTest, is_aborted_for_all_when_the_sender_s_connection_breaks) {
  group.begin_file();
  first_chunk();
  group.cut("alice-file");
  EXPECT_TRUE(group.request("BYE", "sip:bob"));
  EXPECT_EQ(leftovers(group), nothing_but_chat);
}

// The BYE comes another way than the octets, and may be faster.
TEST_F(FileTransferTest, survives_a_bye_that_overtakes_its_last_octets) {
  group.begin_file();
  first_chunk();
  group.end_file();
  group.pass(1s);
  chunk("41-65/65", file_text.substr(40), '$');
  EXPECT_THAT(group.hear("bob-file"), HasSubstr("a map."));
}

TEST_F(FileTransferTest, is_aborted_when_the_sender_hangs_up_before_its_end) {
  group.begin_file();
  first_chunk();
  group.end_file();
  group.pass(3s);
  EXPECT_TRUE(group.request("BYE", "sip:bob"));
  EXPECT_EQ(leftovers(group), nothing_but_chat);
}

// G-31
TEST_F(FileTransferTest, with_another_hash_is_aborted_before_its_last_octet_leaves) {
  group.begin_file();
  first_chunk();
  chunk("41-65/65", ", bring water and a mop.\n", '$');
  const auto heard = group.hear("bob-file");
  EXPECT_THAT(heard, Not(HasSubstr("mop")));
  EXPECT_TRUE(group.request("BYE", "sip:bob"));
  EXPECT_EQ(leftovers(group), nothing_but_chat);
}

TEST_F(FileTransferTest, of_another_size_is_aborted) {
  group.begin_file();
  chunk("1-40/99", file_text.substr(0, 40), '+');
  EXPECT_TRUE(group.request("BYE", "sip:bob"));
  EXPECT_EQ(leftovers(group), nothing_but_chat);
}

TEST_F(FileTransferTest, lets_a_sender_go_that_does_not_hang_up) {
  group.begin_file();
  group.answer(group.request("INVITE", "sip:carol").value(), 480);
  group.hear("alice");  // the report on carol's copy
  group.send_file();
  group.hear("bob-file");
  group.pass(31s);
  EXPECT_TRUE(group.request("BYE", "sip:alice"));
  EXPECT_TRUE(group.request("BYE", "sip:bob"));
  EXPECT_EQ(leftovers(group), nothing_but_chat);
}

// Conversation 9.1.2 (5): the file is here already.
TEST_F(FileTransferTest, reaches_a_late_acceptor_from_its_first_octet) {
  group.begin_file();
  group.send_file();
  group.hear("bob-file");
  group.pass(20s);

  group.accept_file("carol");

  const auto heard = group.hear("carol-file");
  EXPECT_THAT(heard, HasSubstr("Byte-Range: 1-"));
  EXPECT_THAT(heard, HasSubstr("Trail plan"));
  EXPECT_THAT(heard, HasSubstr("a map."));
  group.end_file();
  EXPECT_TRUE(group.request("BYE", "sip:carol"));
  EXPECT_EQ(leftovers(group), nothing_but_chat);
}

// G-06, G-07: also when its sender has hung up.
TEST_F(FileTransferTest, reaches_who_joins_within_the_window) {
  Group small{{}, {"bob", "dave", "erin"}};
  small.begin_file();
  small.send_file();
  small.hear("bob-file");
  small.end_file();
  small.pass(20s);
  EXPECT_EQ(small.focus.snapshot().transfers.size(), 1U);

  small.join("carol");
  small.accept_file("carol");

  const auto heard = small.hear("carol-file");
  EXPECT_THAT(heard, HasSubstr("Trail plan"));
  EXPECT_THAT(heard, HasSubstr("a map."));
  EXPECT_TRUE(small.request("BYE", "sip:carol"));
  small.pass(11s);
  EXPECT_EQ(leftovers(small), nothing_but_chat);
}

TEST_F(FileTransferTest, does_not_reach_who_joins_after_the_window) {
  Group small{{}, {"bob", "dave", "erin"}};
  const auto carol = small.request("INVITE", "sip:carol").value();
  small.answer(carol, 180);
  small.begin_file();
  small.send_file();
  small.hear("bob-file");
  small.end_file();
  small.pass(31s);
  EXPECT_TRUE(small.focus.snapshot().transfers.empty());
  small.answer(carol, flow("f1-7"));
  EXPECT_FALSE(small.request("INVITE", "sip:carol"));
}

// CPM 9.3.1 (5), R3.8, G-24
TEST_F(FileTransferTest, waits_for_its_turn_at_a_busy_receiver) {
  Group busy{{.file_transfer = {.max_running_per_participant = 1}}};
  busy.receive(busy.file_offer());
  EXPECT_TRUE(busy.request("INVITE", "sip:carol"));
  const auto first = busy.request("INVITE", "sip:bob").value();
  busy.receive(busy.file_offer());
  EXPECT_FALSE(busy.request("INVITE", "sip:bob"));

  busy.answer(first, 603);

  EXPECT_TRUE(busy.request("INVITE", "sip:bob"));
}

// G-28, A24
TEST_F(FileTransferTest, of_the_same_file_twice_are_two) {
  group.receive(group.file_offer());
  group.receive(group.file_offer());
  EXPECT_EQ(group.focus.snapshot().transfers.size(), 2U);
}

// G-43, RFC 5547 8.1
TEST_F(FileTransferTest, repeats_its_description_when_a_session_is_refreshed) {
  group.begin_file();
  auto refresh = group.in_dialog("INVITE", group.file_ok);
  refresh.add(Name::contact, flow("f3-1").header(Name::contact));
  refresh.set_body("application/sdp", sdp_of(flow("f3-1")));
  group.receive(refresh);
  const auto ok = group.response("INVITE").value();
  EXPECT_EQ(ok.status(), 200);
  EXPECT_EQ(ok.body(), group.file_ok.body());
  group.acknowledge(ok);

  refresh = group.in_dialog("INVITE", group.file_ok, 3);
  refresh.add(Name::contact, flow("f3-1").header(Name::contact));
  std::string other = sdp_of(flow("f3-1"));
  other.replace(other.find("vBnG916b"), 8, "other123");
  refresh.set_body("application/sdp", other);
  group.receive(refresh);
  EXPECT_EQ(group.status("INVITE"), 488);
}

// G-18: a receiver that wants CPIM gets it.
TEST_F(FileTransferTest, is_wrapped_for_who_wants_cpim) {
  group.receive(group.file_offer());
  const auto invite = group.request("INVITE", "sip:bob").value();
  auto accepted = flow("f3-5");
  std::string body{accepted.body()};
  body.replace(body.find("message/cpim text/plain"), 23, "message/cpim");
  const auto at = sdp_of(invite).find("file-transfer-id:") + 17;
  body.replace(body.find("Zk21bobQ0w8e7r6t5y4u3i2o1p0a9s8d7"), 33, sdp_of(invite).substr(at, 32));
  accepted.set_body("application/sdp", body);
  group.answer(invite, accepted);
  group.connect("bob-file", sdp_of(invite), body);
  group.file_ok = group.response("INVITE").value();
  group.acknowledge(group.file_ok);
  group.connect("alice-file", sdp_of(group.file_ok), sdp_of(flow("f3-1")));

  group.send_file();

  const auto heard = group.hear("bob-file");
  EXPECT_THAT(heard, HasSubstr("Content-Type: message/cpim"));
  EXPECT_THAT(heard, HasSubstr("From: \"Alice\" <sip:alice@example.com>"));
  EXPECT_THAT(heard, HasSubstr("a map."));
}

// Reliability: a sender that accepts and says nothing holds nobody for long.
TEST_F(FileTransferTest, ends_when_its_first_octet_does_not_come) {
  group.begin_file();
  group.pass(61s);
  group.hear("alice");  // the report on carol, who did not answer
  group.pass(58s);
  EXPECT_FALSE(group.request("BYE", "sip:bob"));
  group.pass(1s);
  EXPECT_TRUE(group.request("BYE", "sip:bob"));
  EXPECT_TRUE(group.request("BYE", "sip:alice"));
  EXPECT_EQ(leftovers(group), nothing_but_chat);
}

// Reliability: the life of a spool is bounded.
TEST_F(FileTransferTest, ends_after_its_longest_time) {
  group.begin_file();
  first_chunk();
  group.pass(std::chrono::hours{1});
  EXPECT_EQ(group.focus.snapshot().transfers.size(), 0U);
  EXPECT_EQ(group.focus.snapshot().bodies, 0U);
}

}  // namespace
}  // namespace convene::controlling
