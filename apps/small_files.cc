#include "apps/small_files.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <vector>

namespace convene::apps {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t slice_octets = 1U << 20;

}  // namespace

std::string content_of(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string last_lines(const fs::path& path, std::size_t count) {
  const auto text = content_of(path);
  auto at = text.size();
  for (std::size_t lines = 0; at > 0 && lines <= count; --at)
    lines += text[at - 1] == '\n' ? 1U : 0U;
  return text.substr(at == 0 ? 0 : at + 1);
}

void make_random_file(const fs::path& path, std::uint64_t octets) {
  std::ofstream out{path, std::ios::binary};
  std::mt19937_64 random{octets};
  std::vector<std::uint64_t> slice(slice_octets / sizeof(std::uint64_t));
  for (std::uint64_t done = 0; done < octets; done += slice_octets) {
    for (auto& word : slice) word = random();
    const auto count = std::min<std::uint64_t>(slice_octets, octets - done);
    out.write(reinterpret_cast<const char*>(slice.data()), static_cast<std::streamsize>(count));
  }
  out.close();
  if (!out) throw std::runtime_error{"cannot write " + path.string()};
}

fs::path make_temporary_folder() {
  auto pattern = (fs::temp_directory_path() / "convene-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr)
    throw std::runtime_error{"cannot make a folder in " + fs::temp_directory_path().string()};
  return pattern;
}

}  // namespace convene::apps
