#include "sim/world.h"

#include <gmock/gmock.h>

#include "sim/test_node.h"

namespace convene::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(World, tells_a_node_where_it_can_be_reached) {
  World world;
  world.add("cf", "10.0.0.1", make_test_node);
  world.add("client", HostSettings{.address = "10.0.0.2", .accepts_streams = false},
            make_test_node);

  const auto& addresses = world.get<TestNode>("cf").addresses;
  EXPECT_EQ(addresses.sip.udp, (sip::HostPort{"10.0.0.1", 5060}));
  EXPECT_EQ(addresses.sip.tls, (sip::HostPort{"10.0.0.1", 5061}));
  EXPECT_EQ(addresses.msrp, (sip::HostPort{"10.0.0.1", 2855}));
  EXPECT_EQ(world.get<TestNode>("client").addresses.msrp.port, 9);
}

TEST(World, wakes_a_node_at_its_deadline) {
  World world;
  world.add("cf", "10.0.0.1", make_test_node);
  world.perform<TestNode>(
      "cf", [](TestNode& node, TimePoint now, node::Effects&) { node.alarm = now + 32s; });

  world.run_until(world.start() + 31'999ms);
  EXPECT_THAT(world.get<TestNode>("cf").heard, IsEmpty());

  world.run_until(world.start() + 32s);
  EXPECT_THAT(world.get<TestNode>("cf").heard, ElementsAre("wake"));
  EXPECT_EQ(world.now(), world.start() + 32s);
}

TEST(World, finds_a_node_whose_deadline_stays_in_the_past) {
  struct Stuck : TestNode {
    using TestNode::TestNode;
    Deadline deadline() const override { return TimePoint{}; }
  };
  World world;
  world.add("cf", "10.0.0.1", [](Machine machine) { return std::make_unique<Stuck>(machine); });

  EXPECT_THROW(world.run_for(1ms), std::logic_error);
}

TEST(World, forgets_timers_of_a_crashed_node_and_makes_a_new_one_at_its_restart) {
  World world;
  int made = 0;
  world.add("cf", "10.0.0.1", [&](Machine machine) {
    ++made;
    return make_test_node(machine);
  });
  world.perform<TestNode>(
      "cf", [](TestNode& node, TimePoint now, node::Effects&) { node.alarm = now + 1s; });
  world.bodies("cf").adopt("a file that dies with the process");

  world.crash("cf");
  EXPECT_FALSE(world.is_up("cf"));
  world.run_for(2s);
  world.restart("cf");
  world.run_for(2s);

  EXPECT_EQ(made, 2);
  EXPECT_THAT(world.get<TestNode>("cf").heard, IsEmpty());
  EXPECT_EQ(world.bodies("cf").bodies(), 0);
}

TEST(World, crashes_a_node_between_two_of_its_effects) {
  World world;
  world.add("cf", "10.0.0.1", make_test_node);
  world.add("bob", "10.0.0.2", make_test_node);
  world.crash_at_effect("cf", 2);

  world.perform("cf", [](auto&, TimePoint, node::Effects& out) {
    for (const auto* const text : {"one", "two", "three"})
      out.push_back(node::SendDatagram{{"10.0.0.2", 5060}, text});
  });
  world.settle();

  EXPECT_FALSE(world.is_up("cf"));
  EXPECT_THAT(world.get<TestNode>("bob").heard, ElementsAre("datagram 10.0.0.1 one"));
}

TEST(World, lets_an_application_go_on_after_each_input) {
  World world;
  world.add("alice", "10.0.0.1", make_test_node);
  world.add("bob", "10.0.0.2", make_test_node);
  world.after_input("bob", [](node::Node& node, TimePoint, node::Effects& out) {
    if (!dynamic_cast<TestNode&>(node).heard.empty())
      out.push_back(node::SendDatagram{{"10.0.0.1", 5060}, "answer"});
  });

  world.perform("alice", [](auto&, TimePoint, node::Effects& out) {
    out.push_back(node::SendDatagram{{"10.0.0.2", 5060}, "question"});
  });
  world.settle();

  EXPECT_THAT(world.get<TestNode>("alice").heard, ElementsAre("datagram 10.0.0.2 answer"));
}

TEST(World, keeps_one_log_of_all_nodes) {
  World world;
  world.add("cf", "10.0.0.1", make_test_node);
  world.run_for(12ms);

  world.get<TestNode>("cf").machine.surroundings.log.info("controlling", "a group begins",
                                                          {{"group", "g1"}});

  EXPECT_THAT(world.log(), HasSubstr("12 ms  cf  info  controlling  a group begins  group=g1"));
}

// Three nodes that echo each other's datagrams and octets over a bad network.
std::vector<Sent> wire_of(std::uint64_t seed) {
  World world{
      {.seed = seed, .link = {.jitter = 10ms, .loss = 0.1, .duplication = 0.1, .reordering = 0.1}}};
  for (const auto* const name : {"a", "b", "c"}) {
    world.add(name, "10.0.0." + std::string{name}, make_test_node);
    world.get<TestNode>(name).echoes = true;
  }
  for (int i = 0; i < 5; ++i) {
    world.perform("a", [&](auto& node, TimePoint, node::Effects& out) {
      const auto token = random_token(dynamic_cast<TestNode&>(node).machine.surroundings.random, 8);
      out.push_back(node::SendDatagram{{"10.0.0.b", 5060}, token});
      out.push_back(msrp::Connect{{static_cast<std::uint64_t>(2 * i + 1)}, "10.0.0.c", 2855});
      dynamic_cast<TestNode&>(node).send({static_cast<std::uint64_t>(2 * i + 1)},
                                         "MSRP " + token + " SEND\r\n\r\n-------" + token + "$\r\n",
                                         out);
    });
  }
  world.run_for(2s);
  return world.wire();
}

TEST(World, is_the_same_for_the_same_seed) {
  const auto first = wire_of(7);

  EXPECT_GT(first.size(), 50);
  EXPECT_TRUE(first == wire_of(7));
  EXPECT_FALSE(first == wire_of(8));
}

}  // namespace
}  // namespace convene::sim
