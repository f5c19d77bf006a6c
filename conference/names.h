#pragma once

#include <optional>
#include <string_view>

#include "conference/conference_info.h"

namespace convene::conference {

inline constexpr std::string_view xml_namespace = "urn:ietf:params:xml:ns:conference-info";

// Where RFC 6501 has its nickname.
inline constexpr std::string_view xcon_namespace = "urn:ietf:params:xml:ns:xcon-conference-info";

// The enumerator that the standard writes like this; nothing for any other.
template <class Enum>
std::optional<Enum> parse_name(std::string_view name);

template <>
std::optional<State> parse_name(std::string_view name);
template <>
std::optional<Status> parse_name(std::string_view name);
template <>
std::optional<JoiningMethod> parse_name(std::string_view name);
template <>
std::optional<DisconnectionMethod> parse_name(std::string_view name);

}  // namespace convene::conference
