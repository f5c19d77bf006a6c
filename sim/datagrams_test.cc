#include <gmock/gmock.h>

#include "sim/test_node.h"

namespace convene::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

struct DatagramsTest : testing::Test {
  DatagramsTest() : DatagramsTest{WorldSettings{}} {}
  explicit DatagramsTest(WorldSettings settings) : world{settings} {
    world.add("alice", "10.0.0.1", make_test_node);
    world.add("bob", "10.0.0.2", make_test_node);
  }

  void send(std::string_view from, const sip::HostPort& to, std::string octets) {
    world.perform(from, [&](auto&, TimePoint, node::Effects& out) {
      out.push_back(node::SendDatagram{to, octets});
    });
  }
  TestNode& alice() { return world.get<TestNode>("alice"); }
  TestNode& bob() { return world.get<TestNode>("bob"); }

  World world;
  const sip::HostPort to_bob{"10.0.0.2", 5060};
};

TEST_F(DatagramsTest, arrive_after_the_delay_of_the_link) {
  world.set_link("alice", "bob", {.delay = 20ms});

  send("alice", to_bob, "hello");
  world.settle();

  EXPECT_THAT(bob().heard, ElementsAre("datagram 10.0.0.1 hello"));
  EXPECT_THAT(bob().heard_at, ElementsAre(world.start() + 20ms));
  const Sent logged{.time = world.start(), .from = "alice", .to = "bob", .octets = "hello"};
  EXPECT_THAT(world.wire(), ElementsAre(logged));
}

TEST_F(DatagramsTest, find_a_node_by_its_dns_name) {
  world.name("bob.example.com", "bob");

  send("alice", {"bob.example.com", 0}, "hello");
  world.settle();

  EXPECT_THAT(bob().heard, ElementsAre("datagram 10.0.0.1 hello"));
}

TEST_F(DatagramsTest, are_reported_unreachable_when_the_name_is_unknown_or_the_process_is_down) {
  world.crash("bob");

  send("alice", {"nobody.example.com", 5060}, "one");
  send("alice", to_bob, "two");
  world.settle();

  EXPECT_THAT(alice().heard, ElementsAre("unreachable nobody.example.com", "unreachable 10.0.0.2"));
}

TEST_F(DatagramsTest, vanish_when_the_machine_is_dark_or_the_link_is_cut) {
  world.crash("bob", Death::silent);
  send("alice", to_bob, "one");
  world.settle();
  world.restart("bob");
  world.cut("alice", "bob");
  send("alice", to_bob, "two");
  world.settle();
  world.heal("alice", "bob");
  send("alice", to_bob, "three");
  world.settle();

  EXPECT_THAT(alice().heard, IsEmpty());
  EXPECT_THAT(bob().heard, ElementsAre("datagram 10.0.0.1 three"));
}

TEST_F(DatagramsTest, are_lost_and_doubled_at_the_rate_of_the_link) {
  world.set_link({.loss = 0.1, .duplication = 0.05});

  for (int i = 0; i < 20'000; ++i) send("alice", to_bob, "x");
  world.settle();

  // 20,000 * 1.05 copies, each arrives with 0.9.
  EXPECT_NEAR(static_cast<double>(bob().heard.size()), 18'900, 400);
  EXPECT_EQ(world.counters().datagrams_delivered, bob().heard.size());
}

TEST_F(DatagramsTest, overtake_each_other_on_a_reordering_link) {
  world.set_link({.delay = 5ms, .reordering = 0.1});

  for (int i = 0; i < 100; ++i) {
    send("alice", to_bob, std::to_string(1'000 + i));
    world.run_for(1ms);
  }
  world.settle();

  EXPECT_EQ(bob().heard.size(), 100);
  EXPECT_FALSE(std::ranges::is_sorted(bob().heard));
}

}  // namespace
}  // namespace convene::sim
