#pragma once

#include <string>
#include <string_view>

namespace convene::sip {

// The tag of a From or To value; empty when it has none or cannot be read. RFC 3261 19.3.
std::string tag_of(std::string_view from_or_to);

// "sip:a@b" or "<sip:a@b>" with that tag, in place of any it has.
std::string with_tag(std::string_view from_or_to, std::string_view tag);

// Without its tag, and without other parameters of the header.
std::string without_params(std::string_view from_or_to);

}  // namespace convene::sip
