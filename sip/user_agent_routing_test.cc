#include "sip/test_user_agents.h"

namespace convene::sip {
namespace {

using testing::ElementsAre;

using UserAgentRoutingTest = UserAgentTest;

// RFC 3261 8.1.2: Route decides, or the outbound proxy.
TEST_F(UserAgentRoutingTest, sends_to_the_first_route_or_the_outbound_proxy) {
  auto routed = request_to("MESSAGE", alice, bob);
  routed.add(Name::route, "<sip:192.0.2.50;transport=tcp;lr>");
  request(std::move(routed));
  EXPECT_EQ(network.trace.back().to.address.host, "192.0.2.50");
  EXPECT_EQ(network.trace.back().to.transport, Transport::tcp);

  auto settings = network.settings("192.0.2.3");
  settings.outbound =
      Destination{.transport = Transport::tcp, .address = {"192.0.2.60", 0}, .flow = Flow{9}};
  auto& carol = network.add(std::move(settings));
  network.act(carol, [&](TimePoint now, UserAgentOutput& out) {
    carol.agent.request(request_to("MESSAGE", carol, bob), now, out);
  });
  EXPECT_EQ(network.trace.back().to.address.host, "192.0.2.60");
  EXPECT_EQ(network.trace.back().to.flow, Flow{9});
}

TEST_F(UserAgentRoutingTest, answers_by_itself_when_there_is_no_way) {
  auto lost = request_to("MESSAGE", alice, bob);
  lost.set_uri("tel:+15551234");
  request(std::move(lost));
  EXPECT_THAT(alice.finals(), ElementsAre(503));
}

TEST_F(UserAgentRoutingTest, tells_when_the_transport_fails) {
  request("MESSAGE");
  const auto to = network.trace.back().to;
  network.act(alice, [&](TimePoint now, UserAgentOutput& out) {
    alice.agent.transport_failed(to, now, out);
  });
  EXPECT_THAT(alice.finals(), ElementsAre(503));
}

}  // namespace
}  // namespace convene::sip
