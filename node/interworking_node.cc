#include "node/interworking_node.h"

namespace convene::node {

InterworkingNode::InterworkingNode(isf::Settings settings, Surroundings surroundings)
    : links_{{}, surroundings}, function_{std::move(settings), surroundings} {}

void InterworkingNode::carry_out(isf::Output output, TimePoint now, Effects& out) {
  for (const auto& send : output.sends) links_.send(send.message, send.destination, now, out);
  for (auto& effect : output.msrp)
    std::visit([&](auto& what) { out.emplace_back(std::move(what)); }, effect);
}

// RFC 3261 16.4: what was routed to us is at its end here.
void InterworkingNode::arrived(SipLinks::Input input, TimePoint now, Effects& out) {
  isf::Output output;
  for (auto& [message, source] : input.messages) {
    if (message.is_request()) message.remove(sip::Name::route);
    function_.receive(std::move(message), source, now, output);
  }
  for (const auto& destination : input.failed) function_.transport_failed(destination, now, output);
  carry_out(std::move(output), now, out);
}

void InterworkingNode::start(const Addresses& addresses, TimePoint, Effects&) {
  function_.start({.sip = addresses.sip, .msrp = addresses.msrp});
}

void InterworkingNode::datagram(const sip::HostPort& remote, std::string octets, TimePoint now,
                                Effects& out) {
  SipLinks::Input input;
  links_.datagram(remote, std::move(octets), now, input, out);
  arrived(std::move(input), now, out);
}

void InterworkingNode::sip_unreachable(const sip::HostPort& remote, TimePoint now, Effects& out) {
  SipLinks::Input input;
  links_.unreachable(remote, input);
  arrived(std::move(input), now, out);
}

void InterworkingNode::stream_accepted(sip::Flow flow, sip::Transport transport,
                                       const sip::HostPort& remote, TimePoint now, Effects& out) {
  links_.accepted(flow, transport, remote, now, out);
}

void InterworkingNode::stream_opened(sip::Flow flow, TimePoint now, Effects&) {
  links_.opened(flow, now);
}

void InterworkingNode::stream_received(sip::Flow flow, std::string_view octets, TimePoint now,
                                       Effects& out) {
  SipLinks::Input input;
  links_.received(flow, octets, now, input, out);
  arrived(std::move(input), now, out);
}

void InterworkingNode::stream_closed(sip::Flow flow, TimePoint now, Effects& out) {
  SipLinks::Input input;
  links_.closed(flow, input);
  arrived(std::move(input), now, out);
}

// Nobody has a reason to connect: all our media are active.
void InterworkingNode::msrp_accepted(msrp::ConnectionId connection, const msrp::Remote&, TimePoint,
                                     Effects& out) {
  out.emplace_back(msrp::Close{connection});
}

void InterworkingNode::msrp_connected(msrp::ConnectionId connection, const msrp::Remote& remote,
                                      TimePoint now, Effects& out) {
  isf::Output output;
  function_.msrp_connected(connection, remote, now, output);
  carry_out(std::move(output), now, out);
}

void InterworkingNode::msrp_closed(msrp::ConnectionId connection, TimePoint now, Effects& out) {
  isf::Output output;
  function_.msrp_closed(connection, now, output);
  carry_out(std::move(output), now, out);
}

std::span<std::byte> InterworkingNode::msrp_prepare(msrp::ConnectionId connection) {
  return function_.msrp_prepare(connection);
}

void InterworkingNode::msrp_commit(msrp::ConnectionId connection, std::size_t count, TimePoint now,
                                   Effects& out) {
  isf::Output output;
  function_.msrp_commit(connection, count, now, output);
  carry_out(std::move(output), now, out);
}

void InterworkingNode::msrp_writable(msrp::ConnectionId connection, std::size_t budget,
                                     TimePoint now, Effects& out) {
  isf::Output output;
  function_.msrp_writable(connection, budget, now, output);
  carry_out(std::move(output), now, out);
}

void InterworkingNode::msrp_written(msrp::ConnectionId connection, TimePoint now, Effects& out) {
  isf::Output output;
  function_.msrp_written(connection, now, output);
  carry_out(std::move(output), now, out);
}

void InterworkingNode::wake(TimePoint now, Effects& out) {
  SipLinks::Input input;
  links_.wake(now, input, out);
  arrived(std::move(input), now, out);
  isf::Output output;
  function_.wake(now, output);
  carry_out(std::move(output), now, out);
}

Deadline InterworkingNode::deadline() const {
  return earliest(links_.deadline(), function_.deadline());
}

}  // namespace convene::node
