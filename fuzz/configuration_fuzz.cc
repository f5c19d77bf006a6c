// Law of the configuration: a file is refused with a place in it, or prints as a file that says the
// same.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "apps/configuration.h"

using namespace convene::apps;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  if (std::ranges::any_of(input, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
    return 0;
  const auto configuration = parse_configuration(input, "file");
  if (!configuration) {
    if (!configuration.error().detail.starts_with("file:")) std::abort();
    return 0;
  }
  const auto printed = to_toml(*configuration);
  const auto again = parse_configuration(printed, "again");
  if (!again || to_toml(*again) != printed) std::abort();
  return 0;
}
