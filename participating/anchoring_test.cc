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
  AnchorAddress at() { return {listener, secure, random}; }
  static std::string path(const AnchoredLine& line, Side side) {
    return msrp::to_text(line.ends[index_of(side)].local);
  }

  // F8's offer in TLS.
  static sip::Message in_tls(std::string_view flow) {
    auto message = cpm::flow(flow);
    std::string body{message.body()};
    body.replace(body.find("TCP/MSRP"), 8, "TCP/TLS/MSRP");
    body.replace(body.find("msrp://"), 7, "msrps://");
    body.insert(body.find("a=path:"), "a=fingerprint:sha-256 01:02\r\n");
    const std::string type{message.header(sip::Name::content_type)};
    message.set_body(type, body);
    return message;
  }

  SeededRandom random{1};
  sip::HostPort listener{"192.0.2.7", 2857};
  std::optional<msrp::SecureAddress> secure;
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

// RFC 4975 14.4, RFC 8122 5: a line in TLS stays so, and has our certificate's fingerprint.
TEST_F(Anchoring, puts_its_own_fingerprint_into_a_line_in_tls) {
  secure = {.host = "192.0.2.7", .port = 2858, .fingerprint = {"sha-256", "\x0a\x0b"}};
  auto invite = in_tls("f8-1");
  auto proposal = offer(invite);
  ASSERT_TRUE(proposal);
  const std::string offered{invite.body()};
  EXPECT_THAT(offered, HasSubstr("m=message 2858 TCP/TLS/MSRP *\r\n"));
  EXPECT_THAT(offered, HasSubstr("a=path:msrps://192.0.2.7:2858/"));
  EXPECT_THAT(offered, HasSubstr("a=fingerprint:sha-256 0A:0B\r\n"));
  EXPECT_THAT(offered, Not(HasSubstr("sha-256 01:02")));

  auto ok = in_tls("f8-2");
  anchor_answer(ok, *proposal, at());
  const auto& line = *proposal->lines.at(0);
  EXPECT_THAT(std::string{ok.body()}, HasSubstr("a=fingerprint:sha-256 0A:0B\r\n"));
  const auto settings = session_settings(line.ends[index_of(Side::callee)]);
  EXPECT_TRUE(settings.local.is_secure);
  EXPECT_THAT(settings.fingerprints, testing::ElementsAre(Fingerprint{"sha-256", "\x01\x02"}));
}

TEST_F(Anchoring, lets_go_of_a_line_that_is_answered_without_the_tls_it_was_offered_with) {
  secure = {.host = "192.0.2.7", .port = 2858, .fingerprint = {"sha-256", "\x0a\x0b"}};
  auto invite = in_tls("f8-1");
  auto proposal = offer(invite);
  auto ok = cpm::flow("f8-2");
  anchor_answer(ok, *proposal, at());
  EXPECT_FALSE(proposal->lines.at(0));
}

TEST_F(Anchoring, leaves_alone_a_line_in_tls_where_it_speaks_none) {
  auto invite = in_tls("f8-1");
  const std::string body{invite.body()};
  EXPECT_FALSE(offer(invite));
  EXPECT_EQ(invite.body(), body);
}

}  // namespace
}  // namespace convene::participating
