#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "client/event.h"

namespace convene::apps {

// A file the tour sends, and what its receivers have to end up with.
struct SentFile {
  std::string path;
  std::string name;
  std::string type;
  std::uint64_t size = 0;
  std::string sha1;    // 20 octets
  std::string sha256;  // hex
  std::optional<client::Thumbnail> thumbnail;
};

// The picture of the examples, or another. Throws std::runtime_error when it cannot be read.
SentFile picture_to_send(const std::string& path);

// Made on the spot: octets that no compression and no cache helps with.
SentFile big_file_to_send(const std::filesystem::path& path, std::uint64_t octets);

std::string sha256_of_file(const std::string& path);  // hex
std::string content_of(const std::filesystem::path& path);
std::string last_lines(const std::filesystem::path& path, std::size_t count);
std::filesystem::path make_temporary_folder();
std::string decimal(double value, int digits);

}  // namespace convene::apps
