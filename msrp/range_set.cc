#include "msrp/range_set.h"

#include <algorithm>

namespace convene::msrp {

void RangeSet::add(Interval interval) {
  if (interval.begin >= interval.end) return;

  // What nearly always happens: the message goes on where it stopped.
  if (!intervals_.empty() && interval.begin == intervals_.back().end) {
    intervals_.back().end = interval.end;
    return;
  }

  // All that it touches become one with it.
  const auto first = std::ranges::lower_bound(intervals_, interval.begin, {}, &Interval::end);
  auto last = first;
  while (last != intervals_.end() && last->begin <= interval.end) {
    interval.begin = std::min(interval.begin, last->begin);
    interval.end = std::max(interval.end, last->end);
    ++last;
  }
  intervals_.insert(intervals_.erase(first, last), interval);
}

std::vector<Interval> RangeSet::missing(Interval interval) const {
  std::vector<Interval> gaps;
  auto at = std::ranges::upper_bound(intervals_, interval.begin, {}, &Interval::end);
  for (; at != intervals_.end() && at->begin < interval.end; ++at) {
    if (interval.begin < at->begin) gaps.push_back({interval.begin, at->begin});
    interval.begin = at->end;
  }
  if (interval.begin < interval.end) gaps.push_back(interval);
  return gaps;
}

std::uint64_t RangeSet::ready() const {
  return intervals_.empty() || intervals_.front().begin > 0 ? 0 : intervals_.front().end;
}

std::uint64_t RangeSet::octets() const {
  std::uint64_t sum = 0;
  for (const auto& interval : intervals_) sum += interval.end - interval.begin;
  return sum;
}

}  // namespace convene::msrp
