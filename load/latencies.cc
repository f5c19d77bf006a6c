#include "load/latencies.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace convene::load {

// The first doubling has a bucket for each microsecond; from there on 32 to each.
std::size_t Latencies::bucket_of(std::uint64_t microseconds) {
  if (microseconds < steps_of_a_doubling) return microseconds;
  const auto doubling = static_cast<std::size_t>(std::bit_width(microseconds)) - 6;
  return (doubling + 1) * steps_of_a_doubling + (microseconds >> doubling) - steps_of_a_doubling;
}

// The first number of microseconds that is in the next bucket.
std::uint64_t Latencies::end_of(std::size_t bucket) {
  if (bucket < steps_of_a_doubling) return bucket + 1;
  const auto doubling = bucket / steps_of_a_doubling - 1;
  return (bucket % steps_of_a_doubling + steps_of_a_doubling + 1) << doubling;
}

void Latencies::add(Span latency) {
  using std::chrono::microseconds;
  const auto whole = std::chrono::duration_cast<microseconds>(std::max(latency, Span{}));
  const auto bucket = bucket_of(static_cast<std::uint64_t>(whole.count()));
  ++buckets_[std::min(bucket, buckets_.size() - 1)];
  ++count_;
  largest_ = std::max(largest_, latency);
}

Span Latencies::at(double share) const {
  if (count_ == 0) return {};
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t passed = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    passed += buckets_[bucket];
    if (passed >= std::max<std::uint64_t>(wanted, 1))
      return std::min<Span>(std::chrono::microseconds{end_of(bucket)}, largest_);
  }
  return largest_;
}

}  // namespace convene::load
