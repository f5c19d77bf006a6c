#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/random.h"

namespace convene::io {

// A directory of one test, removed with it.
class TestDirectory {
 public:
  TestDirectory() : path_{(std::filesystem::temp_directory_path() / "convene-XXXXXX").string()} {
    if (!mkdtemp(path_.data())) std::abort();
  }
  ~TestDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string{name}; }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{path_},
                                                  std::filesystem::directory_iterator{}));
  }

 private:
  std::string path_;
};

inline std::string read_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline void write_file(const std::string& path, std::string_view octets) {
  std::ofstream{path, std::ios::binary} << octets;
}

// Octets that look the same nowhere nearby, the same for the same seed.
inline std::string noise(std::size_t octets, std::uint64_t seed) {
  constexpr std::size_t period = 65'521;  // a prime: no two pieces of a round size begin alike
  std::string block(std::min(octets, period), '\0');
  SeededRandom{seed}.fill(std::as_writable_bytes(std::span{block}));
  std::string text;
  text.reserve(octets);
  while (text.size() < octets) text.append(block, 0, octets - text.size());
  return text;
}

}  // namespace convene::io
