#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace convene {

using Duration = std::chrono::milliseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;
using Deadline = std::optional<TimePoint>;  // nothing: never

constexpr bool is_due(Deadline deadline, TimePoint now) { return deadline && *deadline <= now; }

constexpr Deadline earliest(Deadline a, Deadline b) {
  if (!a || !b) return a ? a : b;
  return *a < *b ? a : b;
}

// The time on the wall, for what people and other machines read: DateTime, Date, <when>. Never for
// timers.
using WallTime = std::chrono::sys_seconds;

// What the wall showed at a moment of our own time. One per process, made at the start.
class Calendar {
 public:
  Calendar(TimePoint moment, WallTime wall) : moment_{moment}, wall_{wall} {}
  WallTime at(TimePoint now) const {
    return wall_ + std::chrono::duration_cast<std::chrono::seconds>(now - moment_);
  }

 private:
  TimePoint moment_;
  WallTime wall_;
};

std::string to_rfc3339(WallTime time);    // 2025-11-22T10:02:11Z: CPIM DateTime, RFC 4575 <when>
std::string to_sip_date(WallTime time);   // Sat, 22 Nov 2025 10:05:00 GMT: RFC 3261 20.17
std::string to_mail_date(WallTime time);  // Sat, 22 Nov 2025 10:05:00 +0000: RFC 5322 3.3

}  // namespace convene
