#include "sim/streams.h"

#include <gmock/gmock.h>

#include "sim/failure_report.h"
#include "sim/test_node.h"

namespace convene::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::string pattern(std::size_t octets, std::uint64_t seed) {
  std::string text(octets, '\0');
  SeededRandom{seed}.fill(std::as_writable_bytes(std::span{text}));
  return text;
}

struct StreamsTest : testing::Test {
  StreamsTest() {
    world.add("alice", "10.0.0.1", make_test_node);
    world.add("bob", "10.0.0.2", make_test_node);
  }

  void give(std::string_view from, node::Effect effect) {
    world.perform(from,
                  [&](auto&, TimePoint, node::Effects& out) { out.push_back(std::move(effect)); });
  }
  void connect_msrp() { give("alice", msrp::Connect{{1}, "10.0.0.2", 2855}); }
  void connect_sip() {
    give("alice", node::OpenStream{{1}, sip::Transport::tcp, {"10.0.0.2", 5060}});
  }
  void send(std::string_view from, msrp::ConnectionId connection, msrp::Piece piece) {
    world.perform<TestNode>(from, [&](TestNode& node, TimePoint, node::Effects& out) {
      node.send(connection, std::move(piece), out);
    });
  }
  TestNode& alice() { return world.get<TestNode>("alice"); }
  TestNode& bob() { return world.get<TestNode>("bob"); }

  World world{{.seed = seed_of_run(1)}};
  FailureReport report{world};
};

TEST_F(StreamsTest, carry_sip_both_ways) {
  bob().echoes = true;
  connect_sip();
  give("alice", node::SendStream{{1}, "kept until it is open"});
  world.settle();

  EXPECT_THAT(alice().heard, ElementsAre("stream opened"));
  EXPECT_THAT(bob().heard, ElementsAre("stream accepted 10.0.0.1"));
  EXPECT_EQ(bob().last_flow.value % 2, 0);
  EXPECT_EQ(alice().received[1], "kept until it is open");
}

TEST_F(StreamsTest, carry_megabytes_in_order_however_they_are_cut) {
  bob().echoes = true;
  const auto octets = pattern(1'000'000, 1);
  connect_msrp();
  world.settle();

  send("alice", {1}, octets);
  world.settle();

  EXPECT_TRUE(bob().msrp_received[bob().last_connection] == octets);
  EXPECT_TRUE(alice().msrp_received[{1}] == octets);
  EXPECT_GE(alice().written, 1);
}

