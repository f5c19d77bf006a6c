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

// Octets without a pattern, the same for the same seed.
inline std::string noise(std::size_t octets, std::uint64_t seed) {
  std::string text(octets, '\0');
  SeededRandom{seed}.fill(std::as_writable_bytes(std::span{text}));
  return text;
}

}  // namespace convene::io
