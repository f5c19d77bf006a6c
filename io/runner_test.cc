#include "io/runner.h"

#include <gmock/gmock.h>

#include "io/test_node.h"

namespace convene::io {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct RunnerTest : testing::Test {
  Loop loop;
  RunningNode alice{loop};
  RunningNode bob{loop};
};

TEST_F(RunnerTest, tells_its_node_the_bound_addresses) {
  EXPECT_EQ(bob.node.addresses.sip.udp->host, "127.0.0.1");
  EXPECT_NE(bob.node.addresses.sip.udp->port, 0);
  EXPECT_NE(bob.node.addresses.sip.tcp->port, 0);
  EXPECT_FALSE(bob.node.addresses.sip.tls);
  EXPECT_NE(bob.node.addresses.msrp.port, 0);
}

TEST_F(RunnerTest, announces_what_it_is_told_to) {
  auto settings = RunningNode::loopback();
  settings.announced.udp = sip::HostPort{"focus.example.com", 5060};
  settings.msrp.clear();

  const RunningNode behind_nat{loop, settings};

  EXPECT_EQ(behind_nat.node.addresses.sip.udp, (sip::HostPort{"focus.example.com", 5060}));
  EXPECT_EQ(behind_nat.node.addresses.msrp, (sip::HostPort{"focus.example.com", 9}));
}

TEST_F(RunnerTest, says_which_address_it_cannot_bind) {
  auto settings = RunningNode::loopback();
  settings.tcp = {*bob.node.addresses.sip.tcp};
  const RunningNode second{loop, settings};
  settings.tcp = {{"example.com", 5060}};
  const RunningNode third{loop, settings};

  EXPECT_THAT(second.started.error().detail, HasSubstr("127.0.0.1 port "));
  EXPECT_EQ(third.started.error().fault, Fault::malformed);
}

TEST_F(RunnerTest, carries_datagrams) {
  bob.node.echoes = true;
  const std::string large(60'000, 'x');

  alice.perform(node::SendDatagram{*bob.node.addresses.sip.udp, "hello"});
  alice.perform(node::SendDatagram{*bob.node.addresses.sip.udp, large});

  EXPECT_TRUE(loop.run_until([&] { return alice.node.heard.size() == 2; }));
  EXPECT_THAT(alice.node.heard, ElementsAre("datagram hello", "datagram " + large));
}

TEST_F(RunnerTest, carries_datagrams_over_ipv6) {
  RunnerSettings settings;
  settings.udp = {{"::1", 0}};
  RunningNode carol{loop, settings};
  RunningNode dave{loop, settings};
  ASSERT_TRUE(carol.started && dave.started);
  dave.node.echoes = true;

  carol.perform(node::SendDatagram{*dave.node.addresses.sip.udp, "hello"});

  EXPECT_TRUE(loop.run_until([&] { return carol.node.has_heard("datagram hello"); }));
}

TEST_F(RunnerTest, looks_up_names_of_datagrams) {
  alice.perform(node::SendDatagram{{"localhost", bob.node.addresses.sip.udp->port}, "hello"});

  EXPECT_TRUE(loop.run_until([&] { return bob.node.has_heard("datagram hello"); }));
}

TEST_F(RunnerTest, tells_where_datagrams_could_not_go) {
  const auto gone = nobody();
  const std::string no_name(64, 'x');

  alice.perform(node::SendDatagram{gone, "to a closed port"});
  EXPECT_TRUE(loop.run_until([&] { return alice.node.unreachable.size() == 1; }));
  alice.perform(node::SendDatagram{{no_name, 5060}, "to an unknown name"});
  EXPECT_TRUE(loop.run_until([&] { return alice.node.unreachable.size() == 2; }));
  alice.perform(node::SendDatagram{{"::1", 5060}, "without a socket of that family"});
  EXPECT_TRUE(loop.run_until([&] { return alice.node.unreachable.size() == 3; }));

  EXPECT_THAT(alice.node.unreachable,
              ElementsAre(gone, sip::HostPort{no_name, 5060}, sip::HostPort{"::1", 5060}));
}

TEST_F(RunnerTest, carries_sip_over_tcp_and_keeps_what_is_sent_before_the_stream_is_open) {
  bob.node.echoes = true;

  alice.perform(node::OpenStream{{1}, sip::Transport::tcp, *bob.node.addresses.sip.tcp});
  alice.perform(node::SendStream{{1}, "INVITE "});
  alice.perform(node::SendStream{{1}, "sip:bob"});

  EXPECT_TRUE(loop.run_until([&] { return alice.node.received[1] == "INVITE sip:bob"; }));
  EXPECT_THAT(alice.node.heard, ElementsAre("stream opened"));
  EXPECT_THAT(bob.node.heard, ElementsAre("tcp accepted"));
  EXPECT_EQ(bob.node.last_flow.value, 2);
}

TEST_F(RunnerTest, lets_the_last_octets_leave_before_it_closes_a_stream) {
  const std::string octets(900'000, 'x');
  alice.perform(node::OpenStream{{1}, sip::Transport::tcp, *bob.node.addresses.sip.tcp});
  EXPECT_TRUE(loop.run_until([&] { return alice.node.has_heard("stream opened"); }));

  alice.perform(node::SendStream{{1}, octets});
  alice.perform(node::CloseStream{{1}});

  EXPECT_TRUE(loop.run_until([&] { return bob.node.has_heard("stream closed"); }));
  EXPECT_TRUE(bob.node.received[2] == octets);
  EXPECT_THAT(alice.node.heard, ElementsAre("stream opened"));
  EXPECT_EQ(alice.runner.connections(), 0);
}

TEST_F(RunnerTest, tells_of_streams_that_cannot_be_opened) {
  alice.perform(node::OpenStream{{1}, sip::Transport::tcp, nobody()});
  alice.perform(node::OpenStream{{3}, sip::Transport::tcp, {std::string(64, 'x'), 5060}});
  alice.perform(node::OpenStream{{5}, sip::Transport::tls, *bob.node.addresses.sip.tcp});

  EXPECT_TRUE(loop.run_until([&] { return alice.node.heard.size() == 3; }));

  EXPECT_THAT(alice.node.heard, ElementsAre("stream closed", "stream closed", "stream closed"));
  EXPECT_EQ(alice.runner.connections(), 0);
}

TEST_F(RunnerTest, tries_all_addresses_of_a_name) {
  // "localhost" may be ::1 first, where nobody listens.
  alice.perform(
      node::OpenStream{{1}, sip::Transport::tcp, {"localhost", bob.node.addresses.sip.tcp->port}});

  EXPECT_TRUE(loop.run_until([&] { return alice.node.has_heard("stream opened"); }));
}

TEST_F(RunnerTest, tells_of_peers_that_reset_or_half_close) {
  auto resetting = connect_blocking(*bob.node.addresses.sip.tcp);
  EXPECT_TRUE(loop.run_until([&] { return bob.node.heard.size() == 1; }));
  reset_connection(std::move(resetting));
  EXPECT_TRUE(loop.run_until([&] { return bob.node.has_heard("stream closed"); }));

  bob.node.echoes = true;
  const auto half_closing = connect_blocking(*bob.node.addresses.sip.tcp);
  EXPECT_EQ(::send(half_closing.get(), "hello", 5, 0), 5);
  ::shutdown(half_closing.get(), SHUT_WR);
  EXPECT_TRUE(loop.run_until([&] { return bob.node.heard.size() == 4; }));

  std::array<char, 16> answer;
  EXPECT_EQ(::recv(half_closing.get(), answer.data(), answer.size(), MSG_WAITALL), 5);
  EXPECT_EQ(bob.runner.connections(), 0);
}

TEST_F(RunnerTest, closes_a_stream_whose_peer_does_not_read) {
  const auto silent = connect_blocking(*bob.node.addresses.sip.tcp);
  EXPECT_TRUE(loop.run_until([&] { return bob.node.has_heard("tcp accepted"); }));

  for (int i = 0; i < 1'000 && !bob.node.has_heard("stream closed"); ++i) {
    bob.perform(node::SendStream{bob.node.last_flow, std::string(100'000, 'x')});
    loop.run_until([] { return false; }, 0ms);
  }

  EXPECT_TRUE(loop.run_until([&] { return bob.node.has_heard("stream closed"); }));
}

TEST_F(RunnerTest, wakes_its_node_at_the_deadline) {
  const auto start = loop.now();
  alice.runner.perform(
      [&](node::Node&, TimePoint now, node::Effects&) { alice.node.alarm = now + 10ms; });

  EXPECT_TRUE(loop.run_until([&] { return alice.node.has_heard("wake"); }));
  EXPECT_GE(loop.now(), start + 10ms);
}

TEST_F(RunnerTest, lets_an_application_go_on_after_each_turn) {
  int turns = 0;
  bob.runner.after_turn([&] {
    ++turns;
    if (!bob.node.heard.empty() && std::exchange(bob.node.echoes, true) == false) {
      bob.perform(node::SendDatagram{*alice.node.addresses.sip.udp, "answer"});
    }
  });

  alice.perform(node::SendDatagram{*bob.node.addresses.sip.udp, "question"});

  EXPECT_TRUE(loop.run_until([&] { return alice.node.has_heard("datagram answer"); }));
  EXPECT_GE(turns, 1);
}

TEST_F(RunnerTest, refuses_more_streams_than_its_limit) {
  auto settings = RunningNode::loopback();
  settings.streams.max_streams = 1;
  RunningNode small{loop, settings};
  const auto first = connect_blocking(*small.node.addresses.sip.tcp);
  const auto second = connect_blocking(*small.node.addresses.sip.tcp);

  EXPECT_TRUE(loop.run_until([&] { return small.log.text().contains("too many"); }));

  EXPECT_THAT(small.node.heard, ElementsAre("tcp accepted"));
  char octet = 0;
  EXPECT_EQ(::recv(second.get(), &octet, 1, 0), 0);
}

TEST_F(RunnerTest, stops_after_what_was_written_has_left) {
  alice.perform(node::OpenStream{{1}, sip::Transport::tcp, *bob.node.addresses.sip.tcp});
  EXPECT_TRUE(loop.run_until([&] { return alice.node.has_heard("stream opened"); }));
  bool is_stopped = false;

  alice.perform(node::SendStream{{1}, "BYE"});
  alice.runner.stop([&] { is_stopped = true; });

  EXPECT_TRUE(loop.run_until([&] { return is_stopped; }));
  EXPECT_EQ(bob.node.received[2], "BYE");
  EXPECT_EQ(alice.runner.connections(), 0);
}

TEST_F(RunnerTest, may_be_destroyed_while_much_is_under_way) {
  auto carol = std::make_unique<RunningNode>(loop);
  carol->node.alarm = loop.now() + 1ms;
  carol->perform(
      node::OpenStream{{1}, sip::Transport::tcp, {"localhost", bob.node.addresses.sip.tcp->port}});
  carol->perform(msrp::Connect{{1}, "localhost", bob.node.addresses.msrp.port});
  carol->perform(node::SendDatagram{{"localhost", 9}, "hello"});
  alice.perform(node::SendDatagram{*carol->node.addresses.sip.udp, "hello"});
  const auto peer = connect_blocking(carol->node.addresses.msrp);

  carol.reset();

  loop.run_until([] { return false; }, 10ms);
}

}  // namespace
}  // namespace convene::io
