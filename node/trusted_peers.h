#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"

namespace convene::node {

// Whose P-Asserted-Identity counts: the SIP/IP core in front of us. Empty by default. RFC 3325 5
class TrustedPeers {
 public:
  // Addresses and networks: "192.0.2.10", "10.0.0.0/8", "2001:db8::/32".
  static Result<TrustedPeers> parse(std::span<const std::string> texts);

  bool contains(std::string_view host) const;  // a numeric address
  bool empty() const { return networks_.empty(); }

 private:
  std::vector<IpNetwork> networks_;
};

}  // namespace convene::node
