#include "base/random.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace convene {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view alphanumerics =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

}  // namespace

std::string random_hex(Random& random, std::size_t octets) {
  std::string bytes(octets, '\0');
  random.fill(std::as_writable_bytes(std::span{bytes}));
  std::string text;
  text.reserve(2 * octets);
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += hex_digits[value >> 4];
    text += hex_digits[value & 15];
  }
  return text;
}

std::string random_token(Random& random, std::size_t length) {
  std::string text;
  text.reserve(length);
  while (text.size() < length) {
    std::array<std::byte, 32> octets;
    random.fill(octets);
    for (const auto octet : octets) {
      const auto value = std::to_integer<std::size_t>(octet) & 63;  // 62 and 63 are drawn again
      if (value < alphanumerics.size() && text.size() < length) text += alphanumerics[value];
    }
  }
  return text;
}

std::string random_uuid(Random& random) {
  auto text = random_hex(random, 16);
  text[12] = '4';
  text[16] = hex_digits[8 + hex_digits.find(text[16]) % 4];
  for (const std::size_t at : {20, 16, 12, 8}) text.insert(at, "-");
  return text;
}

std::uint64_t random_below(Random& random, std::uint64_t bound) {
  const std::uint64_t unbiased = UINT64_MAX - UINT64_MAX % bound;
  std::uint64_t value = 0;
  do {
    random.fill(std::as_writable_bytes(std::span{&value, 1}));
  } while (value >= unbiased);
  return value % bound;
}

void SeededRandom::fill(std::span<std::byte> octets) {
  while (!octets.empty()) {
    const std::uint64_t drawn = engine_();
    const auto count = std::min(octets.size(), sizeof drawn);
    std::memcpy(octets.data(), &drawn, count);
    octets = octets.subspan(count);
  }
}

}  // namespace convene
