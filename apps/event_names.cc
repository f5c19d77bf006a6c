#include "apps/event_text.h"
#include "base/text.h"

namespace convene::apps {

std::string name_of(const client::Person& person) {
  if (!person.display_name.empty()) return printable(person.display_name);
  if (person.address.empty()) return "somebody";
  const auto at = person.address.find(':');
  return printable(std::string_view{person.address}.substr(at == std::string::npos ? 0 : at + 1));
}

std::string_view name_of(client::EndReason reason) {
  using enum client::EndReason;
  switch (reason) {
    case left: return "left";
    case disconnected: return "disconnected";
    case closed: return "closed";
    case gone: return "gone";
    case removed: return "removed";
    case refused: return "refused";
    case declined: return "declined";
    case cancelled: return "cancelled";
    case timed_out: return "timed_out";
    case replaced: return "replaced";
    case idle: return "idle";
  }
  return {};
}

std::string_view name_of(client::Participant::State state) {
  using enum client::Participant::State;
  switch (state) {
    case invited: return "invited";
    case joined: return "joined";
    case gone: return "gone";
  }
  return {};
}

}  // namespace convene::apps
