#pragma once

#include <string>
#include <string_view>

namespace convene::mime {

// Words of a user in a mail header that holds US-ASCII only: =?UTF-8?B?...?=, in pieces of at most
// 75 characters. Text of printable US-ASCII stays as it is. RFC 2047 2.
std::string to_encoded_words(std::string_view utf8);

// What they say: UTF-8 and US-ASCII, in B or Q. A word that cannot be read stays as it is written.
std::string from_encoded_words(std::string_view text);

}  // namespace convene::mime
