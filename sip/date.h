#pragma once

#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace convene::sip {

// SIP-date: "Sat, 22 Nov 2025 10:05:00 GMT", nothing else. RFC 3261 20.17
Result<WallTime> parse_date(std::string_view text);

}  // namespace convene::sip
