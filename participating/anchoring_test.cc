#include "participating/anchoring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cpm/flow_messages.h"
#include "cpm/session_offer.h"

namespace convene::participating {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Anchoring : testing::Test {
  std::optional<Proposal> offer(sip::Message& message, const AnchoredLines& current = {}) {
    return anchor_offer(
        message, Side::caller, Carries::files, current, [](RelayId) { return true; }, at());
  }
  AnchorAddress at() { return {{"192.0.2.7", 2857}, random}; }
  static std::string path(const AnchoredLine& line, Side side) {
    return msrp::to_text(line.ends[index_of(side)].local);
  }

  SeededRandom random{1};
};

// Conversation 1, RFC 4975 8.1: our path in place of the offerer's; the file's lines, and whatever
// else is in the body, stay.
TEST_F(Anchoring, puts_its_own_path_into_an_offer_and_leaves_the_rest) {
  auto invite = cpm::flow("f8-1");
  const auto proposal = offer(invite);
  ASSERT_TRUE(proposal);
  const std::string body{invite.body()};
  const auto& line = *proposal->lines.at(0);
  EXPECT_THAT(body, HasSubstr("m=message 2857 TCP/MSRP *\r\n"));
  EXPECT_THAT(body, HasSubstr("c=IN IP4 192.0.2.7\r\n"));
  EXPECT_THAT(body, HasSubstr("a=setup:actpass\r\n"));
  EXPECT_THAT(body, HasSubstr("a=path:" + path(line, Side::callee) + "\r\n"));
  EXPECT_THAT(body, Not(HasSubstr("msrp://198.51.100.11")));
  EXPECT_THAT(body, HasSubstr("size:65 hash:sha-1:06:30:56:28"));
  EXPECT_THAT(body, HasSubstr("a=file-icon:cid:icon-7d1@alice.example.com"));
  EXPECT_THAT(body, HasSubstr("--b8rel\r\nContent-Type: image/png"));
  EXPECT_EQ(line.ends[index_of(Side::caller)].peer->path.front().session_id, "al8");
}

// RFC 6135 4.2: each side learns who connects from what we say to it.
TEST_F(Anchoring, answers_each_side_for_itself) {
  auto invite = cpm::flow("f8-1");
  auto proposal = offer(invite);
  auto ok = cpm::flow("f8-2");
  anchor_answer(ok, *proposal, at());
  const auto& line = *proposal->lines.at(0);
  EXPECT_THAT(std::string{ok.body()}, HasSubstr("a=path:" + path(line, Side::caller) + "\r\n"));
  EXPECT_THAT(std::string{ok.body()}, HasSubstr("a=setup:passive\r\n"));
  EXPECT_EQ(line.ends[index_of(Side::caller)].setup, msrp::Setup::passive);
  ASSERT_TRUE(line.ends[index_of(Side::callee)].setup);
  EXPECT_NE(line.ends[0].local.session_id, line.ends[1].local.session_id);
}

// RFC 3264 8: a refresh keeps what there is.
TEST_F(Anchoring, keeps_the_paths_of_a_line_that_is_as_it_was) {
  auto invite = cpm::flow("f8-1");
  auto proposal = offer(invite);
  auto ok = cpm::flow("f8-2");
  anchor_answer(ok, *proposal, at());
  proposal->lines.at(0)->relay = RelayId{1};
  auto again = cpm::flow("f8-1");
  const auto refreshed = offer(again, proposal->lines);
  EXPECT_EQ(path(*refreshed->lines.at(0), Side::callee),
            path(*proposal->lines.at(0), Side::callee));

  auto moved = cpm::flow("f8-1");
  std::string body{moved.body()};
  body.replace(body.find("/al8;"), 5, "/al9;");
  const std::string type{moved.header(sip::Name::content_type)};
  moved.set_body(type, body);
  const auto anew = offer(moved, proposal->lines);
  EXPECT_NE(path(*anew->lines.at(0), Side::callee), path(*proposal->lines.at(0), Side::callee));
}

TEST_F(Anchoring, lets_go_of_a_line_that_is_refused) {
  auto invite = cpm::flow("f8-1");
  auto proposal = offer(invite);
  auto ok = cpm::flow("f8-2");
  std::string body{ok.body()};
  const auto port = body.find("m=message ") + 10;
  body.replace(port, body.find(' ', port) - port, "0");
  const std::string type{ok.header(sip::Name::content_type)};
  ok.set_body(type, body);
  anchor_answer(ok, *proposal, at());
  EXPECT_FALSE(proposal->lines.at(0));
}

TEST_F(Anchoring, leaves_alone_what_is_no_msrp_over_tcp) {
  auto invite = cpm::flow("f8-1");
  std::string body{invite.body()};
  body.replace(body.find("TCP/MSRP"), 8, "TCP/TLS/MSRP");
  const std::string type{invite.header(sip::Name::content_type)};
  invite.set_body(type, body);
  EXPECT_FALSE(offer(invite));
  EXPECT_EQ(invite.body(), body);
}

}  // namespace
}  // namespace convene::participating
