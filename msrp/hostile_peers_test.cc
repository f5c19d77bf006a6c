// Peers that crawl, fall silent, or are ourselves: design 4, X6, X8.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_peer.h"

namespace convene::msrp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

struct CrawlingPeer : testing::Test {
  CrawlingPeer() {
    peer.open(into_body);
    peer.bind();
    peer.pipe.say(*peer.link, "MSRP tid9 SEND\r\nTo-Path: " + std::string{its_uri} +
                                  "\r\nFrom-Path: " + std::string{peer_uri} +
                                  "\r\nMessage-ID: m9\r\nByte-Range: 1-*/1000000\r\n"
                                  "Content-Type: text/plain\r\n\r\n");
  }
  void say(std::size_t octets) { peer.pipe.say(*peer.link, std::string(octets, 'x')); }
  Scripted peer;
};

// X8
TEST_F(CrawlingPeer, is_closed_when_its_chunk_hardly_moves) {
  for (int second = 0; second < 31; ++second) {
    say(100);
    peer.pipe.advance(1s);
  }
  EXPECT_THAT(peer.it.all<MessageAborted>(), SizeIs(1));
  EXPECT_THAT(peer.it.all<SessionFailed>(), SizeIs(1));
  EXPECT_THAT(peer.it.closes, SizeIs(1));
}

TEST_F(CrawlingPeer, is_borne_with_as_long_as_it_brings_the_least) {
  for (int second = 0; second < 120; ++second) {
    say(1'200);
    peer.pipe.advance(1s);
  }
  EXPECT_THAT(peer.it.all<SessionFailed>(), IsEmpty());
}

// Between chunks it may rest: its message then has its own time.
TEST_F(CrawlingPeer, may_rest_between_chunks) {
  peer.pipe.say(*peer.link, "0123456789\r\n-------tid9+\r\n");
  peer.pipe.advance(100s);
  EXPECT_THAT(peer.it.all<SessionFailed>(), IsEmpty());
}

// Behind a NAT only what is said keeps a connection.
TEST(KeptConnection, says_an_empty_send_when_it_has_been_quiet) {
  Pair pair{{.keep_alive = 60s}};
  pair.open();
  pair.pipe.taken(pair.pipe.link().ends[1]);

  pair.pipe.advance(59s);
  EXPECT_EQ(pair.pipe.taken(pair.pipe.link().ends[1]), "");
  pair.pipe.advance(2s);

  EXPECT_THAT(pair.pipe.taken(pair.pipe.link().ends[1]), HasSubstr("Byte-Range: 1-0/0"));
  EXPECT_THAT(pair.pipe.taken(pair.pipe.link().ends[0]), HasSubstr(" 200 OK"));
  pair.pipe.advance(10min);
  EXPECT_EQ(pair.one.count<SessionFailed>() + pair.two.count<SessionFailed>(), 0);
  EXPECT_EQ(pair.two.count<MessageReceived>(), 0);
}

struct OwnAddress : testing::Test {
  Side side{1};
  Output out;
  void open(const std::function<void(SessionSettings&)>& change) {
    auto settings = Pair::settings("one", "two", Setup::active);
    change(settings);
    side.endpoint.open(settings, test_start, out);
  }
  bool has_connected() const {
    return std::ranges::any_of(
        out.effects, [](const auto& effect) { return std::holds_alternative<Connect>(effect); });
  }
  bool has_failed() const {
    return std::ranges::any_of(
        out.events, [](const auto& event) { return std::holds_alternative<SessionFailed>(event); });
  }
};

// X6
TEST_F(OwnAddress, is_never_connected_to) {
  open([](SessionSettings& settings) { settings.remote.front().host = "ONE.example"; });
  EXPECT_FALSE(has_connected());
  EXPECT_TRUE(has_failed());
}

// X6
TEST_F(OwnAddress, is_never_connected_to_by_another_name) {
  open([](SessionSettings& settings) {
    settings.connect_to = std::pair{std::string{"one.example"}, std::uint16_t{2'855}};
  });
  EXPECT_FALSE(has_connected());
  EXPECT_TRUE(has_failed());
}

// X6: nor is a session of ours anybody's peer.
TEST_F(OwnAddress, has_no_session_with_itself) {
  open([](SessionSettings& settings) { settings.local = Pair::uri("here.example", "first"); });
  EXPECT_FALSE(has_failed());
  out = {};
  open([](SessionSettings& settings) {
    settings.local = Pair::uri("here.example", "second");
    settings.remote = {Pair::uri("here.example", "first")};
    settings.setup = Setup::passive;
  });
  EXPECT_TRUE(has_failed());
}

}  // namespace
}  // namespace convene::msrp
