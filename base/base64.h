#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace convene {

// RFC 4648 4, in one line.
std::string to_base64(std::string_view octets);

// Skips white space, as MIME asks (RFC 2045 6.8). Any other foreign character, or wrong padding, is
// malformed.
Result<std::string> from_base64(std::string_view text);

}  // namespace convene
