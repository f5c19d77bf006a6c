#include "node/client_node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_side.h"

namespace convene::node {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

constexpr TimePoint start{};
const sip::HostPort server{"10.0.0.1", 5060};

client::Settings alice() {
  client::Settings settings;
  settings.address = "sip:alice@ims.example";
  settings.outbound =
      sip::Destination{.transport = sip::Transport::tcp, .address = server, .flow = {}};
  return settings;
}

struct ClientNodeTest : testing::Test {
  void SetUp() override {
    node.start({.sip = {.udp = {}, .tcp = sip::HostPort{"10.0.0.2", 5060}, .tls = {}},
                .msrp = {"10.0.0.2", 9}},
               start, effects);
  }
  sip::Flow register_user() {
    node.perform([](client::Client& c, client::Output& out) { c.register_user(start, out); }, start,
                 effects);
    const auto* open = effects.empty() ? nullptr : std::get_if<OpenStream>(&effects.front());
    EXPECT_TRUE(open && open->remote == server);
    return open ? open->flow : sip::Flow{};
  }
  template <class E>
  bool is_told() {
    return std::ranges::any_of(node.take_events(),
                               [](const auto& one) { return std::holds_alternative<E>(one); });
  }

  SeededRandom random{1};
  KeptLog log;
  Calendar calendar{start, {}};
  msrp::MemoryBodies bodies;
  ClientNode node{alice(), {}, {.random = random, .log = log, .calendar = calendar}, bodies};
  Effects effects;
};

// One connection, opened when it is needed, and octets after it.
TEST_F(ClientNodeTest, turns_a_verb_into_octets) {
  const auto flow = register_user();
  ASSERT_THAT(effects, SizeIs(2));
  const auto& send = std::get<SendStream>(effects[1]);
  EXPECT_EQ(send.flow, flow);
  EXPECT_TRUE(send.octets.starts_with("REGISTER sip:ims.example SIP/2.0\r\n"));
}

TEST_F(ClientNodeTest, turns_octets_into_an_event_that_is_told_once) {
  const auto flow = register_user();
  const auto request = *sip::parse_message(std::get<SendStream>(effects[1]).octets);
  auto ok = sip::make_response(request, 200, "server");
  ok.copy(sip::Name::contact, request);
  ok.add(sip::Name::expires, "3600");
  node.stream_opened(flow, start, effects);
  for (const char octet : to_text(ok)) node.stream_received(flow, {&octet, 1}, start, effects);
  EXPECT_TRUE(is_told<client::Registered>());
  EXPECT_THAT(node.take_events(), IsEmpty());
}

// What will not be answered is over at once.
TEST_F(ClientNodeTest, tells_its_client_of_a_connection_that_is_lost) {
  const auto flow = register_user();
  node.stream_closed(flow, start, effects);
  EXPECT_TRUE(is_told<client::RegistrationFailed>());
}

TEST_F(ClientNodeTest, does_nothing_about_connections_that_it_does_not_know) {
  node.stream_received({7}, "SIP/2.0 200 OK\r\n\r\n", start, effects);
  node.stream_closed({7}, start, effects);
  node.msrp_connected({7}, {}, start, effects);
  node.msrp_commit({7}, 1, start, effects);
  node.msrp_closed({7}, start, effects);
  EXPECT_THAT(effects, IsEmpty());
  EXPECT_THAT(node.msrp_prepare({7}), IsEmpty());
  EXPECT_THAT(node.take_events(), IsEmpty());
}

// The request's timer F, before the stream is idle for too long. RFC 3261 17.1.2.2
TEST_F(ClientNodeTest, wants_to_be_woken_when_the_first_of_its_machines_does) {
  EXPECT_EQ(node.deadline(), Deadline{});
  register_user();
  EXPECT_EQ(node.deadline(), Deadline{start + 32s});
}

}  // namespace
}  // namespace convene::node
