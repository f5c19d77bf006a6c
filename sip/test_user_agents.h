#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "sip/test_network.h"

// For tests of the user agent: Alice, Bob, and what their users do.
namespace convene::sip {

using namespace std::chrono_literals;

struct UserAgentTest : testing::Test {
  using Fields = std::vector<std::pair<Name, std::string>>;

  // Alice asks Bob, outside a dialog.
  RequestId request(Message message) {
    return network.act(alice, [&](TimePoint now, UserAgentOutput& out) {
      return alice.agent.request(std::move(message), now, out);
    });
  }
  RequestId request(std::string_view method) { return request(request_to(method, alice, bob)); }
  void cancel(RequestId id) {
    network.act(alice,
                [&](TimePoint now, UserAgentOutput& out) { alice.agent.cancel(id, now, out); });
  }
  // Answers the request that `party` heard last.
  std::optional<DialogId> respond(Party& party, int status, const Fields& fields = {}) {
    const auto heard = party.told<RequestReceived>().back();
    auto response = party.agent.respond_to(heard.request, status);
    response.add(Name::contact, "<sip:" + party.host + ">");
    for (const auto& [name, value] : fields) response.add(name, value);
    return network.act(party, [&](TimePoint now, UserAgentOutput& out) {
      return party.agent.respond(heard.transaction, std::move(response), now, out);
    });
  }
  RequestId request_in(Party& party, DialogId dialog, Message message) {
    return *network.act(party, [&](TimePoint now, UserAgentOutput& out) {
      return party.agent.request_in(dialog, std::move(message), now, out);
    });
  }
  void bye(Party& party, DialogId dialog) {
    network.act(party, [&](TimePoint now, UserAgentOutput& out) {
      party.agent.bye(dialog, {{Name::reason, "SIP;cause=200;text=\"Call completed\""}}, now, out);
    });
  }
  // Alice invites Bob, who accepts. Their dialogs.
  std::pair<DialogId, DialogId> call() {
    bob.answers["INVITE"] = 200;
    request("INVITE");
    network.run(1s);
    return {*alice.told<ResponseReceived>().back().dialog, bob.accepted.back()};
  }
  // How often `party` sent such a message: "ACK", "200".
  int sent(const Party& party, std::string_view word) const {
    int count = 0;
    for (const auto& packet : network.trace) {
      const auto begins =
          packet.octets.starts_with("SIP/2.0 ") ? packet.octets.substr(8) : packet.octets;
      if (packet.from.address.host == party.host && begins.starts_with(word)) ++count;
    }
    return count;
  }
  void expect_nothing_left() {
    network.run(40s);
    for (auto& party : network.parties) {
      EXPECT_EQ(party.agent.transactions(), 0U) << party.host;
      EXPECT_EQ(party.agent.dialogs(), 0U) << party.host;
      EXPECT_EQ(party.agent.deadline(), Deadline{}) << party.host;
    }
  }

  MiniNetwork network;
  Party& alice = network.add("192.0.2.1");
  Party& bob = network.add("192.0.2.2");
};

}  // namespace convene::sip
