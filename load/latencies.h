#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "load/plan.h"

namespace convene::load {

// How long many things took, to 3 %: counts in buckets, so that it never grows. From a microsecond
// to an hour; what took longer counts as an hour.
class Latencies {
 public:
  void add(Span latency);

  std::uint64_t count() const { return count_; }
  Span largest() const { return largest_; }
  Span at(double share) const;  // 0.5: the median; 0.99: all but one in a hundred. 0 when empty

 private:
  static constexpr int steps_of_a_doubling = 32;
  static constexpr int doublings = 32;  // of a microsecond

  static std::size_t bucket_of(std::uint64_t microseconds);
  static std::uint64_t end_of(std::size_t bucket);

  std::array<std::uint64_t, std::size_t{steps_of_a_doubling} * doublings> buckets_{};
  std::uint64_t count_ = 0;
  Span largest_{};
};

}  // namespace convene::load
