#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace convene::mime {

// RFC 2045 6.7. A '=' that neither two hex digits nor a line end follow is malformed.
Result<std::string> from_quoted_printable(std::string_view text);

}  // namespace convene::mime
