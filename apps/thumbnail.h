#pragma once

#include <string_view>

#include "base/result.h"
#include "client/event.h"

namespace convene::apps {

constexpr std::size_t max_thumbnail_octets = 10'240;  // what deployed clients take
constexpr int thumbnail_side = 160;                   // pixels, at most

// A small JPEG of a JPEG or PNG picture. Fault::unsupported: no picture that can be read;
// Fault::too_large: more pixels than anybody photographs.
Result<client::Thumbnail> make_thumbnail(std::string_view picture);

}  // namespace convene::apps
