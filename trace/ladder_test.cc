#include "trace/ladder.h"

#include <gmock/gmock.h>

namespace convene::trace {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const Moment start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
const std::string focus_at = "192.0.2.20:5060";
const std::string alice_at = "192.0.2.1:5060";

std::string sdp(const std::string& session_id) {
  return "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=message 2855 "
         "TCP/MSRP *\r\n"
         "a=path:msrp://192.0.2.1:2855/" +
         session_id + ";tcp\r\n";
}

std::string sip(const std::string& start_line, const std::string& from, const std::string& to,
                const std::string& call, const std::string& headers = "",
                const std::string& body = "") {
  const auto method =
      start_line.starts_with("SIP/2.0") ? "INVITE" : start_line.substr(0, start_line.find(' '));
  return start_line + "\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\r\nFrom: <sip:" + from +
         "@ims.example>;tag=1\r\nTo: <sip:" + to + "@ims.example>\r\nCall-ID: " + call +
         "\r\nCSeq: 1 " + method + "\r\n" + headers +
         (body.empty() ? "" : "Content-Type: application/sdp\r\n") +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string send(const std::string& to, const std::string& from, const std::string& range,
                 char flag, const std::string& transaction = "abcd1") {
  return "MSRP " + transaction + " SEND\r\nTo-Path: msrp://192.0.2.20:2855/" + to +
         ";tcp\r\nFrom-Path: msrp://192.0.2.1:2855/" + from +
         ";tcp\r\nMessage-ID: m1\r\nByte-Range: " + range +
         "\r\nContent-Type: image/jpeg\r\n\r\n\r\n-------" + transaction + flag + "\r\n";
}

std::string ok(const std::string& to, const std::string& transaction = "abcd1", int status = 200) {
  return "MSRP " + transaction + " " + std::to_string(status) +
         " OK\r\nTo-Path: msrp://192.0.2.1:2855/" + to +
         ";tcp\r\nFrom-Path: msrp://192.0.2.20:2855/focus1;tcp\r\n-------" + transaction + "$\r\n";
}

// What a node at the focus's address saw.
class LadderTest : public testing::Test {
 protected:
  void in(const std::string& octets, const std::string& from = alice_at,
          std::uint64_t left_out = 0) {
    add(Direction::in, octets, from, left_out);
  }
  void out(const std::string& octets, const std::string& to = alice_at) {
    add(Direction::out, octets, to, 0);
  }

  void add(Direction direction, const std::string& octets, const std::string& remote,
           std::uint64_t left_out) {
    now += 1ms;
    const bool is_msrp = octets.starts_with("MSRP");
    records.push_back({.time = now,
                       .protocol = is_msrp ? Protocol::msrp : Protocol::sip,
                       .transport = is_msrp ? "tcp" : "udp",
                       .local = focus_at,
                       .direction = direction,
                       .remote = remote,
                       .node = "focus",
                       .left_out = left_out,
                       .octets = octets});
  }

  // Alice's session with the focus, whose MSRP sessions are alice1 and focus1.
  void alice_creates_a_group() {
    in(sip("INVITE sip:factory@ims.example SIP/2.0", "alice", "factory", "call1",
           "Conversation-ID: conv1\r\n", sdp("alice1")));
    out(sip("SIP/2.0 200 OK", "alice", "factory", "call1",
            "Contact: <sip:grp-1@ims.example>;isfocus\r\n", sdp("focus1")));
  }

  std::vector<std::string> titles(const Filter& filter = {}) const {
    std::vector<std::string> titles;
    for (const auto& arrow : make_ladder(records, filter).arrows) titles.push_back(arrow.title);
    return titles;
  }

  std::vector<Record> records;
  Moment now = start;
};

TEST_F(LadderTest, names_the_nodes_and_the_users_behind_addresses) {
  alice_creates_a_group();
  out(sip("INVITE sip:bob@ims.example SIP/2.0", "grp-1", "bob", "call2"), "192.0.2.2:5060");
  in(sip("SIP/2.0 180 Ringing", "grp-1", "bob", "call2"), "192.0.2.2:5060");

  const auto ladder = make_ladder(records);

  EXPECT_THAT(ladder.participants, ElementsAre("alice", "focus", "bob"));
  EXPECT_THAT(ladder.arrows, SizeIs(4));
  EXPECT_EQ(ladder.arrows[2].from, 1u);
  EXPECT_EQ(ladder.arrows[2].to, 2u);
}

TEST_F(LadderTest, names_a_proxy_by_its_address) {
  in(sip("OPTIONS sip:a@ims.example SIP/2.0", "alice", "a", "call1"), "192.0.2.9:5060");
  in(sip("OPTIONS sip:a@ims.example SIP/2.0", "bob", "a", "call2"), "192.0.2.9:5060");

  EXPECT_THAT(make_ladder(records).participants, ElementsAre("192.0.2.9:5060", "focus"));
}

TEST_F(LadderTest, draws_a_message_once_that_both_ends_traced) {
  const auto invite = sip("INVITE sip:factory@ims.example SIP/2.0", "alice", "factory", "call1");
  in(invite);
  auto sent = records.back();
  sent.direction = Direction::out;
  sent.local = "10.0.0.1:5060";
  sent.remote = focus_at;
  sent.node = "phone";
  sent.time -= 200us;
  records.push_back(sent);

  const auto ladder = make_ladder(records);

  EXPECT_THAT(ladder.participants, ElementsAre("phone", "focus"));
  EXPECT_THAT(ladder.arrows, SizeIs(1));
}

TEST_F(LadderTest, folds_retransmissions_and_leaves_out_100_trying) {
  const auto invite = sip("INVITE sip:factory@ims.example SIP/2.0", "alice", "factory", "call1");
  in(invite);
  out(sip("SIP/2.0 100 Trying", "alice", "factory", "call1"));
  in(invite);

  const auto ladder = make_ladder(records);

  ASSERT_THAT(ladder.arrows, SizeIs(1));
  EXPECT_THAT(ladder.arrows[0].notes, ElementsAre("sent 2 times"));
}

TEST_F(LadderTest, folds_the_chunks_of_a_message_and_their_responses) {
  alice_creates_a_group();
  in(send("focus1", "alice1", "1-*/200000", '+', "tid1"), "192.0.2.1:40000", 65'536);
  out(ok("alice1", "tid1"), "192.0.2.1:40000");
  in(send("focus1", "alice1", "65537-*/200000", '+', "tid2"), "192.0.2.1:40000", 65'536);
  in(send("focus1", "alice1", "131073-*/200000", '$', "tid3"), "192.0.2.1:40000", 68'928);
  out(ok("alice1", "tid2"), "192.0.2.1:40000");
  out(ok("alice1", "tid3"), "192.0.2.1:40000");

  const auto ladder = make_ladder(records);

  ASSERT_THAT(ladder.arrows, SizeIs(3));
  EXPECT_THAT(ladder.participants, ElementsAre("alice", "focus"));
  EXPECT_EQ(ladder.arrows[2].title, "SEND image/jpeg");
  EXPECT_EQ(ladder.arrows[2].took, 3ms);
  EXPECT_THAT(ladder.arrows[2].notes,
              ElementsAre("3 chunks, 1–200000/200000, 0.003 s", "200 OK to 3"));
}

TEST_F(LadderTest, shows_what_was_aborted_and_refused) {
  alice_creates_a_group();
  in(send("focus1", "alice1", "1-*/200000", '+', "tid1"), alice_at, 10);
  out(ok("alice1", "tid1", 413));
  in(send("focus1", "alice1", "11-*/200000", '#', "tid2"), alice_at, 0);

  const auto ladder = make_ladder(records);

  ASSERT_THAT(ladder.arrows, SizeIs(4));
  EXPECT_EQ(ladder.arrows[2].kind, Arrow::Kind::failure);
  EXPECT_THAT(ladder.arrows[2].notes, testing::Contains("aborted"));
  EXPECT_EQ(ladder.arrows[3].title, "413 OK");
  EXPECT_EQ(ladder.arrows[3].kind, Arrow::Kind::failure);
}

TEST_F(LadderTest, shows_one_conversation_with_its_subscriptions_and_media) {
  alice_creates_a_group();
  in(send("focus1", "alice1", "1-10/10", '$'), "192.0.2.1:40000", 10);
  in(sip("SUBSCRIBE sip:grp-1@ims.example SIP/2.0", "alice", "grp-1", "call7"));
  in(sip("INVITE sip:factory@ims.example SIP/2.0", "carol", "factory", "call8",
         "Conversation-ID: conv2\r\n"),
     "192.0.2.3:5060");

  EXPECT_THAT(
      titles({.conversation = "conv1", .call_id = "", .user = ""}),
      ElementsAre("INVITE factory", "200 OK (INVITE)", "SEND image/jpeg", "SUBSCRIBE grp-1"));
  EXPECT_THAT(titles({.conversation = "", .call_id = "call8", .user = ""}), SizeIs(1));
  EXPECT_THAT(titles({.conversation = "", .call_id = "", .user = "Carol"}), SizeIs(1));
  EXPECT_THAT(titles({.conversation = "conv9", .call_id = "", .user = ""}), IsEmpty());
}

TEST_F(LadderTest, shows_what_it_cannot_read) {
  in("GET / HTTP/1.1\r\n\r\n");

  EXPECT_THAT(titles(), ElementsAre("? GET / HTTP/1.1"));
}

TEST_F(LadderTest, has_a_column_for_each_participant_in_a_terminal) {
  alice_creates_a_group();

  EXPECT_EQ(to_text(make_ladder(records)),
            "                                alice                                         focus\n"
            "0.000                             │── INVITE factory ──────────────────────────▶│\n"
            "                                  │   SDP: chat, sendrecv                       │\n"
            "0.001                             │◀╌ 200 OK (INVITE) ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│\n"
            "                                  │   Contact: focus                            │\n"
            "                                  │   SDP: chat, sendrecv                       │\n");
}

TEST_F(LadderTest, is_a_picture_that_no_peer_can_break_out_of) {
  alice_creates_a_group();
  in("INVITE sip:</text><script>alert(1)</script> SIP/2.0\r\nCall-ID: \"'&]]>\x01\xFF\r\n\r\n");

  const auto svg = to_svg(make_ladder(records));

  EXPECT_THAT(svg, testing::StartsWith("<svg xmlns="));
  EXPECT_THAT(svg, testing::EndsWith("</svg>\n"));
  EXPECT_THAT(svg, HasSubstr(">alice</text>"));
  EXPECT_THAT(svg, HasSubstr("SDP: chat, sendrecv"));
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_THAT(svg, Not(HasSubstr("\x01")));
  EXPECT_THAT(svg, Not(HasSubstr("\xFF")));
}

TEST_F(LadderTest, of_nothing_is_an_empty_picture) {
  EXPECT_THAT(make_ladder({}).participants, IsEmpty());
  EXPECT_EQ(to_text(make_ladder({})), "nothing to draw\n");
  EXPECT_THAT(to_svg(make_ladder({})), HasSubstr("</svg>"));
}

}  // namespace
}  // namespace convene::trace
