#include "sim/event_queue.h"

#include <utility>

namespace convene::sim {

EventQueue::Ticket EventQueue::schedule(TimePoint when, Action action) {
  const Ticket ticket{.when = when, .order = ++scheduled_};
  events_.emplace(ticket, std::move(action));
  return ticket;
}

Deadline EventQueue::next() const {
  if (events_.empty()) return std::nullopt;
  return events_.begin()->first.when;
}

std::pair<TimePoint, EventQueue::Action> EventQueue::take() {
  auto first = events_.extract(events_.begin());
  return {first.key().when, std::move(first.mapped())};
}

}  // namespace convene::sim
