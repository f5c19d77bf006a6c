#pragma once

#include <string_view>

// What the sessions of CPM carry, by its media type.
namespace convene::cpm {

inline constexpr std::string_view cpim_type = "message/cpim";                         // RFC 3862 6
inline constexpr std::string_view composing_type = "application/im-iscomposing+xml";  // RFC 3994 5

// Whether a Content-Type, with or without parameters, is that of CPIM.
bool is_cpim(std::string_view content_type);

}  // namespace convene::cpm
