#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace convene::msrp {

// Octets [begin, end), counted from 0.
struct Interval {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool operator==(const Interval&) const = default;
};

// Which octets of a message have arrived, or have been reported. Neighbours become one interval.
class RangeSet {
 public:
  void add(Interval interval);

  // The parts of `interval` that are not in the set, in order.
  std::vector<Interval> missing(Interval interval) const;

  // Up to the first gap: octets [0, ready) are all there.
  std::uint64_t ready() const;
  // Past the last octet.
  std::uint64_t end() const { return intervals_.empty() ? 0 : intervals_.back().end; }
  std::uint64_t octets() const;
  std::size_t intervals() const { return intervals_.size(); }

 private:
  std::vector<Interval> intervals_;  // sorted, never touching
};

}  // namespace convene::msrp
