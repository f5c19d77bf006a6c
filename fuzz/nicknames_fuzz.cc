// What is comparable is its own comparable form, has single spaces between words alone, and no
// control characters; spaces around and within a nickname make no difference.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "controlling/comparable_nickname.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using convene::controlling::comparable_nickname;
  const std::string text{reinterpret_cast<const char*>(data), size};
  const auto comparable = comparable_nickname(text);
  check(comparable_nickname(" " + text + "  ").has_value() == comparable.has_value());
  if (!comparable) return 0;

  check(comparable_nickname(*comparable) == *comparable);
  check(comparable_nickname("  " + text + " ") == *comparable);
  check(!comparable->empty() && !comparable->starts_with(' ') && !comparable->ends_with(' '));
  check(comparable->find("  ") == comparable->npos);
  for (const char c : *comparable) check(!is_control(c));
  return 0;
}