TEST_F(StreamsTest, send_slices_of_bodies_even_when_they_are_dropped_at_once) {
  connect_msrp();
  world.settle();
  const auto body = world.bodies("alice").adopt(pattern(300'000, 2));

  world.perform<TestNode>("alice", [&](TestNode& node, TimePoint, node::Effects& out) {
    out.push_back(msrp::Write{{1}, {"head", msrp::BodySlice{body, 100'000, 200'000}, "tail"}});
    node.machine.bodies.drop(body);
  });
  world.settle();

  EXPECT_TRUE(bob().msrp_received[bob().last_connection] ==
              "head" + pattern(300'000, 2).substr(100'000) + "tail");
  EXPECT_EQ(world.bodies("alice").bodies(), 0);
}

TEST_F(StreamsTest, stop_being_writable_when_the_other_side_does_not_read) {
  connect_msrp();
  world.settle();
  world.stop_reading("bob");

  for (int i = 0; i < 100; ++i) send("alice", {1}, std::string(65'536, 'x'));
  world.settle();

  // One Write of the budget was taken: half of it is under way, the rest waits in the machine.
  EXPECT_EQ(alice().waiting[{1}].size(), 96);
  EXPECT_EQ(alice().written, 0);
  world.resume_reading("bob");
  world.settle();
  EXPECT_THAT(alice().waiting[{1}], IsEmpty());
  EXPECT_EQ(bob().msrp_received[bob().last_connection].size(), 6'553'600);
}

TEST_F(StreamsTest, keep_to_the_rate_of_the_link) {
  connect_msrp();
  world.settle();
  world.set_link({.octets_per_second = 100'000});
  const auto begin = world.now();

  send("alice", {1}, std::string(1'000'000, 'x'));
  const bool all = world.run_until(
      [&] { return bob().msrp_received[bob().last_connection].size() == 1'000'000; });

  EXPECT_TRUE(all);
  EXPECT_NEAR(static_cast<double>((world.now() - begin) / 1ms), 10'000, 100);
}

TEST_F(StreamsTest, are_refused_by_who_does_not_listen) {
  world.refuse_streams("bob");
  connect_sip();
  connect_msrp();
  give("alice", msrp::Connect{{3}, "10.0.0.2", 9});
  give("alice", msrp::Connect{{5}, "nobody.example.com", 2855});
  world.settle();

  EXPECT_THAT(alice().heard,
              UnorderedElementsAre("msrp closed", "stream closed", "msrp closed", "msrp closed"));
  EXPECT_EQ(world.open_streams(), 0);
}

TEST_F(StreamsTest, give_up_connecting_when_nobody_answers) {
  world.cut("alice", "bob");
  const auto begin = world.now();
  connect_msrp();

  EXPECT_TRUE(world.run_until([&] { return !alice().heard.empty(); }));

  EXPECT_THAT(alice().heard, ElementsAre("msrp closed"));
  EXPECT_LE(world.now() - begin, 11s);
}

TEST_F(StreamsTest, are_closed_for_the_other_side_after_everything_has_arrived) {
  connect_msrp();
  world.settle();
  const auto octets = pattern(500'000, 3);

  give("alice", msrp::Write{{1}, {octets}});
  give("alice", msrp::Close{{1}});
  world.settle();

  EXPECT_TRUE(bob().msrp_received[bob().last_connection] == octets);
  EXPECT_THAT(bob().heard, ElementsAre("msrp accepted 10.0.0.1", "msrp closed"));
  EXPECT_THAT(alice().heard, ElementsAre("msrp connected"));
  EXPECT_EQ(world.open_streams(), 0);
}

TEST_F(StreamsTest, are_reset_for_both_by_the_network) {
  connect_msrp();
  world.settle();

  world.reset_streams("alice", "bob");

  EXPECT_THAT(alice().heard, ElementsAre("msrp connected", "msrp closed"));
  EXPECT_THAT(bob().heard, ElementsAre("msrp accepted 10.0.0.1", "msrp closed"));
}

TEST_F(StreamsTest, outlive_a_short_partition) {
  connect_msrp();
  world.settle();
  const auto octets = pattern(100'000, 4);

  world.cut("alice", "bob");
  send("alice", {1}, octets);
  world.run_for(5s);
  EXPECT_EQ(bob().msrp_received[bob().last_connection], "");
  world.heal("alice", "bob");
  world.run_for(10s);

  EXPECT_TRUE(bob().msrp_received[bob().last_connection] == octets);
}

TEST_F(StreamsTest, break_when_a_partition_lasts) {
  connect_msrp();
  world.settle();

  world.cut("alice", "bob");
  send("alice", {1}, "hello");
  world.run_for(3min);

  EXPECT_THAT(alice().heard, ElementsAre("msrp connected", "msrp closed"));
  EXPECT_EQ(world.open_streams(), 0);
}

TEST_F(StreamsTest, are_reset_when_the_process_at_the_other_end_dies) {
  connect_msrp();
  connect_sip();
  world.settle();

  world.crash("bob");
  world.settle();

  EXPECT_THAT(alice().heard,
              ElementsAre("msrp connected", "stream opened", "msrp closed", "stream closed"));
  EXPECT_EQ(world.open_streams(), 0);
}

TEST_F(StreamsTest, notice_a_silent_death_only_when_they_send) {
  connect_msrp();
  world.settle();
  world.crash("bob", Death::silent);
  world.run_for(10min);
  EXPECT_THAT(alice().heard, ElementsAre("msrp connected"));

  world.restart("bob");
  send("alice", {1}, "anybody there?");
  world.settle();

  EXPECT_THAT(alice().heard, ElementsAre("msrp connected", "msrp closed"));
  EXPECT_THAT(bob().msrp_received, IsEmpty());
}

TEST_F(StreamsTest, let_a_restarted_node_use_its_numbers_again) {
  connect_msrp();
  world.settle();
  world.restart("alice");

  connect_msrp();
  world.settle();
  send("alice", {1}, "again");
  world.settle();

  EXPECT_EQ(bob().msrp_received[bob().last_connection], "again");
  EXPECT_EQ(world.open_streams(), 1);
}

}  // namespace
}  // namespace convene::sim
