#pragma once

#include <type_traits>
#include <utility>
#include <vector>

#include "base/surroundings.h"
#include "client/client.h"
#include "msrp/body_store.h"
#include "node/node.h"
#include "node/sip_links.h"

namespace convene::node {

// One CPM Client, whole. Its application calls verbs through perform(), and takes the events that
// came about.
class ClientNode final : public Node {
 public:
  ClientNode(client::Settings settings, SipLinkSettings links, Surroundings surroundings,
             msrp::BodyStore& bodies);

  // Calls a verb: f(client::Client&, client::Output&). What it asks of the network is appended to
  // `out`.
  template <class F>
  auto perform(F f, TimePoint now, Effects& out) {
    client::Output output;
    if constexpr (std::is_void_v<decltype(f(client_, output))>) {
      f(client_, output);
      carry_out(std::move(output), now, out);
    } else {
      auto result = f(client_, output);
      carry_out(std::move(output), now, out);
      return result;
    }
  }

  // What the client has told since the last call, in order.
  std::vector<client::Event> take_events() { return std::exchange(events_, {}); }
  const client::Client& client() const { return client_; }

  void start(const Addresses& addresses, TimePoint now, Effects& out) override;
  void datagram(const sip::HostPort& remote, std::string octets, TimePoint now,
                Effects& out) override;
  void sip_unreachable(const sip::HostPort& remote, TimePoint now, Effects& out) override;
  void stream_accepted(sip::Flow flow, sip::Transport transport, const sip::HostPort& remote,
                       TimePoint now, Effects& out) override;
  void stream_opened(sip::Flow flow, TimePoint now, Effects& out) override;
  void stream_received(sip::Flow flow, std::string_view octets, TimePoint now,
                       Effects& out) override;
  void stream_closed(sip::Flow flow, TimePoint now, Effects& out) override;
  void msrp_accepted(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                     Effects& out) override;
  void msrp_connected(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                      Effects& out) override;
  void msrp_closed(msrp::ConnectionId connection, TimePoint now, Effects& out) override;
  std::span<std::byte> msrp_prepare(msrp::ConnectionId connection) override;
  void msrp_commit(msrp::ConnectionId connection, std::size_t count, TimePoint now,
                   Effects& out) override;
  void msrp_writable(msrp::ConnectionId connection, std::size_t budget, TimePoint now,
                     Effects& out) override;
  void msrp_written(msrp::ConnectionId connection, TimePoint now, Effects& out) override;
  void wake(TimePoint now, Effects& out) override;
  Deadline deadline() const override;

 private:
  void arrived(SipLinks::Input input, TimePoint now, Effects& out);
  void carry_out(client::Output output, TimePoint now, Effects& out);

  SipLinks links_;
  client::Client client_;
  std::vector<client::Event> events_;
};

}  // namespace convene::node
