#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sip/params.h"

namespace convene::sip {

// A SIP, SIPS or tel URI; others keep scheme and opaque part. RFC 3261 19.1, RFC 3966.
//
// sip:user:password@host:port;params?headers. `user`, `password` and `headers` stay as they were
// escaped; `host` is without the brackets of an IPv6 literal. For tel: `user` is the number and
// `params` its parameters.
struct Uri {
  std::string scheme;  // lower-case
  std::string user;
  std::string password;
  std::string host;
  std::uint16_t port = 0;  // 0: none given
  Params params;
  std::string headers;  // after '?', unparsed
  std::string opaque;   // of other schemes: everything after the colon

  bool is_sip() const { return scheme == "sip" || scheme == "sips"; }
  bool is_tel() const { return scheme == "tel"; }
  bool operator==(const Uri&) const = default;  // the same text; see are_equivalent()
};

Result<Uri> parse_uri(std::string_view text);
std::string to_text(const Uri& uri);

// "host", "host:port", "[::1]:5060".
struct HostPort {
  std::string host;        // without brackets
  std::uint16_t port = 0;  // 0: none given
  bool operator==(const HostPort&) const = default;
};
Result<HostPort> parse_host_port(std::string_view text);
std::string to_text(const HostPort& host_port);

// RFC 3261 19.1.4 (sip, sips) and RFC 3966 4 (tel: visual separators do not count).
bool are_equivalent(const Uri& a, const Uri& b);

// One text for all spellings of a user's address: what tables are keyed by. sip:alice@example.com
// for "SIP:%61lice@EXAMPLE.com:5060;transport=tcp"; tel numbers without separators; the user part
// keeps its case. "gr" and every other parameter is dropped (RFC 3261 10.3 step 5), but not the
// phone-context of a local tel number, nor a port that is not the default one.
std::string address_of_record(const Uri& uri);

// address_of_record of a text; the text itself when it cannot be parsed.
std::string address_of_record(std::string_view uri);

}  // namespace convene::sip
