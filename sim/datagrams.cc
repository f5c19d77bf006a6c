#include "sim/datagrams.h"

#include <algorithm>

namespace convene::sim {

namespace {

constexpr std::uint16_t default_sip_port = 5060;
constexpr std::size_t max_datagram_octets = 65'507;

}  // namespace

bool is_numeric(std::string_view host) {
  return host.contains(':') || host.find_first_not_of("0123456789.") == host.npos;
}

void Datagrams::send(Host& from, const sip::HostPort& remote, std::string octets) {
  ++core_.counters.datagrams_sent;
  auto* const to = core_.find(remote.host);
  const auto port = remote.port == 0 ? default_sip_port : remote.port;
  if (!to || port != to->settings.sip_port || octets.size() > max_datagram_octets) {
    ++core_.counters.datagrams_lost;
    core_.record(from, to ? to->name : remote.host, Protocol::sip_udp, std::move(octets), true);
    if (to || !is_numeric(remote.host)) tell_unreachable(from, remote);
    return;
  }

  const auto link = core_.link(from, *to);
  const int copies = core_.chance(link.duplication) ? 2 : 1;
  int arriving = 0;
  for (int copy = 0; copy < copies; ++copy) {
    if (!core_.is_reachable(from, *to) || core_.chance(link.loss)) continue;
    ++arriving;
    travel(from, *to, octets);
  }
  if (arriving == 0) ++core_.counters.datagrams_lost;
  core_.record(from, to->name, Protocol::sip_udp, std::move(octets), arriving == 0);
}

void Datagrams::travel(Host& from, Host& to, const std::string& octets) {
  const auto link = core_.link(from, to);
  auto delay = link.delay + core_.up_to(link.jitter);
  if (core_.chance(link.reordering)) delay += core_.up_to(std::max(Duration{10}, 10 * link.delay));
  core_.after(delay, [this, &from, &to, octets] { arrive(from, to, octets); });
}

void Datagrams::arrive(Host& from, Host& to, const std::string& octets) {
  if (to.is_dark) return;
  if (!to.node) return tell_unreachable(from, {to.settings.address, to.settings.sip_port});
  ++core_.counters.datagrams_delivered;
  const sip::HostPort remote{from.settings.address, from.settings.sip_port};
  core_.tell(to, [&](node::Node& node, TimePoint now, node::Effects& out) {
    node.datagram(remote, octets, now, out);
  });
}

void Datagrams::tell_unreachable(Host& sender, const sip::HostPort& remote) {
  core_.after(look_up_delay, [this, &sender, remote] {
    core_.tell(sender, [&](node::Node& node, TimePoint now, node::Effects& out) {
      node.sip_unreachable(remote, now, out);
    });
  });
}

}  // namespace convene::sim
