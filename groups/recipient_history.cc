#include "groups/recipient_history.h"

#include <array>

namespace convene::groups {

namespace {

constexpr std::string_view anonymous = "sip:anonymous@anonymous.invalid";

}  // namespace

// RFC 5364 4
ResourceList history_of(const ResourceList& recipients) {
  ResourceList history;
  for (const auto control : std::array{CopyControl::to, CopyControl::cc}) {
    std::uint32_t hidden = 0;
    for (const auto& entry : recipients.entries) {
      if (entry.copy_control != control) continue;
      if (entry.anonymize) {
        hidden += entry.count.value_or(1);
      } else {
        history.entries.push_back({.uri = entry.uri.substr(0, entry.uri.find('?')),
                                   .display_name = entry.display_name,
                                   .copy_control = control});
      }
    }
    if (hidden > 0) {
      history.entries.push_back(
          {.uri = std::string{anonymous}, .copy_control = control, .count = hidden});
    }
  }
  return history;
}

}  // namespace convene::groups
