#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/time.h"

namespace convene::controlling {

// Who wants to be called when, among many: the earliest is found at once.
template <class Key>
class DeadlineIndex {
 public:
  void set(Key key, Deadline deadline) {
    const auto found = by_key_.find(key);
    if (found != by_key_.end()) {
      if (found->second == deadline) return;
      by_time_.erase({found->second, key});
      by_key_.erase(found);
    }
    if (!deadline) return;
    by_key_.emplace(key, *deadline);
    by_time_.emplace(*deadline, key);
  }

  Deadline earliest() const {
    return by_time_.empty() ? Deadline{} : Deadline{by_time_.begin()->first};
  }

  // The first that is due, or nothing. It stays until its deadline is set anew.
  std::optional<Key> due(TimePoint now) const {
    if (by_time_.empty() || by_time_.begin()->first > now) return std::nullopt;
    return by_time_.begin()->second;
  }

 private:
  std::map<Key, TimePoint> by_key_;
  std::set<std::pair<TimePoint, Key>> by_time_;
};

}  // namespace convene::controlling
