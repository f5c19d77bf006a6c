#include "node/trusted_peers.h"

#include <algorithm>

namespace convene::node {

Result<TrustedPeers> TrustedPeers::parse(std::span<const std::string> texts) {
  TrustedPeers peers;
  for (const auto& text : texts) peers.networks_.push_back(TRY(parse_ip_network(text)));
  return peers;
}

bool TrustedPeers::contains(std::string_view host) const {
  const auto address = parse_ip(host);
  if (!address) return false;
  return std::ranges::any_of(networks_,
                             [&](const IpNetwork& network) { return network.contains(*address); });
}

}  // namespace convene::node
