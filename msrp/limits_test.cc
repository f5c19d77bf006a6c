// What a peer may cost us, and for how long.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_peer.h"

namespace convene::msrp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

TEST(Limits, close_a_connection_that_says_nothing) {
  Scripted peer;
  peer.open();
  peer.pipe.knock(peer.it);
  peer.pipe.advance(29'999ms);
  EXPECT_EQ(peer.it.endpoint.connections(), 1U);
  peer.pipe.advance(1ms);
  EXPECT_EQ(peer.it.endpoint.connections(), 0U);
}

// Slowloris: what counts is when the head began.
TEST(Limits, close_a_connection_whose_head_does_not_end) {
  Scripted peer;
  peer.open();
  peer.bind();
  const auto frame = chunk("tid1", "m", "1-5/5", "hello").text();
  for (std::size_t at = 0; at < 10; ++at) {
    peer.pipe.say(*peer.link, frame.substr(at, 1));
    peer.pipe.advance(990ms);
  }
  EXPECT_EQ(peer.it.count<SessionFailed>(), 0U);
  peer.pipe.advance(100ms);
  EXPECT_EQ(peer.it.count<SessionFailed>(), 1U);
  EXPECT_EQ(peer.it.endpoint.connections(), 0U);
}

TEST(Limits, allow_each_head_its_own_time) {
  Scripted peer;
  peer.open();
  peer.bind();
  for (int number = 0; number < 5; ++number) {
    const auto frame = chunk("tid1", "m" + std::to_string(number), "1-5/5", "hello").text();
    peer.pipe.say(*peer.link, frame.substr(0, 50));
    peer.pipe.advance(9s);
    peer.pipe.say(*peer.link, frame.substr(50) + "MSRP");
    peer.pipe.advance(9s);
    peer.pipe.say(*peer.link, frame.substr(4));
  }
  EXPECT_EQ(peer.it.count<SessionFailed>(), 0U);
  EXPECT_EQ(peer.it.count<MessageReceived>(), 5U);
}

// RFC 7701 6.1
TEST(Limits, abort_a_message_in_memory_whose_rest_does_not_come) {
  Scripted peer;
  peer.open();
  peer.bind();
  peer.say(chunk("tid1", "m", "1-*/10", "hello", '+'));
  peer.pipe.advance(539s);
  EXPECT_EQ(peer.it.count<MessageAborted>(), 0U);
  peer.pipe.advance(1s);
  EXPECT_EQ(peer.it.count<MessageAborted>(), 1U);
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200", "REPORT 1-5/10 408"));
  EXPECT_TRUE(peer.it.endpoint.is_bound(peer.session));
}

TEST(Limits, abort_a_body_that_does_not_move) {
  Scripted peer;
  peer.open(into_body);
  peer.bind();
  peer.say(chunk("tid1", "m", "1-*/10", "hello", '+'));
  peer.pipe.advance(299s);
  peer.say(chunk("tid2", "m", "6-*/10", "", '+'));  // no octet, no progress
  peer.pipe.advance(1s);
  EXPECT_EQ(peer.it.count<MessageAborted>(), 1U);
}

TEST(Limits, bound_connections_without_a_session) {
  EndpointSettings limits;
  limits.max_unbound = 20;
  limits.max_unbound_per_source = 16;
  Scripted peer{limits};
  peer.open();
  for (int number = 0; number < 16; ++number) peer.pipe.knock(peer.it, {.host = "192.0.2.1"});
  EXPECT_THAT(peer.it.closes, IsEmpty());
  peer.pipe.knock(peer.it, {.host = "192.0.2.1"});
  EXPECT_EQ(peer.it.closes.size(), 1U);
  for (int number = 0; number < 4; ++number) peer.pipe.knock(peer.it, {.host = "192.0.2.2"});
  EXPECT_EQ(peer.it.closes.size(), 1U);
  peer.pipe.knock(peer.it, {.host = "192.0.2.3"});
  EXPECT_EQ(peer.it.closes.size(), 2U);
  EXPECT_EQ(peer.it.endpoint.connections(), 20U);

  peer.pipe.advance(30s);
  EXPECT_EQ(peer.it.endpoint.connections(), 0U);
  peer.pipe.knock(peer.it, {.host = "192.0.2.1"});
  EXPECT_EQ(peer.it.endpoint.connections(), 1U);
}

TEST(Limits, do_not_count_connections_with_a_session) {
  EndpointSettings limits;
  limits.max_unbound = 1;
  Scripted peer{limits};
  peer.open();
  peer.bind();
  peer.pipe.knock(peer.it);
  EXPECT_EQ(peer.it.endpoint.connections(), 2U);
}

// Floods: whoever makes us answer and never reads is cut off.
TEST(Limits, cut_off_a_peer_that_does_not_read_its_answers) {
  Scripted peer;
  const auto its_long_uri = "msrp://it.example:2855/" + std::string(480, 'x') + ";tcp";
  peer.open([&](SessionSettings& settings) { settings.local = parse_uri(its_long_uri).value(); });
  peer.link = &peer.pipe.knock(peer.it);
  peer.link->ends[0].is_reading = false;
  std::string flood;
  const auto frame = Frame{.headers = {}, .body = {}, .to = its_long_uri}.text();
  for (int number = 0; number < 500; ++number) flood += frame;
  for (int round = 0; round < 10 && peer.it.closes.empty(); ++round)
    peer.pipe.say(*peer.link, flood);
  EXPECT_EQ(peer.it.closes.size(), 1U);
  EXPECT_EQ(peer.it.count<SessionFailed>(), 1U);
}

TEST(Limits, bound_nicknames_that_wait) {
  Scripted peer;
  peer.open();
  peer.bind();
  for (int number = 0; number < 9; ++number)
    peer.say({.transaction = "nick" + std::to_string(number),
              .method = "NICKNAME",
              .headers = {"Use-Nickname: \"x\""},
              .body = {}});
  EXPECT_THAT(peer.answers(), ElementsAre("nick8 400"));
}

TEST(Limits, keep_no_deadline_for_what_is_over) {
  Pair pair;
  pair.open();
  pair.send(pair.one, pair.at_one, chat_message("hello"));
  pair.pipe.advance(600s);
  EXPECT_EQ(pair.one.endpoint.deadline(), std::nullopt);
  EXPECT_TRUE(pair.one.endpoint.is_bound(pair.at_one));
}

}  // namespace
}  // namespace convene::msrp
