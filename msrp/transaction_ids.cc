#include "msrp/transaction_ids.h"

#include <charconv>
#include <span>

namespace convene::msrp {

std::uint64_t TransactionIds::draw() {
  if (used_ == drawn_.size()) {
    random_->fill(std::as_writable_bytes(std::span{drawn_}));
    used_ = 0;
  }
  return drawn_[used_++];
}

TransactionId::TransactionId(std::uint64_t value) {
  constexpr std::string_view hex_digits = "0123456789abcdef";
  for (auto digit = digits_.rbegin(); digit != digits_.rend(); ++digit) {
    *digit = hex_digits[value & 15];
    value >>= 4;
  }
}

std::uint64_t transaction_value(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.size() != 16 || error != std::errc{} || end != text.data() + text.size()) return 0;
  return value;
}

}  // namespace convene::msrp
