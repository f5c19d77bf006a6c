#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace convene {

// An IPv4 or IPv6 address by value; IPv4 as ::ffff:a.b.c.d, so that both spellings are the same
// address.
struct IpAddress {
  std::array<std::uint8_t, 16> octets{};
  bool is_v4() const;
  bool is_loopback() const;
  auto operator<=>(const IpAddress&) const = default;
};

// RFC 4291 2.2 and dotted quads; no brackets, no zone.
Result<IpAddress> parse_ip(std::string_view text);

// "192.0.2.0/24", "2001:db8::/32", or a single address.
struct IpNetwork {
  IpAddress address;
  int prefix = 128;  // of the 128 bits: a /24 of IPv4 is 120
  bool contains(const IpAddress& other) const;
};
Result<IpNetwork> parse_ip_network(std::string_view text);

}  // namespace convene
