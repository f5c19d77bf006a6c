// Sessions and their connections: RFC 4975 5.4, 7.3, 14; RFC 6135.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_peer.h"

namespace convene::msrp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

Frame empty_send() { return {.headers = {}, .body = {}}; }

TEST(Binding, happens_with_a_first_real_chunk) {
  Scripted peer;
  peer.open();
  peer.link = &peer.pipe.knock(peer.it);
  EXPECT_FALSE(peer.it.endpoint.is_bound(peer.session));
  peer.say(chunk("tid1", "m", "1-5/5", "hello"));
  EXPECT_TRUE(peer.it.endpoint.is_bound(peer.session));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200"));
  EXPECT_EQ(peer.it.count<MessageReceived>(), 1U);
}

// flows F1.10 and F1.11
TEST(Binding, sends_what_the_flow_shows) {
  Pair pair;
  pair.open();
  auto& link = pair.pipe.link();
  const auto id = link.ends[1].seen.substr(5, 16);
  const auto message = link.ends[1].seen.substr(link.ends[1].seen.find("Message-ID: ") + 12, 16);
  EXPECT_EQ(link.ends[1].seen, "MSRP " + id +
                                   " SEND\r\nTo-Path: msrp://two.example:2855/two;tcp\r\n"
                                   "From-Path: msrp://one.example:2855/one;tcp\r\nMessage-ID: " +
                                   message + "\r\nByte-Range: 1-0/0\r\n-------" + id + "$\r\n");
  EXPECT_EQ(link.ends[0].seen, "MSRP " + id +
                                   " 200 OK\r\nTo-Path: msrp://one.example:2855/one;tcp\r\n"
                                   "From-Path: msrp://two.example:2855/two;tcp\r\n-------" +
                                   id + "$\r\n");
}

