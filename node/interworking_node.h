#pragma once

#include "base/surroundings.h"
#include "isf/interworking_function.h"
#include "node/node.h"
#include "node/sip_links.h"

namespace convene::node {

// The Interworking Selection Function of a lab, whole, at an address of its own.
class InterworkingNode final : public Node {
 public:
  InterworkingNode(isf::Settings settings, Surroundings surroundings);

  const isf::InterworkingFunction& function() const { return function_; }

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
  void carry_out(isf::Output output, TimePoint now, Effects& out);

  SipLinks links_;
  isf::InterworkingFunction function_;
};

}  // namespace convene::node
