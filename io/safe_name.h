#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace convene::io {

constexpr std::size_t max_name_octets = 200;

// A file name that a peer wished for, made harmless: the last part of a path, without control
// characters, marks of reading direction, leading dots, what Windows forbids and its device names;
// UTF-8 of at most max_name_octets, with its extension. "file" when nothing is left.
std::string safe_name(std::string_view wanted);

// "photo.jpg", 2: "photo (2).jpg". 0: as it is.
std::string numbered_name(std::string_view name, unsigned number);

}  // namespace convene::io
