#include "base/base64.h"

#include <array>
#include <cstdint>

namespace convene {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t foreign = 255;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(foreign);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}

constexpr auto values = make_values();

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::string to_base64(std::string_view octets) {
  std::string text;
  text.reserve((octets.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < octets.size(); at += 3) {
    const auto octet = [&](std::size_t i) -> std::uint32_t {
      return at + i < octets.size() ? static_cast<unsigned char>(octets[at + i]) : 0U;
    };
    const std::uint32_t group = octet(0) << 16 | octet(1) << 8 | octet(2);
    text += alphabet[group >> 18];
    text += alphabet[group >> 12 & 63];
    text += at + 1 < octets.size() ? alphabet[group >> 6 & 63] : '=';
    text += at + 2 < octets.size() ? alphabet[group & 63] : '=';
  }
  return text;
}

Result<std::string> from_base64(std::string_view text) {
  std::string octets;
  octets.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  int digits = 0;
  int padding = 0;
  for (const char c : text) {
    if (is_space(c)) continue;
    const auto value = values[static_cast<unsigned char>(c)];
    if (c == '=') {
      ++padding;
    } else if (value == foreign || padding > 0) {
      return fail(Fault::malformed, "base64: foreign character");
    } else {
      group = group << 6 | value;
      if (++digits % 4 == 0) {
        octets += static_cast<char>(group >> 16 & 255);
        octets += static_cast<char>(group >> 8 & 255);
        octets += static_cast<char>(group & 255);
      }
    }
  }
  const int rest = digits % 4;
  if (rest == 1 || (rest == 0 ? padding != 0 : padding != 4 - rest))
    return fail(Fault::malformed, "base64: wrong padding");
  if (rest >= 2) octets += static_cast<char>(group >> (rest == 2 ? 4 : 10) & 255);
  if (rest == 3) octets += static_cast<char>(group >> 2 & 255);
  return octets;
}

}  // namespace convene
