#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/surroundings.h"
#include "node/node.h"
#include "node/sip_links.h"
#include "registrar/registrar.h"

namespace convene::tests {

// What stands between the clients and the focus in the flows: our registrar, alone on a machine of
// its own, so that the leg at the focus is on the wire too. It carries no MSRP.
class PfNode final : public node::Node {
 public:
  PfNode(registrar::Settings settings, Surroundings surroundings);

  // Where requests to the services go from now on, and whose word counts. Before the first message.
  void set_focus(const sip::HostPort& focus);

  void start(const node::Addresses& addresses, TimePoint now, node::Effects& out) override;
  void datagram(const sip::HostPort& remote, std::string octets, TimePoint now,
                node::Effects& out) override;
  void sip_unreachable(const sip::HostPort& remote, TimePoint now, node::Effects& out) override;
  void stream_accepted(sip::Flow flow, sip::Transport transport, const sip::HostPort& remote,
                       TimePoint now, node::Effects& out) override;
  void stream_opened(sip::Flow flow, TimePoint now, node::Effects& out) override;
  void stream_received(sip::Flow flow, std::string_view octets, TimePoint now,
                       node::Effects& out) override;
  void stream_closed(sip::Flow flow, TimePoint now, node::Effects& out) override;
  void msrp_accepted(msrp::ConnectionId, const msrp::Remote&, TimePoint, node::Effects&) override {}
  void msrp_connected(msrp::ConnectionId, const msrp::Remote&, TimePoint, node::Effects&) override {
  }
  void msrp_closed(msrp::ConnectionId, TimePoint, node::Effects&) override {}
  std::span<std::byte> msrp_prepare(msrp::ConnectionId) override { return {}; }
  void msrp_commit(msrp::ConnectionId, std::size_t, TimePoint, node::Effects&) override {}
  void msrp_writable(msrp::ConnectionId, std::size_t, TimePoint, node::Effects&) override {}
  void msrp_written(msrp::ConnectionId, TimePoint, node::Effects&) override {}
  void wake(TimePoint now, node::Effects& out) override;
  Deadline deadline() const override;

  std::size_t transactions() const { return registrar_ ? registrar_->transactions() : 0; }

 private:
  void arrived(node::SipLinks::Input input, TimePoint now, node::Effects& out);
  void send(const registrar::Output& output, TimePoint now, node::Effects& out);
  bool is_from_focus(const sip::Message& message) const;

  registrar::Settings settings_;
  sip::HostPort focus_;
  Surroundings surroundings_;
  node::SipLinks links_;
  std::optional<registrar::Registrar> registrar_;  // set from set_focus() on
};

}  // namespace convene::tests
