#include <algorithm>
#include <array>
#include <vector>

#include "base/ip_address.h"
#include "base/text.h"
#include "sip/uri.h"

namespace convene::sip {

namespace {

// RFC 3261 19.1.4: a character and its escape are the same, except for the reserved ones.
std::string normal(std::string_view text) {
  constexpr std::string_view reserved = ";/?:@&=+$,";
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%' || at + 2 >= text.size()) {
      result += text[at];
      continue;
    }
    const auto escape = text.substr(at, 3);
    const auto octet = percent_decode(escape);
    if (octet && reserved.find(octet->front()) == reserved.npos)
      result += *octet;
    else
      result += to_lower(escape);
    at += 2;
  }
  return result;
}

bool are_same_host(std::string_view a, std::string_view b) {
  if (iequals(a, b)) return true;
  const auto first = parse_ip(a);
  const auto second = parse_ip(b);
  return first && second && *first == *second;
}

bool are_same_value(const Param& a, const Param& b) {
  return a.value.has_value() == b.value.has_value() &&
         iequals(normal(a.value.value_or("")), normal(b.value.value_or("")));
}

// RFC 3261 19.1.4: what may not stand in one of two equivalent URIs only.
bool must_be_in_both(std::string_view name) {
  constexpr std::array<std::string_view, 5> names{"user", "ttl", "method", "maddr", "transport"};
  return std::ranges::any_of(names, [&](std::string_view one) { return iequals(one, name); });
}

// Of a repeated parameter the first counts.
bool fit(const Params& a, const Params& b) {
  return std::ranges::all_of(a.all(), [&](const Param& param) {
    if (a.find(param.name) != &param) return true;
    const auto* other = b.find(param.name);
    return other == nullptr ? !must_be_in_both(param.name) : are_same_value(param, *other);
  });
}

// hname=hvalue in any order; none may be missing on one side.
std::vector<std::string> normal_headers(std::string_view text) {
  std::vector<std::string> headers;
  for (const auto header : split(text, '&')) {
    const auto equals = std::min(header.find('='), header.size());
    headers.push_back(to_lower(normal(header.substr(0, equals))) + normal(header.substr(equals)));
  }
  std::ranges::sort(headers);
  return headers;
}

bool are_equivalent_sip(const Uri& a, const Uri& b) {
  return normal(a.user) == normal(b.user) && normal(a.password) == normal(b.password) &&
         are_same_host(a.host, b.host) && a.port == b.port && fit(a.params, b.params) &&
         fit(b.params, a.params) && normal_headers(a.headers) == normal_headers(b.headers);
}

// RFC 3966 5.1.1: visual separators do not count.
std::string without_separators(std::string_view number) {
  std::string digits;
  for (const char c : number) {
    if (std::string_view{"-.()"}.find(c) == std::string_view::npos) digits += to_lower(c);
  }
  return digits;
}

bool are_same_tel_value(const Param& a, const Param& b) {
  if (!a.value || !b.value) return a.value.has_value() == b.value.has_value();
  const bool is_number = iequals(a.name, "ext") || a.value->starts_with('+');
  if (is_number) return without_separators(*a.value) == without_separators(*b.value);
  return iequals(normal(*a.value), normal(*b.value));
}

bool tel_params_fit(const Params& a, const Params& b) {
  return std::ranges::all_of(a.all(), [&](const Param& param) {
    if (a.find(param.name) != &param) return true;
    const auto* other = b.find(param.name);
    return other != nullptr && are_same_tel_value(param, *other);
  });
}

// RFC 3966 4.
bool are_equivalent_tel(const Uri& a, const Uri& b) {
  return without_separators(a.user) == without_separators(b.user) &&
         tel_params_fit(a.params, b.params) && tel_params_fit(b.params, a.params);
}

std::uint16_t default_port(const Uri& uri) { return uri.scheme == "sips" ? 5061 : 5060; }

// The number, and for a local one the context in which it means something. RFC 3966 5.1.5
std::string tel_address_of_record(const Uri& uri) {
  auto text = "tel:" + without_separators(uri.user);
  const auto context = uri.params.value("phone-context");
  if (!uri.user.starts_with('+') && context) text += ";phone-context=" + to_lower(*context);
  return text;
}

}  // namespace

// RFC 3261 19.1.4
bool are_equivalent(const Uri& a, const Uri& b) {
  if (a.scheme != b.scheme) return false;
  if (a.is_sip()) return are_equivalent_sip(a, b);
  if (a.is_tel()) return are_equivalent_tel(a, b);
  return a.opaque == b.opaque;
}

// RFC 3261 10.3 (5)
std::string address_of_record(const Uri& uri) {
  if (uri.is_tel()) return tel_address_of_record(uri);
  if (!uri.is_sip()) return to_text(uri);

  std::string text = uri.scheme + ':';
  if (!uri.user.empty()) {
    const auto user = percent_decode(uri.user);
    text += user ? percent_encode(*user, "-_.!~*'()&=+$,;?/") : uri.user;
    text += '@';
  }
  const bool is_default = uri.port == default_port(uri);
  return text + to_text(HostPort{.host = to_lower(uri.host),
                                 .port = is_default ? std::uint16_t{0} : uri.port});
}

std::string address_of_record(std::string_view uri) {
  const auto parsed = parse_uri(uri);
  return parsed ? address_of_record(*parsed) : std::string{uri};
}

}  // namespace convene::sip
