#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/random.h"

namespace convene::msrp {

// Draws transaction ids of 64 bits. They must not be predictable: whoever supplies a body could
// otherwise plant the end-line of the chunk that will carry it. Drawn after the body is known, and
// many at a time.
class TransactionIds {
 public:
  explicit TransactionIds(Random& random) : random_{&random} {}

  std::uint64_t draw();

 private:
  Random* random_;
  std::array<std::uint64_t, 64> drawn_{};
  std::size_t used_ = drawn_.size();
};

// As it is written: 16 hex digits.
class TransactionId {
 public:
  explicit TransactionId(std::uint64_t value);
  std::string_view text() const { return {digits_.data(), digits_.size()}; }

 private:
  std::array<char, 16> digits_;
};

// The value of a text that TransactionId could have written; 0 for any other.
std::uint64_t transaction_value(std::string_view text);

}  // namespace convene::msrp
