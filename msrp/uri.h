#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace convene::msrp {

// msrp://host:port/session-id;tcp. RFC 4975 6.
struct Uri {
  bool is_secure = false;  // msrps
  std::string user;        // never compared
  std::string host;        // without the brackets of an IPv6 literal
  std::uint16_t port = 0;  // 0: none given
  std::string session_id;
  std::string transport = "tcp";
  std::string parameters;  // further ";name=value", as received
  bool operator==(const Uri&) const = default;
};

constexpr std::uint16_t default_port = 2'855;  // RFC 4975 6, 15.4
inline std::uint16_t port_of(const Uri& uri) { return uri.port != 0 ? uri.port : default_port; }

constexpr std::size_t max_uri_octets = 512;
constexpr std::size_t max_path_uris = 8;

Result<Uri> parse_uri(std::string_view text);
std::string to_text(const Uri& uri);

// RFC 4975 6.1: scheme, host (IP literals by value) and transport without regard to case, port and
// session-id exactly.
bool are_equivalent(const Uri& a, const Uri& b);

using Path = std::vector<Uri>;  // To-Path, From-Path, a=path: never empty once parsed
Result<Path> parse_path(std::string_view text);
std::string to_text(const Path& path);

}  // namespace convene::msrp
