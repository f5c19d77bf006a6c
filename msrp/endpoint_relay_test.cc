// Behind a relay of ours, and towards peers behind theirs. RFC 4976
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

constexpr std::string_view relay_uri = "msrp://relay.example:2855/r1;tcp";
constexpr std::string_view relay_and_peer =
    "msrp://relay.example:2855/r1;tcp msrp://peer.example:9/peer;tcp";

// The test is the relay: the endpoint connects to it, and everything goes over that connection.
class BehindRelay : public testing::Test {
 protected:
  BehindRelay() {
    Output out;
    it.endpoint.register_at_relay({.relay = parse_uri("msrp://relay.example;tcp").value(),
                                   .user = "bob",
                                   .password = "secret"},
                                  parse_uri("msrp://bob.example:9/own;tcp").value(), now, out);
    take(out);
  }

  void take(Output& out) {
    for (auto& event : out.events) it.events.push_back(std::move(event));
    for (auto& event : out.relay_events) relay_events.push_back(std::move(event));
    for (auto& effect : out.effects) {
      if (const auto* connect = std::get_if<Connect>(&effect)) connection = connect->connection;
      if (const auto* close = std::get_if<Close>(&effect)) closed.push_back(close->connection);
      const auto* want = std::get_if<WantWrite>(&effect);
      if (want == nullptr) continue;
      Output more;
      it.endpoint.writable(want->connection, 65'536, now, more);
      for (auto& what : more.effects) {
        if (const auto* write = std::get_if<Write>(&what)) {
          for (const auto& piece : write->pieces) said += std::get<std::string>(piece);
        }
      }
      it.endpoint.written(want->connection, now, more);
    }
  }
  void connect() {
    Output out;
    it.endpoint.connected(connection, {}, now, out);
    take(out);
  }
  void say(std::string_view text) {
    while (!text.empty()) {
      const auto room = it.endpoint.prepare(connection);
      const auto count = std::min(room.size(), text.size());
      std::memcpy(room.data(), text.data(), count);
      Output out;
      it.endpoint.commit(connection, count, now, out);
      take(out);
      text.remove_prefix(count);
    }
  }
  std::string last_transaction() const { return said.substr(said.rfind("MSRP ") + 5, 16); }
  void respond(std::string_view status, std::string_view headers = {}) {
    const auto id = last_transaction();
    said.clear();
    say("MSRP " + id + " " + std::string{status} +
        "\r\nTo-Path: msrp://bob.example:9/own;tcp\r\nFrom-Path: msrp://relay.example;tcp\r\n" +
        std::string{headers} + "-------" + id + "$\r\n");
  }
  void become_ready() {
    connect();
    respond("401 Unauthorized", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n");
    respond("200 OK", "Use-Path: " + std::string{relay_uri} + "\r\nExpires: 900\r\n");
  }
  SessionKey open(msrp::Setup setup) {
    SessionSettings settings;
    settings.local = parse_uri("msrp://bob.example:9/it;tcp").value();
    if (opened++ > 0) settings.local.session_id += std::to_string(opened);
    settings.remote = parse_path(relay_and_peer).value();
    settings.setup = setup;
    settings.through_relay = true;
    Output out;
    const auto key = it.endpoint.open(settings, now, out);
    take(out);
    return key;
  }

  Side it{5};
  std::vector<RelayEvent> relay_events;
  int opened = 0;
  TimePoint now = test_start;
  ConnectionId connection;
  std::vector<ConnectionId> closed;
  std::string said;
};

TEST_F(BehindRelay, is_ready_with_the_path_that_the_relay_gives) {
  become_ready();
  EXPECT_THAT(relay_events,
              ElementsAre(RelayEvent{RelayReady{parse_path(relay_uri).value(), 900s}}));
}

TEST_F(BehindRelay, loses_the_relay_that_refuses_the_password) {
  connect();
  respond("401 Unauthorized", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n");
  respond("401 Unauthorized", "WWW-Authenticate: Digest realm=\"r\", nonce=\"m\"\r\n");
  EXPECT_THAT(relay_events,
              ElementsAre(RelayEvent{RelayLost{401, "the relay refuses the password"}}));
  EXPECT_THAT(closed, SizeIs(1));
}

TEST_F(BehindRelay, speaks_through_the_relay_when_active) {
  become_ready();
  said.clear();
  open(msrp::Setup::active);
  EXPECT_THAT(said, HasSubstr("SEND\r\nTo-Path: " + std::string{relay_and_peer} +
                              "\r\nFrom-Path: msrp://bob.example:9/it;tcp\r\n"));
}

TEST_F(BehindRelay, waits_for_its_peer_to_come_through_the_relay_when_passive) {
  become_ready();
  said.clear();
  const auto key = open(msrp::Setup::passive);
  EXPECT_THAT(said, IsEmpty());

  auto frame = chunk("tid1", "m", "1-5/5", "hello");
  frame.to = "msrp://bob.example:9/it;tcp";
  frame.from = relay_and_peer;
  say(frame.text());
  EXPECT_TRUE(it.endpoint.is_bound(key));
  EXPECT_EQ(it.count<MessageReceived>(), 1U);
  EXPECT_THAT(said, HasSubstr("MSRP tid1 200 OK\r\nTo-Path: " + std::string{relay_uri} + "\r\n"));
}

TEST_F(BehindRelay, keeps_the_connection_when_a_session_ends) {
  become_ready();
  const auto key = open(msrp::Setup::active);
  Output out;
  it.endpoint.close(key, now, out);
  take(out);
  EXPECT_THAT(closed, IsEmpty());
  EXPECT_EQ(it.endpoint.connections(), 1U);
}

TEST_F(BehindRelay, loses_its_sessions_with_the_connection) {
  become_ready();
  open(msrp::Setup::active);
  Output out;
  it.endpoint.closed(connection, now, out);
  take(out);
  EXPECT_EQ(it.count<SessionFailed>(), 1U);
  EXPECT_EQ(relay_events.back(), (RelayEvent{RelayLost{0, "connection lost"}}));

  open(msrp::Setup::passive);
  EXPECT_EQ(it.count<SessionFailed>(), 2U);
}

TEST_F(BehindRelay, renews_in_time) {
  become_ready();
  said.clear();
  now += 840s;
  Output out;
  it.endpoint.wake(now, out);
  take(out);
  EXPECT_THAT(said, HasSubstr(" AUTH\r\n"));
  respond("200 OK", "Use-Path: " + std::string{relay_uri} + "\r\nExpires: 900\r\n");
  EXPECT_THAT(relay_events, SizeIs(2));
}

void be_behind_a_relay(SessionSettings& settings) {
  settings.remote = parse_path(relay_and_peer).value();
  settings.max_chunk = 65'536;
}

Frame through_relay(Frame frame) {
  frame.from = relay_and_peer;
  return frame;
}

// The peer's session is bound over its relay's connection.
void bind_through_relay(Scripted& peer) {
  peer.open(be_behind_a_relay);
  peer.link = &peer.pipe.knock(peer.it);
  peer.say(through_relay({.transaction = "bind", .headers = {"Message-ID: b"}, .body = {}}));
  peer.heard();
}

// RFC 4975 7.2: a response goes one hop.
TEST(PeerBehindRelay, gets_responses_through_its_relay_only) {
  Scripted peer;
  peer.open(be_behind_a_relay);
  peer.link = &peer.pipe.knock(peer.it);
  peer.say(through_relay(chunk("tid1", "m", "1-5/5", "hello")));
  const auto heard = peer.heard();
  EXPECT_THAT(heard, HasSubstr("200 OK\r\nTo-Path: " + std::string{relay_uri} + "\r\n"));
}

// RFC 4975 7.1.3: a report goes the whole path.
TEST(PeerBehindRelay, gets_reports_over_the_whole_path) {
  Scripted peer;
  peer.open(be_behind_a_relay);
  peer.link = &peer.pipe.knock(peer.it);
  peer.say(through_relay(chunk("tid1", "m", "1-5/5", "hello", '$', {"Success-Report: yes"})));
  EXPECT_THAT(peer.heard(),
              HasSubstr("REPORT\r\nTo-Path: " + std::string{relay_and_peer} + "\r\n"));
}

// A relay takes whole frames into a buffer of a few kilobytes.
TEST(PeerBehindRelay, gets_chunks_that_fit_a_relay) {
  Scripted peer;
  bind_through_relay(peer);
  peer.send({.message_id = "big",
             .content_type = "text/plain",
             .prefix = {},
             .octets = std::string(25'000, 'x'),
             .body = {},
             .total = 25'000,
             .lane = OutgoingMessage::Lane::file});
  EXPECT_THAT(peer.answers(),
              ElementsAre("SEND 1-*/25000 +", "SEND 10001-*/25000 +", "SEND 20001-*/25000 $"));
}

// RFC 4976 6.4: a relay answers for itself.
TEST(PeerBehindRelay, has_a_file_when_it_says_so_itself) {
  Scripted peer;
  bind_through_relay(peer);
  peer.send({.message_id = "m",
             .content_type = "text/plain",
             .prefix = {},
             .octets = "hello",
             .body = {},
             .total = 5,
             .lane = OutgoingMessage::Lane::file});
  peer.answers();
  peer.respond(200);
  EXPECT_EQ(peer.it.count<MessageSent>(), 0U);
  peer.say(through_relay({.transaction = "rep1",
                          .method = "REPORT",
                          .headers = {"Message-ID: m", "Byte-Range: 1-5/5", "Status: 000 200 OK"},
                          .body = {}}));
  EXPECT_EQ(peer.it.count<MessageSent>(), 1U);
}

// RFC 4976 6.4: what a relay could not pass on, it reports.
TEST(PeerBehindRelay, may_be_out_of_its_relays_reach) {
  Scripted peer;
  bind_through_relay(peer);
  peer.send({.message_id = "m",
             .content_type = "text/plain",
             .prefix = {},
             .octets = "hello",
             .body = {},
             .total = 5,
             .success_report = true});
  peer.answers();
  peer.respond(200);
  peer.say({.transaction = "rep1",
            .method = "REPORT",
            .headers = {"Message-ID: m", "Byte-Range: 1-5/5", "Status: 000 481"},
            .body = {},
            .from = std::string{relay_uri}});
  ASSERT_EQ(peer.it.count<MessageFailed>(), 1U);
  EXPECT_EQ(peer.it.all<MessageFailed>()[0].status, 481);
}

TEST(PeerBehindRelay, is_not_spoken_for_by_its_relay) {
  Scripted peer;
  peer.open(be_behind_a_relay);
  peer.link = &peer.pipe.knock(peer.it);
  auto frame = chunk("tid1", "m", "1-5/5", "hello");
  frame.from = relay_uri;
  peer.say(frame);
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 481"));
}

}  // namespace
}  // namespace convene::msrp
