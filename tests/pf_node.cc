#include "tests/pf_node.h"

#include <utility>

#include "cpm/identity.h"
#include "sip/fields.h"

namespace convene::tests {

PfNode::PfNode(registrar::Settings settings, Surroundings surroundings)
    : settings_{std::move(settings)}, surroundings_{surroundings}, links_{{}, surroundings} {}

void PfNode::start(const node::Addresses& addresses, TimePoint, node::Effects&) {
  settings_.layer.branch_mark = "pf";
  settings_.layer.addresses = addresses.sip;
}

void PfNode::set_focus(const sip::HostPort& focus) {
  focus_ = focus;
  settings_.services_at = {.transport = sip::Transport::tcp, .address = focus, .flow = {}};
  registrar_.emplace(settings_, surroundings_);
}

// On one machine everybody has the same address: what tells the focus apart is the port in its Via.
bool PfNode::is_from_focus(const sip::Message& message) const {
  const auto values = message.values(sip::Name::via);
  if (!message.is_request() || values.empty()) return false;
  const auto via = sip::parse_via(values.front());
  return via && via->sent_by == focus_;
}

void PfNode::arrived(node::SipLinks::Input input, TimePoint now, node::Effects& out) {
  registrar::Output output;
  for (auto& [message, source] : input.messages) {
    source.is_trusted = is_from_focus(message);
    if (!source.is_trusted) cpm::strip_assertions(message);  // RFC 3325 5
    registrar_->receive(std::move(message), source, now, output);
  }
  for (const auto& destination : input.failed)
    registrar_->transport_failed(destination, now, output);
  send(output, now, out);
}

void PfNode::send(const registrar::Output& output, TimePoint now, node::Effects& out) {
  for (const auto& one : output.sends) links_.send(one.message, one.destination, now, out);
}

void PfNode::datagram(const sip::HostPort& remote, std::string octets, TimePoint now,
                      node::Effects& out) {
  node::SipLinks::Input input;
  links_.datagram(remote, std::move(octets), now, input, out);
  arrived(std::move(input), now, out);
}

void PfNode::sip_unreachable(const sip::HostPort& remote, TimePoint now, node::Effects& out) {
  node::SipLinks::Input input;
  links_.unreachable(remote, input);
  arrived(std::move(input), now, out);
}

void PfNode::stream_accepted(sip::Flow flow, sip::Transport transport, const sip::HostPort& remote,
                             TimePoint now, node::Effects& out) {
  links_.accepted(flow, transport, remote, now, out);
}

void PfNode::stream_opened(sip::Flow flow, TimePoint now, node::Effects&) {
  links_.opened(flow, now);
}

void PfNode::stream_received(sip::Flow flow, std::string_view octets, TimePoint now,
                             node::Effects& out) {
  node::SipLinks::Input input;
  links_.received(flow, octets, now, input, out);
  arrived(std::move(input), now, out);
}

void PfNode::stream_closed(sip::Flow flow, TimePoint now, node::Effects& out) {
  node::SipLinks::Input input;
  links_.closed(flow, input);
  arrived(std::move(input), now, out);
}

void PfNode::wake(TimePoint now, node::Effects& out) {
  node::SipLinks::Input input;
  links_.wake(now, input, out);
  arrived(std::move(input), now, out);
  if (!registrar_) return;
  registrar::Output output;
  registrar_->wake(now, output);
  send(output, now, out);
}

Deadline PfNode::deadline() const {
  return registrar_ ? earliest(links_.deadline(), registrar_->deadline()) : links_.deadline();
}

}  // namespace convene::tests
