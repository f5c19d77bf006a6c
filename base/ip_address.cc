#include "base/ip_address.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "base/text.h"

namespace convene {

namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

std::unexpected<Error> not_an_address(std::string_view text) {
  return fail(Fault::malformed, "not an IP address: '" + std::string{text} + "'");
}

Result<std::array<std::uint8_t, 4>> parse_quad(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 4) return not_an_address(text);
  std::array<std::uint8_t, 4> quad{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto value = to_number(parts[i]);
    if (!value || *value > 255 || parts[i].size() > 3) return not_an_address(text);
    quad[i] = static_cast<std::uint8_t>(*value);
  }
  return quad;
}

// The 16-bit groups of one side of "::", as octets.
Result<std::vector<std::uint8_t>> parse_groups(std::string_view text) {
  std::vector<std::uint8_t> octets;
  if (text.empty()) return octets;
  const auto groups = split(text, ':');
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i + 1 == groups.size() && groups[i].contains('.')) {
      const auto quad = TRY(parse_quad(groups[i]));
      octets.insert(octets.end(), quad.begin(), quad.end());
      continue;
    }
    std::uint16_t value = 0;
    const auto* const end = groups[i].data() + groups[i].size();
    const auto [read, error] = std::from_chars(groups[i].data(), end, value, 16);
    if (groups[i].empty() || groups[i].size() > 4 || error != std::errc{} || read != end)
      return not_an_address(text);
    octets.push_back(static_cast<std::uint8_t>(value >> 8));
    octets.push_back(static_cast<std::uint8_t>(value & 255));
  }
  return octets;
}

}  // namespace

bool IpAddress::is_v4() const {
  return std::equal(mapped_prefix.begin(), mapped_prefix.end(), octets.begin());
}

bool IpAddress::is_loopback() const {
  if (is_v4()) return octets[12] == 127;
  return *this == IpAddress{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
}

Result<IpAddress> parse_ip(std::string_view text) {
  IpAddress address;
  if (!text.contains(':')) {
    const auto quad = TRY(parse_quad(text));
    std::ranges::copy(mapped_prefix, address.octets.begin());
    std::ranges::copy(quad, address.octets.begin() + 12);
    return address;
  }
  const auto gap = text.find("::");
  const auto head = TRY(parse_groups(text.substr(0, gap)));
  const auto tail =
      gap == text.npos ? std::vector<std::uint8_t>{} : TRY(parse_groups(text.substr(gap + 2)));
  const auto given = head.size() + tail.size();
  if (gap == text.npos ? given != 16 : given > 14) return not_an_address(text);
  std::ranges::copy(head, address.octets.begin());
  std::ranges::copy(tail, address.octets.end() - static_cast<std::ptrdiff_t>(tail.size()));
  return address;
}

bool IpNetwork::contains(const IpAddress& other) const {
  for (int bit = 0; bit < prefix; ++bit) {
    const auto octet = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> bit % 8;
    if (((address.octets[octet] ^ other.octets[octet]) & mask) != 0) return false;
  }
  return true;
}

Result<IpNetwork> parse_ip_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = TRY(parse_ip(text.substr(0, slash)));
  if (slash == text.npos) return IpNetwork{.address = address, .prefix = 128};
  const auto prefix = to_number(text.substr(slash + 1));
  const std::uint64_t longest = address.is_v4() ? 32 : 128;
  if (!prefix || *prefix > longest) return fail(Fault::malformed, "prefix length out of range");
  return IpNetwork{.address = address, .prefix = static_cast<int>(*prefix + 128 - longest)};
}

}  // namespace convene
