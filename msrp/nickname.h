#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace convene::msrp {

constexpr std::size_t max_nickname_octets = 1'023;  // RFC 7701 7.1

// The value of Use-Nickname: a quoted-string in UTF-8. An empty one takes the nickname away. RFC
// 7701 7.1, 11.4.
Result<std::string> parse_nickname(std::string_view text);
std::string quote(std::string_view nickname);

}  // namespace convene::msrp
