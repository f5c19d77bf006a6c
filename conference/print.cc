#include <algorithm>

#include "conference/conference_info.h"
#include "conference/names.h"

namespace convene::conference {

namespace {

using xml::Element;

Element named(std::string_view name) {
  Element element;
  element.name = name;
  return element;
}

void add_attribute(Element& element, std::string_view name, std::string_view value) {
  element.attributes.push_back({std::string{name}, std::string{value}});
}

void add_state(Element& element, std::optional<State> state) {
  if (state) add_attribute(element, "state", name_of(*state));
}

void add_text(Element& element, std::string_view name, std::string_view text) {
  if (!text.empty()) element.children.push_back(xml::leaf(name, text));
}

template <class Enum>
void add_name(Element& element, std::string_view name, const std::optional<Enum>& value) {
  if (value) add_text(element, name, name_of(*value));
}

void add_count(Element& element, std::string_view name, std::optional<std::uint32_t> count) {
  if (count) add_text(element, name, std::to_string(*count));
}

void add_bool(Element& element, std::string_view name, std::optional<bool> value) {
  if (value) add_text(element, name, *value ? "true" : "false");
}

void add_all(Element& element, const std::vector<Element>& extensions) {
  element.children.insert(element.children.end(), extensions.begin(), extensions.end());
}

void add_all(Element& element, const std::vector<xml::Attribute>& attributes) {
  element.attributes.insert(element.attributes.end(), attributes.begin(), attributes.end());
}

void add_info(Element& element, std::string_view name, const std::optional<ExecutionInfo>& info) {
  if (!info) return;
  auto child = named(name);
  add_text(child, "when", info->when);
  add_text(child, "reason", info->reason);
  add_text(child, "by", info->by);
  child.one_line = true;
  element.children.push_back(std::move(child));
}

// RFC 4575 5.7
Element to_element(const Endpoint& endpoint) {
  auto element = named("endpoint");
  if (!endpoint.entity.empty()) add_attribute(element, "entity", endpoint.entity);
  add_state(element, endpoint.state);
  add_text(element, "display-text", endpoint.display_text);
  add_name(element, "status", endpoint.status);
  add_name(element, "joining-method", endpoint.joining_method);
  add_info(element, "joining-info", endpoint.joining_info);
  add_name(element, "disconnection-method", endpoint.disconnection_method);
  add_info(element, "disconnection-info", endpoint.disconnection_info);
  add_all(element, endpoint.extensions);
  return element;
}

// RFC 4575 5.6: roles and their like, which we do not read, stand before the endpoints.
Element to_element(const User& user) {
  auto element = named("user");
  add_attribute(element, "entity", user.entity);
  add_state(element, user.state);
  if (user.yourown) add_attribute(element, "yourown", "true");
  if (!user.nickname.empty()) add_attribute(element, "xcon:nickname", user.nickname);
  add_all(element, user.attributes);
  add_text(element, "display-text", user.display_text);
  add_all(element, user.extensions);
  for (const auto& endpoint : user.endpoints) element.children.push_back(to_element(endpoint));
  return element;
}

Element to_element(const Users& users) {
  auto element = named("users");
  add_state(element, users.state);
  for (const auto& user : users.list) element.children.push_back(to_element(user));
  add_all(element, users.extensions);
  return element;
}

// RFC 4575 5.3
Element to_element(const Description& description) {
  auto element = named("conference-description");
  add_text(element, "display-text", description.display_text);
  add_text(element, "subject", description.subject);
  add_count(element, "maximum-user-count", description.maximum_user_count);
  add_all(element, description.extensions);
  return element;
}

// RFC 4575 5.5
Element to_element(const ConferenceState& state) {
  auto element = named("conference-state");
  add_count(element, "user-count", state.user_count);
  add_bool(element, "active", state.active);
  add_bool(element, "locked", state.locked);
  add_all(element, state.extensions);
  return element;
}

bool has_nickname(const ConferenceInfo& info) {
  return info.users && std::ranges::any_of(info.users->list,
                                           [](const User& user) { return !user.nickname.empty(); });
}

}  // namespace

// RFC 4575 5
std::string to_text(const ConferenceInfo& info) {
  auto root = named("conference-info");
  add_attribute(root, "xmlns", xml_namespace);
  if (has_nickname(info)) add_attribute(root, "xmlns:xcon", xcon_namespace);
  add_attribute(root, "entity", info.entity);
  add_state(root, info.state);
  add_attribute(root, "version", std::to_string(info.version));
  add_all(root, info.attributes);

  if (info.description) root.children.push_back(to_element(*info.description));
  if (info.conference_state) root.children.push_back(to_element(*info.conference_state));
  if (info.users) root.children.push_back(to_element(*info.users));
  add_all(root, info.extensions);
  return xml::to_text(root) + "\r\n";
}

}  // namespace convene::conference
