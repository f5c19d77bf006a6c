// Whatever arrives: no crash, and what parses prints and parses again to the same. Whoever has no
// document of his own gets the defaults.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "participating/preferences.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace convene::participating;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto document = parse_user_preferences(text, {.rules = 5, .identities = 5});
  if (!document) return 0;
  if (parse_user_preferences(to_text(*document)) != *document) std::abort();
  Preferences preferences{{.offline_storage = true}};
  preferences.load({*document});
  (void)preferences.keeps_history(document->uri, "sip:bob@example.com");
  if (!preferences.keeps_history("sip:nobody@nowhere.invalid") &&
      document->uri.find("nobody@nowhere.invalid") == std::string::npos)
    std::abort();
  return 0;
}