TEST(Binding, connects_to_the_first_hop_of_the_path_or_where_the_sdp_says) {
  Side side{1};
  const auto connect = [&](SessionSettings settings) {
    Output out;
    settings.setup = Setup::active;
    side.endpoint.open(settings, test_start, out);
    return std::get<Connect>(out.effects.at(0));
  };
  SessionSettings settings;
  settings.local = Pair::uri("one.example", "a");
  settings.remote = parse_path("msrp://relay.example;tcp msrp://bob.example:9/b;tcp").value();
  EXPECT_EQ(connect(settings).host, "relay.example");
  settings.local.session_id = "b";
  EXPECT_EQ(connect(settings).port, 2'855);
  settings.local.session_id = "c";
  settings.connect_to = {"192.0.2.7", 4'000};  // RFC 6714
  const auto cema = connect(settings);
  EXPECT_EQ(cema.host, "192.0.2.7");
  EXPECT_EQ(cema.port, 4'000);
  EXPECT_EQ(cema.connection.value % 2, 1U);
}

TEST(Binding, fails_when_the_connection_is_refused) {
  Pair pair;
  pair.pipe.refuse("two.example");
  pair.open();
  ASSERT_EQ(pair.one.count<SessionFailed>(), 1U);
  EXPECT_EQ(pair.one.all<SessionFailed>()[0].reason, "could not connect");
  EXPECT_EQ(pair.one.endpoint.connections(), 0U);
}

TEST(Binding, fails_when_nobody_comes_in_time) {
  Scripted peer;
  peer.open();
  peer.pipe.advance(29'999ms);
  EXPECT_EQ(peer.it.count<SessionFailed>(), 0U);
  peer.pipe.advance(1ms);
  EXPECT_EQ(peer.it.count<SessionFailed>(), 1U);
}

TEST(Binding, fails_when_the_peer_refuses_it) {
  Pair pair;
  pair.open({}, [](SessionSettings& settings) { settings.local.session_id = "other"; });
  EXPECT_EQ(pair.one.count<SessionFailed>(), 1U);
  EXPECT_EQ(pair.one.count<Bound>(), 0U);
  EXPECT_EQ(pair.one.endpoint.connections(), 0U);
}

TEST(Binding, goes_on_when_the_peer_speaks_before_it_answers) {
  Scripted peer;  // active: it connects to nobody, and the test plays both
  SessionSettings settings;
  settings.local = parse_uri(its_uri).value();
  settings.remote = {parse_uri(peer_uri).value()};
  settings.setup = Setup::active;
  Output out;
  auto& it = peer.it.endpoint;
  const auto session = it.open(settings, test_start, out);
  const auto connection = std::get<Connect>(out.effects.at(0)).connection;
  it.connected(connection, {}, test_start, out);
  EXPECT_FALSE(it.is_bound(session));
  const auto frame = empty_send().text();
  std::memcpy(it.prepare(connection).data(), frame.data(), frame.size());
  it.commit(connection, frame.size(), test_start, out);
  EXPECT_TRUE(it.is_bound(session));
}

// RFC 6135: one side connects; some peers think it is both.
TEST(Binding, settles_on_one_connection_when_both_sides_connect) {
  Pair pair;
  pair.pipe.is_held = true;
  pair.open({}, [](SessionSettings& settings) { settings.setup = Setup::active; });
  pair.send(pair.one, pair.at_one, chat_message("from one"));
  pair.send(pair.two, pair.at_two, chat_message("from two"));
  pair.pipe.is_held = false;
  pair.pipe.run();
  EXPECT_TRUE(pair.one.endpoint.is_bound(pair.at_one));
  EXPECT_TRUE(pair.two.endpoint.is_bound(pair.at_two));
  EXPECT_EQ(pair.one.count<MessageReceived>(), 1U);
  EXPECT_EQ(pair.two.count<MessageReceived>(), 1U);
  EXPECT_EQ(pair.one.count<MessageSent>(), 1U);
  EXPECT_EQ(pair.two.count<MessageSent>(), 1U);
  EXPECT_EQ(pair.one.endpoint.connections(), 1U);
  EXPECT_EQ(pair.two.endpoint.connections(), 1U);
}

// RFC 4975 14.1: whoever does not know the id gets nothing.
TEST(Binding, answers_481_to_an_unknown_session_and_hangs_up_on_a_guesser) {
  Scripted peer;
  peer.open();
  peer.link = &peer.pipe.knock(peer.it);
  auto frame = empty_send();
  frame.to = "msrp://it.example:2855/guess;tcp";
  for (int guess = 0; guess < 8; ++guess) peer.say(frame);
  EXPECT_EQ(peer.answers().size(), 8U);
  EXPECT_THAT(peer.it.closes, IsEmpty());
  peer.say(frame);
  EXPECT_EQ(peer.it.closes.size(), 1U);
  EXPECT_EQ(peer.it.endpoint.connections(), 0U);
}

TEST(Binding, answers_481_when_either_path_is_not_the_sessions) {
  Scripted peer;
  peer.open();
  peer.link = &peer.pipe.knock(peer.it);
  auto wrong_to = empty_send();
  wrong_to.to = "msrp://it.example:2856/it;tcp";
  auto wrong_from = empty_send();
  wrong_from.from = "msrp://peer.example:9/other;tcp";
  auto longer_from = empty_send();
  longer_from.from = std::string{peer_uri} + " " + std::string{peer_uri};
  for (const auto& frame : {wrong_to, wrong_from, longer_from}) {
    peer.say(frame);
    EXPECT_THAT(peer.answers(), ElementsAre("tid1 481"));
  }
  EXPECT_FALSE(peer.it.endpoint.is_bound(peer.session));
}

// RFC 4975 6.1
TEST(Binding, compares_paths_as_uris) {
  Scripted peer;
  peer.open();
  peer.link = &peer.pipe.knock(peer.it);
  auto frame = empty_send();
  frame.to = "MSRP://user@IT.example:2855/it;TCP";
  frame.from = "msrp://PEER.example:9/peer;tcp";
  peer.say(frame);
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200"));
}

TEST(Binding, compares_only_session_ids_behind_an_sbc_if_told_to) {
  Scripted peer;
  peer.open([](SessionSettings& settings) { settings.match = PathMatch::session_id; });
  peer.link = &peer.pipe.knock(peer.it);
  auto frame = empty_send();
  frame.to = "msrp://203.0.113.5:7000/it;tcp";
  frame.from = "msrp://203.0.113.5:7001/peer;tcp";
  peer.say(frame);
  EXPECT_THAT(peer.heard(), HasSubstr("200 OK\r\nTo-Path: msrp://203.0.113.5:7001/peer;tcp\r\n"));
}

TEST(Binding, is_no_relay) {
  Scripted peer;
  peer.open();
  peer.bind();
  auto frame = empty_send();
  frame.to = std::string{its_uri} + " msrp://next.example:9/n;tcp";
  peer.say(frame);
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 501"));
}

// RFC 4975 5.4: 506; the first connection is not disturbed.
TEST(Binding, refuses_a_second_connection) {
  Scripted peer;
  peer.open();
  peer.bind();
  auto& second = peer.pipe.knock(peer.it);
  peer.pipe.say(second, empty_send().text());
  EXPECT_THAT(peer.pipe.heard(second), HasSubstr("MSRP tid1 506"));
  peer.say(chunk("tid2", "m", "1-5/5", "hello"));
  EXPECT_THAT(peer.answers(), ElementsAre("tid2 200"));
}

TEST(Binding, lets_sessions_share_a_connection_and_part_again) {
  Scripted peer;
  peer.open();
  const auto second = peer.pipe.call(peer.it, [&](Endpoint& it, TimePoint now, Output& out) {
    SessionSettings settings;
    settings.local = parse_uri("msrp://it.example:2855/it2;tcp").value();
    settings.remote = {parse_uri("msrp://peer.example:9/peer2;tcp").value()};
    return it.open(settings, now, out);
  });
  peer.bind();
  auto frame = chunk("tid2", "m", "1-5/5", "hello");
  frame.to = "msrp://it.example:2855/it2;tcp";
  frame.from = "msrp://peer.example:9/peer2;tcp";
  peer.say(frame);
  EXPECT_TRUE(peer.it.endpoint.is_bound(second));
  EXPECT_EQ(peer.it.endpoint.connections(), 1U);

  peer.call([&](Endpoint& it, TimePoint now, Output& out) { it.close(peer.session, now, out); });
  EXPECT_EQ(peer.it.endpoint.connections(), 1U);
  peer.heard();
  peer.say(empty_send());
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 481"));
  peer.call([&](Endpoint& it, TimePoint now, Output& out) { it.close(second, now, out); });
  EXPECT_EQ(peer.it.endpoint.connections(), 0U);
  EXPECT_EQ(peer.it.endpoint.sessions(), 0U);
}

TEST(Binding, answers_481_to_another_sessions_frame_on_a_bound_connection) {
  Scripted peer;
  peer.open();
  peer.bind();
  peer.call([&](Endpoint& it, TimePoint now, Output& out) {
    SessionSettings settings;
    settings.local = parse_uri("msrp://it.example:2855/it2;tcp").value();
    settings.remote = {parse_uri("msrp://peer.example:9/peer2;tcp").value()};
    it.open(settings, now, out);
  });
  auto frame = empty_send();
  frame.to = "msrp://it.example:2855/it2;tcp";
  frame.from = "msrp://peer.example:9/peer2;tcp";
  auto& second = peer.pipe.knock(peer.it);
  peer.pipe.say(second, frame.text());
  EXPECT_THAT(peer.pipe.heard(second), HasSubstr("200 OK"));
  peer.say(frame);
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 481"));
}

TEST(Binding, ends_with_its_connection) {
  Scripted peer;
  peer.open(into_body);
  peer.bind();
  peer.say(chunk("tid1", "m", "1-*/10", "hello", '+'));
  const auto message = peer.send(chat_message("on its way"));
  peer.pipe.cut(*peer.link);

  EXPECT_EQ(peer.it.count<MessageAborted>(), 1U);
  ASSERT_EQ(peer.it.count<MessageFailed>(), 1U);
  EXPECT_EQ(peer.it.all<MessageFailed>()[0].message, message);
  EXPECT_EQ(peer.it.all<MessageFailed>()[0].status, 481);
  EXPECT_EQ(peer.it.count<SessionFailed>(), 1U);
  EXPECT_FALSE(peer.it.endpoint.is_bound(peer.session));

  peer.send(chat_message("too late"));
  EXPECT_EQ(peer.it.count<MessageFailed>(), 2U);
  peer.call([&](Endpoint& it, TimePoint now, Output& out) { it.close(peer.session, now, out); });
  EXPECT_EQ(peer.it.endpoint.sessions(), 0U);
  EXPECT_EQ(peer.it.endpoint.connections(), 0U);
  EXPECT_EQ(peer.it.endpoint.deadline(), std::nullopt);
}

// Framing is lost: nothing on that connection can be believed. Others are not touched.
TEST(Binding, ends_when_the_framing_breaks_on_its_connection_only) {
  Pair pair;
  pair.open();
  auto& stranger = pair.pipe.knock(pair.two);
  pair.pipe.say(stranger, "GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(pair.two.closes.size(), 1U);
  EXPECT_TRUE(pair.two.endpoint.is_bound(pair.at_two));

  pair.pipe.link().ends[1].arriving = "nonsense\r\n";
  pair.pipe.run();
  EXPECT_EQ(pair.two.count<SessionFailed>(), 1U);
  EXPECT_EQ(pair.two.endpoint.connections(), 0U);
}

TEST(Binding, closes_a_connection_after_what_it_still_had_to_say) {
  Pair pair;
  pair.open({}, into_body);
  const auto body = pair.one.bodies.add(noise(500'000));
  pair.pipe.link().ends[1].is_reading = false;
  pair.send(pair.one, pair.at_one, file_message(body, 1'000'000));
  pair.body_grew(pair.one, body, 500'000);
  pair.close(pair.one, pair.at_one);
  EXPECT_EQ(pair.one.endpoint.sessions(), 0U);
  pair.pipe.link().ends[1].is_reading = true;
  pair.pipe.run();
  EXPECT_THAT(pair.two.all<MessageAborted>().at(0).reason, "aborted by its sender");
  EXPECT_EQ(pair.one.endpoint.connections(), 0U);
  EXPECT_EQ(pair.one.count<MessageFailed>(), 0U);
}

}  // namespace
}  // namespace convene::msrp
