#include "conference/names.h"

#include <algorithm>
#include <array>

namespace convene::conference {

namespace {

template <class Enum>
struct Name {
  Enum value;
  std::string_view text;
};

// RFC 4575 5, each in the order of its schema.
constexpr auto states = std::to_array<Name<State>>(
    {{State::full, "full"}, {State::partial, "partial"}, {State::deleted, "deleted"}});

constexpr auto statuses = std::to_array<Name<Status>>({
    {Status::pending, "pending"},
    {Status::dialing_out, "dialing-out"},
    {Status::dialing_in, "dialing-in"},
    {Status::alerting, "alerting"},
    {Status::on_hold, "on-hold"},
    {Status::connected, "connected"},
    {Status::muted_via_focus, "muted-via-focus"},
    {Status::disconnecting, "disconnecting"},
    {Status::disconnected, "disconnected"},
});

constexpr auto joining_methods = std::to_array<Name<JoiningMethod>>({
    {JoiningMethod::dialed_in, "dialed-in"},
    {JoiningMethod::dialed_out, "dialed-out"},
    {JoiningMethod::focus_owner, "focus-owner"},
});

constexpr auto disconnection_methods = std::to_array<Name<DisconnectionMethod>>({
    {DisconnectionMethod::departed, "departed"},
    {DisconnectionMethod::booted, "booted"},
    {DisconnectionMethod::failed, "failed"},
    {DisconnectionMethod::busy, "busy"},
});

template <class Enum, std::size_t size>
std::string_view text_of(const std::array<Name<Enum>, size>& names, Enum value) {
  const auto found = std::ranges::find(names, value, &Name<Enum>::value);
  return found == names.end() ? std::string_view{} : found->text;
}

template <class Enum, std::size_t size>
std::optional<Enum> value_of(const std::array<Name<Enum>, size>& names, std::string_view text) {
  const auto found = std::ranges::find(names, text, &Name<Enum>::text);
  if (found == names.end()) return std::nullopt;
  return found->value;
}

}  // namespace

std::string_view name_of(State state) { return text_of(states, state); }
std::string_view name_of(Status status) { return text_of(statuses, status); }
std::string_view name_of(JoiningMethod method) { return text_of(joining_methods, method); }
std::string_view name_of(DisconnectionMethod method) {
  return text_of(disconnection_methods, method);
}

template <>
std::optional<State> parse_name(std::string_view name) {
  return value_of(states, name);
}

template <>
std::optional<Status> parse_name(std::string_view name) {
  return value_of(statuses, name);
}

template <>
std::optional<JoiningMethod> parse_name(std::string_view name) {
  return value_of(joining_methods, name);
}

template <>
std::optional<DisconnectionMethod> parse_name(std::string_view name) {
  return value_of(disconnection_methods, name);
}

}  // namespace convene::conference
