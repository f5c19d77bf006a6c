#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace convene::apps {

// Files that are read or made whole, and a place for them.
std::string content_of(const std::filesystem::path& path);  // empty: it cannot be read
std::string last_lines(const std::filesystem::path& path, std::size_t count);

// Octets that no compression and no cache helps with. Throws std::runtime_error when it cannot be
// written.
void make_random_file(const std::filesystem::path& path, std::uint64_t octets);

std::filesystem::path make_temporary_folder();  // throws std::runtime_error

}  // namespace convene::apps
