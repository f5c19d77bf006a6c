#include "groups/group_document.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/text.h"
#include "xml/element.h"

namespace convene::groups {

namespace {

constexpr auto join_names = std::to_array<std::pair<JoinHandling, std::string_view>>({
    {JoinHandling::block, "block"},
    {JoinHandling::confirm, "confirm"},
    {JoinHandling::allow, "allow"},
});

// OMA wrote numbers first (0, 1, 2), and words later.
std::optional<JoinHandling> join_of(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  for (const auto& [handling, name] : join_names) {
    if (iequals(*text, name)) return handling;
  }
  if (const auto is_allowed = bool_of(text)) {
    return *is_allowed ? JoinHandling::allow : JoinHandling::block;
  }
  return std::nullopt;
}

Result<std::vector<GroupMember>> read_members(const xml::Element& service, std::size_t most) {
  std::vector<GroupMember> members;
  const auto* list = service.child("list");
  if (!list) return members;
  for (const auto& entry : list->children) {
    if (xml::local_name(entry.name) != "entry") continue;
    GroupMember member{.uri = trimmed(entry.attribute("uri")),
                       .display_name = trimmed(entry.child_text("display-name"))};
    if (member.uri.empty()) return fail(Fault::malformed, "a group member without a URI");
    const bool is_there =
        std::ranges::find(members, member.uri, &GroupMember::uri) != members.end();
    if (is_there) continue;
    if (members.size() == most) return fail(Fault::too_large, "members of a group");
    members.push_back(std::move(member));
  }
  return members;
}

Actions read_actions(const xml::Element& rule) {
  const auto* element = rule.child("actions");
  if (!element) return {};
  return {.join = join_of(element->child_text("join-handling")),
          .initiate = bool_of(element->child_text("allow-initiate-conference")),
          .anonymity = bool_of(element->child_text("allow-anonymity")),
          .invite_others = bool_of(element->child_text("allow-invite-users-dynamically")),
          .conference_state = bool_of(element->child_text("allow-conference-state"))};
}

Result<std::vector<Rule>> read_rules(const xml::Element& ruleset,
                                     const GroupDocumentLimits& limits) {
  std::vector<Rule> rules;
  for (const auto& element : ruleset.children) {
    if (xml::local_name(element.name) != "rule") continue;
    if (rules.size() == limits.rules) return fail(Fault::too_large, "rules of a group");
    auto conditions = TRY(parse_conditions(element, limits.identities));
    rules.push_back({.id = trimmed(element.attribute("id")),
                     .conditions = std::move(conditions),
                     .actions = read_actions(element)});
  }
  return rules;
}

// <group> with a <list-service>, or that alone.
const xml::Element* service_in(const xml::Element& root) {
  if (xml::local_name(root.name) == "list-service") return &root;
  return xml::local_name(root.name) == "group" ? root.child("list-service") : nullptr;
}

// ---- printing ----

xml::Element flag(std::string_view name, bool value) {
  return xml::leaf(name, value ? "true" : "false");
}

xml::Element element_of(const Actions& actions) {
  xml::Element element;
  element.name = "cp:actions";
  const auto add = [&element](std::string_view name, std::optional<bool> value) {
    if (value) element.children.push_back(flag(name, *value));
  };
  if (actions.join) element.children.push_back(xml::leaf("join-handling", name_of(*actions.join)));
  add("allow-initiate-conference", actions.initiate);
  add("allow-anonymity", actions.anonymity);
  add("allow-invite-users-dynamically", actions.invite_others);
  add("allow-conference-state", actions.conference_state);
  return element;
}

xml::Element element_of(const std::vector<Rule>& rules) {
  xml::Element element;
  element.name = "cp:ruleset";
  for (const auto& rule : rules) {
    auto& one = element.children.emplace_back();
    one.name = "cp:rule";
    one.attributes = {{"id", rule.id}};
    one.children = {element_of(rule.conditions), element_of(rule.actions)};
  }
  return element;
}

xml::Element element_of(const std::vector<GroupMember>& members) {
  xml::Element list;
  list.name = "list";
  for (const auto& member : members) {
    auto& entry = list.children.emplace_back();
    entry.name = "entry";
    entry.attributes = {{"uri", member.uri}};
    if (!member.display_name.empty()) {
      entry.children.push_back(xml::leaf("rl:display-name", member.display_name));
      entry.one_line = true;
    }
  }
  return list;
}

}  // namespace

std::string_view name_of(JoinHandling handling) {
  return std::ranges::find(join_names, handling, &std::pair<JoinHandling, std::string_view>::first)
      ->second;
}

Result<GroupDocument> parse_group_document(std::string_view text,
                                           const GroupDocumentLimits& limits) {
  const auto root = TRY(xml::parse_document(text));
  const auto* service = service_in(root);
  if (!service) return fail(Fault::malformed, "no group document");

  GroupDocument document{.uri = trimmed(service->attribute("uri"))};
  if (document.uri.empty()) return fail(Fault::malformed, "a group without a URI");
  document.display_name = trimmed(service->child_text("display-name"));
  document.subject = trimmed(service->child_text("subject"));
  document.members = TRY(read_members(*service, limits.members));
  const auto count = to_number(trimmed(service->child_text("max-participant-count")));
  if (count && *count <= std::numeric_limits<std::uint32_t>::max()) {
    document.max_participants = static_cast<std::uint32_t>(*count);
  }
  document.invites_members = bool_of(service->child_text("invite-members")).value_or(true);
  if (const auto* ruleset = service->child("ruleset")) {
    document.rules = TRY(read_rules(*ruleset, limits));
  }
  return document;
}

std::string to_text(const GroupDocument& document) {
  xml::Element root;
  root.name = "group";
  root.attributes = {{"xmlns", "urn:oma:xml:poc:list-service"},
                     {"xmlns:rl", "urn:ietf:params:xml:ns:resource-lists"},
                     {"xmlns:cp", "urn:ietf:params:xml:ns:common-policy"},
                     {"xmlns:ocp", "urn:oma:xml:xdm:common-policy"}};
  auto& service = root.children.emplace_back();
  service.name = "list-service";
  service.attributes = {{"uri", document.uri}};
  const auto add = [&service](std::string_view name, std::string_view text) {
    if (!text.empty()) service.children.push_back(xml::leaf(name, text));
  };
  add("display-name", document.display_name);
  add("subject", document.subject);
  service.children.push_back(element_of(document.members));
  if (document.max_participants) {
    add("max-participant-count", std::to_string(*document.max_participants));
  }
  service.children.push_back(flag("invite-members", document.invites_members));
  if (document.rules) service.children.push_back(element_of(*document.rules));
  return xml::to_text(root);
}

}  // namespace convene::groups
