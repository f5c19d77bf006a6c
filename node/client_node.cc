#include "node/client_node.h"

#include <iterator>

namespace convene::node {

ClientNode::ClientNode(client::Settings settings, SipLinkSettings links, Surroundings surroundings,
                       msrp::BodyStore& bodies)
    : links_{std::move(links), surroundings}, client_{std::move(settings), surroundings, bodies} {}

void ClientNode::carry_out(client::Output output, TimePoint now, Effects& out) {
  for (const auto& send : output.sends) links_.send(send.message, send.destination, now, out);
  for (auto& effect : output.msrp)
    std::visit([&](auto& what) { out.emplace_back(std::move(what)); }, effect);
  events_.insert(events_.end(), std::make_move_iterator(output.events.begin()),
                 std::make_move_iterator(output.events.end()));
}

void ClientNode::arrived(SipLinks::Input input, TimePoint now, Effects& out) {
  client::Output output;
  for (auto& [message, source] : input.messages)
    client_.receive(std::move(message), source, now, output);
  for (const auto& destination : input.failed) client_.transport_failed(destination, now, output);
  carry_out(std::move(output), now, out);
}

void ClientNode::start(const Addresses& addresses, TimePoint now, Effects& out) {
  perform(
      [&](client::Client& client, client::Output& output) {
        client.start({.sip = addresses.sip, .msrp = addresses.msrp, .msrps = addresses.msrps}, now,
                     output);
      },
      now, out);
}

void ClientNode::datagram(const sip::HostPort& remote, std::string octets, TimePoint now,
                          Effects& out) {
  SipLinks::Input input;
  links_.datagram(remote, std::move(octets), now, input, out);
  arrived(std::move(input), now, out);
}

void ClientNode::sip_unreachable(const sip::HostPort& remote, TimePoint now, Effects& out) {
  SipLinks::Input input;
  links_.unreachable(remote, input);
  arrived(std::move(input), now, out);
}

void ClientNode::stream_accepted(sip::Flow flow, sip::Transport transport,
                                 const sip::HostPort& remote, TimePoint now, Effects& out) {
  links_.accepted(flow, transport, remote, now, out);
}

void ClientNode::stream_opened(sip::Flow flow, TimePoint now, Effects&) {
  links_.opened(flow, now);
}

void ClientNode::stream_received(sip::Flow flow, std::string_view octets, TimePoint now,
                                 Effects& out) {
  SipLinks::Input input;
  links_.received(flow, octets, now, input, out);
  arrived(std::move(input), now, out);
}

void ClientNode::stream_closed(sip::Flow flow, TimePoint now, Effects& out) {
  SipLinks::Input input;
  links_.closed(flow, input);
  arrived(std::move(input), now, out);
}

void ClientNode::msrp_accepted(msrp::ConnectionId connection, const msrp::Remote& remote,
                               TimePoint now, Effects& out) {
  perform([&](client::Client& client,
              client::Output& output) { client.msrp_accepted(connection, remote, now, output); },
          now, out);
}

void ClientNode::msrp_connected(msrp::ConnectionId connection, const msrp::Remote& remote,
                                TimePoint now, Effects& out) {
  perform([&](client::Client& client,
              client::Output& output) { client.msrp_connected(connection, remote, now, output); },
          now, out);
}

void ClientNode::msrp_closed(msrp::ConnectionId connection, TimePoint now, Effects& out) {
  perform([&](client::Client& client,
              client::Output& output) { client.msrp_closed(connection, now, output); },
          now, out);
}

std::span<std::byte> ClientNode::msrp_prepare(msrp::ConnectionId connection) {
  return client_.msrp_prepare(connection);
}

void ClientNode::msrp_commit(msrp::ConnectionId connection, std::size_t count, TimePoint now,
                             Effects& out) {
  perform([&](client::Client& client,
              client::Output& output) { client.msrp_commit(connection, count, now, output); },
          now, out);
}

void ClientNode::msrp_writable(msrp::ConnectionId connection, std::size_t budget, TimePoint now,
                               Effects& out) {
  perform([&](client::Client& client,
              client::Output& output) { client.msrp_writable(connection, budget, now, output); },
          now, out);
}

void ClientNode::msrp_written(msrp::ConnectionId connection, TimePoint now, Effects& out) {
  perform([&](client::Client& client,
              client::Output& output) { client.msrp_written(connection, now, output); },
          now, out);
}

void ClientNode::wake(TimePoint now, Effects& out) {
  SipLinks::Input input;
  links_.wake(now, input, out);
  arrived(std::move(input), now, out);
  perform([&](client::Client& client, client::Output& output) { client.wake(now, output); }, now,
          out);
}

Deadline ClientNode::deadline() const { return earliest(links_.deadline(), client_.deadline()); }

}  // namespace convene::node
