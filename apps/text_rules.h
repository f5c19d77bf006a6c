#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace convene::apps {

// What a text in the configuration has to be: each says nothing, or what is wrong with it ("is no
// host:port").

std::optional<std::string> any_text(std::string_view text);
std::optional<std::string> host(std::string_view text);
std::optional<std::string> host_port(std::string_view text);  // [::1]:5060 for IPv6
std::optional<std::string> host_port_or_nothing(std::string_view text);
std::optional<std::string> network(std::string_view text);  // 192.0.2.0/24, 2001:db8::1
std::optional<std::string> sip_uri(std::string_view text);
std::optional<std::string> sip_uri_or_nothing(std::string_view text);
std::optional<std::string> content_type(std::string_view text);  // type/subtype, or *
std::optional<std::string> file_transfer_service(std::string_view text);

std::optional<std::string> group_template_or_nothing(
    std::string_view text);  // http://host/...{group}...

// The host of host:port, without brackets.
std::string_view host_of(std::string_view host_port);

}  // namespace convene::apps
