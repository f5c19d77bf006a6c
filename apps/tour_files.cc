#include "apps/tour_files.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <vector>

#include "apps/thumbnail.h"
#include "base/hash.h"

namespace convene::apps {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t slice_octets = 1U << 20;

// Both digests in one pass.
SentFile described(const std::string& path, std::string name, std::string type) {
  SentFile file{.path = path,
                .name = std::move(name),
                .type = std::move(type),
                .size = 0,
                .sha1 = {},
                .sha256 = {},
                .thumbnail = {}};
  std::ifstream in{path, std::ios::binary};
  if (!in) throw std::runtime_error{"cannot read " + path};
  Hash sha1{Digest::sha1};
  Hash sha256{Digest::sha256};
  std::vector<char> slice(slice_octets);
  while (in.read(slice.data(), std::ssize(slice)) || in.gcount() > 0) {
    const std::string_view octets{slice.data(), static_cast<std::size_t>(in.gcount())};
    sha1.update(octets);
    sha256.update(octets);
    file.size += octets.size();
  }
  file.sha1 = sha1.finish();
  file.sha256 = to_hex(sha256.finish());
  return file;
}

}  // namespace

SentFile picture_to_send(const std::string& path) {
  const auto chosen =
      path.empty() ? fs::path{CONVENE_EXAMPLES} / "media" / "fjord.jpg" : fs::path{path};
  const bool is_png = chosen.extension() == ".png";
  auto file =
      described(chosen.string(), chosen.filename().string(), is_png ? "image/png" : "image/jpeg");
  if (auto thumbnail = make_thumbnail(content_of(chosen))) file.thumbnail = std::move(*thumbnail);
  return file;
}

SentFile big_file_to_send(const fs::path& path, std::uint64_t octets) {
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
  return described(path.string(), path.filename().string(), "application/octet-stream");
}

std::string sha256_of_file(const std::string& path) { return described(path, "", "").sha256; }

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

fs::path make_temporary_folder() {
  auto pattern = (fs::temp_directory_path() / "convene-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr)
    throw std::runtime_error{"cannot make a folder in " + fs::temp_directory_path().string()};
  return pattern;
}

std::string decimal(double value, int digits) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

}  // namespace convene::apps
