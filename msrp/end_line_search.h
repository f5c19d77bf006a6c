#pragma once

#include <string_view>

namespace convene::msrp {

// Where `end_line` (9 octets at least) begins in `octets`, or npos. The only thing that looks at
// every octet of a body, so it looks at many at once: its speed does not depend on what a peer has
// put there.
std::size_t find_end_line(std::string_view octets, std::string_view end_line);

}  // namespace convene::msrp
