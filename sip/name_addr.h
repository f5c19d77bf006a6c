#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "sip/uri.h"

namespace convene::sip {

// "Alice" <sip:alice@example.com>;tag=a1: From, To, Contact, Route, P-Asserted-Identity,
// Referred-By... RFC 3261 20.10.
struct NameAddr {
  std::string display;  // without quotes and escapes
  Uri uri;
  Params params;  // the header's, not the URI's
  bool operator==(const NameAddr&) const = default;
};

// Without <> a parameter belongs to the header, and the URI may hold no comma or question mark.
Result<NameAddr> parse_name_addr(std::string_view text);
std::string to_text(const NameAddr& address);  // always with <>

}  // namespace convene::sip
