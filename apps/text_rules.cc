#include "apps/text_rules.h"

#include <algorithm>

#include "base/ip_address.h"
#include "base/text.h"

namespace convene::apps {
namespace {

bool is_host_character(char c) {
  return (to_lower(c) >= 'a' && to_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-';
}

bool is_token_character(char c) {
  return is_host_character(c) || std::string_view{"!#$&^_+"}.contains(c);
}

bool is_visible(char c) { return c > ' ' && c < '\x7F'; }

std::string is_no(std::string_view text, std::string_view what) {
  return "'" + printable(text) + "' is no " + std::string{what};
}

}  // namespace

std::optional<std::string> any_text(std::string_view text) {
  if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= ' '; }))
    return {};
  return is_no(text, "text on one line");
}

std::optional<std::string> host(std::string_view text) {
  if (parse_ip(text)) return {};
  if (!text.empty() && text.size() <= 253 && std::ranges::all_of(text, is_host_character))
    return {};
  return is_no(text, "host name or address");
}

std::optional<std::string> group_template_or_nothing(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const bool is_one = text.starts_with("http://") && text.find("{group}") != text.npos;
  if (is_one) return std::nullopt;
  return "is no http URI with {group} in it";
}

std::string_view host_of(std::string_view host_port) {
  const auto host = host_port.substr(0, host_port.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']')) return host.substr(1, host.size() - 2);
  return host;
}

std::optional<std::string> host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  const auto port = colon == text.npos ? std::nullopt : to_number(text.substr(colon + 1));
  const bool is_bracketed = text.starts_with('[') && text.substr(0, colon).ends_with(']');
  const bool is_ipv6 = host_of(text).contains(':');
  if (!port || *port > 65'535 || is_ipv6 != is_bracketed || host(host_of(text))) {
    return is_no(text, "host:port");
  }
  return {};
}

std::optional<std::string> host_port_or_nothing(std::string_view text) {
  return text.empty() ? std::nullopt : host_port(text);
}

std::optional<std::string> network(std::string_view text) {
  if (parse_ip_network(text)) return {};
  return is_no(text, "address or network such as 192.0.2.0/24");
}

std::optional<std::string> sip_uri(std::string_view text) {
  const bool has_scheme = text.starts_with("sip:") || text.starts_with("sips:");
  if (has_scheme && text.size() > text.find(':') + 1 && std::ranges::all_of(text, is_visible))
    return {};
  return is_no(text, "SIP URI");
}

std::optional<std::string> sip_uri_or_nothing(std::string_view text) {
  return text.empty() ? std::nullopt : sip_uri(text);
}

std::optional<std::string> content_type(std::string_view text) {
  if (text == "*") return {};
  const auto parts = split(text, '/');
  const auto is_token = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, is_token_character);
  };
  if (parts.size() == 2 && is_token(parts[0]) && (parts[1] == "*" || is_token(parts[1]))) return {};
  return is_no(text, "type/subtype");
}

std::optional<std::string> file_transfer_service(std::string_view text) {
  if (text == "ft" || text == "ftthumb" || text == "ftstandfw") return {};
  return is_no(text, "service: ft, ftthumb, ftstandfw");
}

}  // namespace convene::apps
