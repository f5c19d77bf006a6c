#include "apps/member.h"

#include <iterator>
#include <variant>

namespace convene::apps {

io::RunnerSettings Member::on_loopback() {
  io::RunnerSettings settings;
  settings.udp = {{.host = "127.0.0.1", .port = 0}};
  settings.tcp = {{.host = "127.0.0.1", .port = 0}};
  return settings;
}

Member::Member(Settings settings, io::Loop& loop, Log& log, const Calendar& calendar)
    : name_{std::move(settings.name)},
      bodies_{std::move(settings.spool)},
      node_{std::move(settings.client),
            {},
            {.random = random_, .log = log, .calendar = calendar},
            bodies_},
      runner_{loop, node_, &bodies_, log, std::move(settings.runner)} {
  runner_.after_turn([this] { take_events(); });
}

Result<> Member::start() { return runner_.start(); }

void Member::take_events() {
  for (const auto& event : node_.take_events()) {
    if (listener_) listener_(event);
  }
}

}  // namespace convene::apps
