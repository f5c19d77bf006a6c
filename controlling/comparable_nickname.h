#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace convene::controlling {

// What two nicknames have in common that RFC 7700 2.3 calls the same: of spaces only single ASCII
// ones between words, letters of the Latin, Greek and Cyrillic alphabets in lower case, full-width
// forms as their ASCII ones. Two nicknames are the same when this text is.
//
// Fault::malformed for what no nickname may hold (RFC 7700 2.1): control characters and such as
// cannot be seen, or nothing but spaces. Other compatibility mappings of NFKC are not made.
Result<std::string> comparable_nickname(std::string_view nickname);

}  // namespace convene::controlling
