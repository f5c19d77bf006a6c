#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>

#include "base/time.h"

namespace convene::sim {

// What will happen, in the order of time; at one moment in the order it was scheduled.
class EventQueue {
 public:
  using Action = std::move_only_function<void()>;
  struct Ticket {
    TimePoint when;
    std::uint64_t order = 0;
    auto operator<=>(const Ticket&) const = default;
  };

  Ticket schedule(TimePoint when, Action action);
  void cancel(const Ticket& ticket) { events_.erase(ticket); }

  Deadline next() const;
  // Takes the next event out. Only when there is one.
  std::pair<TimePoint, Action> take();

  std::size_t size() const { return events_.size(); }

 private:
  std::map<Ticket, Action> events_;
  std::uint64_t scheduled_ = 0;
};

}  // namespace convene::sim
