#pragma once

#include <string>
#include <string_view>

namespace convene::store {

// <name>text</name>, the text in lines that end in CRLF as they stand: an SDP inside XML.
std::string lines_element(std::string_view name, std::string_view text);

// What such an element said, its lines ended by CRLF again; none after the last.
std::string lines_of(std::string_view text);

}  // namespace convene::store
