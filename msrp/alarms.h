#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <set>

#include "base/time.h"

namespace convene::msrp {

// Who wants to be woken when. An alarm may go off too early, since one that moves later stays where
// it is: who wakes looks at his own deadline, and sets it again.
class Alarms {
 public:
  struct Sleeper {
    enum class Kind { session, connection };
    Kind kind;
    std::uint64_t number;
    auto operator<=>(const Sleeper&) const = default;
  };

  // `current` is where the sleeper keeps the time of its alarm.
  void set(Sleeper sleeper, Deadline& current, Deadline wanted) {
    if (!wanted || (current && *current <= *wanted)) return;
    clear(sleeper, current);
    alarms_.insert({*wanted, sleeper});
    current = wanted;
  }
  void clear(Sleeper sleeper, Deadline& current) {
    if (current) alarms_.erase({*current, sleeper});
    current.reset();
  }

  // The next one who is due. His alarm is gone: he clears his own copy.
  std::optional<Sleeper> take_due(TimePoint now) {
    if (alarms_.empty() || alarms_.begin()->first > now) return std::nullopt;
    return alarms_.extract(alarms_.begin()).value().second;
  }

  Deadline next() const { return alarms_.empty() ? Deadline{} : Deadline{alarms_.begin()->first}; }

 private:
  std::set<std::pair<TimePoint, Sleeper>> alarms_;
};

}  // namespace convene::msrp
