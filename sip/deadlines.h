#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"

namespace convene::sip {

// When each of many things, known by their numbers, wants to be woken next. O(log n).
class Deadlines {
 public:
  // Replaces what was set before; nothing: never.
  void set(std::uint64_t number, Deadline deadline) {
    const auto armed = armed_.find(number);
    if (armed != armed_.end()) {
      if (deadline == armed->second) return;
      order_.erase({armed->second, number});
      if (!deadline) armed_.erase(armed);
    }
    if (!deadline) return;
    armed_[number] = *deadline;
    order_.emplace(*deadline, number);
  }

  Deadline earliest() const { return order_.empty() ? Deadline{} : order_.begin()->first; }

  // All that are due, the longest due first. They are set to never: who is woken sets its deadline
  // again.
  std::vector<std::uint64_t> take_due(TimePoint now) {
    std::vector<std::uint64_t> due;
    while (!order_.empty() && order_.begin()->first <= now) {
      due.push_back(order_.begin()->second);
      armed_.erase(due.back());
      order_.erase(order_.begin());
    }
    return due;
  }

  std::size_t size() const { return order_.size(); }

 private:
  std::set<std::pair<TimePoint, std::uint64_t>> order_;
  std::unordered_map<std::uint64_t, TimePoint> armed_;
};

}  // namespace convene::sip
