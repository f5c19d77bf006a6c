// What parses, prints, and parses again to the same; and equals itself.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "msrp/byte_range.h"
#include "msrp/uri.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace convene::msrp;
  const std::string_view text{reinterpret_cast<const char*>(data), size};

  if (const auto path = parse_path(text)) {
    if (parse_path(to_text(*path)) != *path) std::abort();
    for (const auto& uri : *path)
      if (!are_equivalent(uri, uri)) std::abort();
  }
  if (const auto range = parse_byte_range(text)) {
    if (parse_byte_range(to_text(*range)) != *range) std::abort();
  }
  return 0;
}
