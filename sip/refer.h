#pragma once

#include <string>
#include <string_view>

#include "sip/message.h"

namespace convene::sip {

// Whether a REFER asks for no implicit subscription: "Refer-Sub: false", or a Require of
// norefersub. Its 2xx then says "Refer-Sub: false", and makes no dialog. RFC 4488 4
bool suppresses_subscription(const Message& refer);

// What a NOTIFY of the package "refer" carries: a status line. RFC 3515 2.4.5, RFC 3420
inline constexpr std::string_view sipfrag_type = "message/sipfrag;version=2.0";
std::string sipfrag(int status, std::string_view reason);

}  // namespace convene::sip
