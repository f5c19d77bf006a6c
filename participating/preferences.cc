#include "participating/preferences.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "cpm/policy_conditions.h"
#include "sip/uri.h"

namespace convene::participating {

namespace {

constexpr auto delivery_names = std::to_array<std::pair<Delivery, std::string_view>>({
    {Delivery::refuse, "refuse"},
    {Delivery::defer, "defer"},
});

std::optional<Delivery> delivery_of(std::string_view text) {
  for (const auto& [delivery, name] : delivery_names)
    if (iequals(text, name)) return delivery;
  return std::nullopt;
}

PreferenceActions read_actions(const xml::Element& rule) {
  const auto* element = rule.child("actions");
  if (element == nullptr) return {};
  return {.offline_storage = groups::bool_of(element->child_text("allow-offline-storage")),
          .delivery = delivery_of(groups::trimmed(element->child_text("delivery")))};
}

xml::Element element_of(const PreferenceRule& rule) {
  xml::Element element;
  element.name = "cp:rule";
  element.attributes = {{"id", rule.id}};
  element.children.push_back(groups::element_of(rule.conditions));
  auto& actions = element.children.emplace_back();
  actions.name = "cp:actions";
  if (const auto storage = rule.actions.offline_storage)
    actions.children.push_back(xml::leaf("allow-offline-storage", *storage ? "true" : "false"));
  if (const auto delivery = rule.actions.delivery)
    actions.children.push_back(xml::leaf("delivery", name_of(*delivery)));
  return element;
}

// RFC 4745 7: every condition holds. Nobody is in a list here.
bool is_about(const groups::Conditions& conditions, std::string_view other_party) {
  if (conditions.has_unknown || conditions.is_list_member || conditions.is_other) return false;
  return !conditions.has_identity ||
         (!other_party.empty() && cpm::is_named(conditions, other_party));
}

}  // namespace

std::string_view name_of(Delivery delivery) {
  return std::ranges::find(delivery_names, delivery, &std::pair<Delivery, std::string_view>::first)
      ->second;
}

Result<UserPreferences> parse_user_preferences(std::string_view text,
                                               const PreferenceLimits& limits) {
  const auto root = TRY(xml::parse_document(text));
  if (xml::local_name(root.name) != "user-preferences")
    return fail(Fault::malformed, "no user preferences");
  UserPreferences preferences;
  preferences.uri = groups::trimmed(root.attribute("uri"));
  if (preferences.uri.empty()) return fail(Fault::malformed, "user preferences without a URI");
  const auto* ruleset = root.child("ruleset");
  if (ruleset == nullptr) return preferences;
  for (const auto& element : ruleset->children) {
    if (xml::local_name(element.name) != "rule") continue;
    if (preferences.rules.size() == limits.rules) return fail(Fault::too_large, "rules of a user");
    auto conditions = TRY(groups::parse_conditions(element, limits.identities));
    preferences.rules.push_back({.id = groups::trimmed(element.attribute("id")),
                                 .conditions = std::move(conditions),
                                 .actions = read_actions(element)});
  }
  return preferences;
}

std::string to_text(const UserPreferences& preferences) {
  xml::Element root;
  root.name = "user-preferences";
  root.attributes = {{"xmlns:cp", "urn:ietf:params:xml:ns:common-policy"},
                     {"xmlns:ocp", "urn:oma:xml:xdm:common-policy"},
                     {"uri", preferences.uri}};
  auto& ruleset = root.children.emplace_back();
  ruleset.name = "cp:ruleset";
  for (const auto& rule : preferences.rules) ruleset.children.push_back(element_of(rule));
  return xml::to_text(root);
}

void Preferences::load(std::vector<UserPreferences> documents) {
  users_.clear();
  for (auto& document : documents) {
    auto address = sip::address_of_record(document.uri);
    users_.insert_or_assign(std::move(address), std::move(document));
  }
}

// RFC 4745 10.1: of several rules that are about it the strongest counts.
PreferenceActions Preferences::actions_for(std::string_view user,
                                           std::string_view other_party) const {
  PreferenceActions actions;
  const auto found = users_.find(user);
  if (found == users_.end()) return actions;
  for (const auto& rule : found->second.rules) {
    if (!is_about(rule.conditions, other_party)) continue;
    actions.offline_storage = std::max(actions.offline_storage, rule.actions.offline_storage);
    actions.delivery = std::max(actions.delivery, rule.actions.delivery);
  }
  return actions;
}

bool Preferences::keeps_history(std::string_view user, std::string_view other_party) const {
  return actions_for(user, other_party).offline_storage.value_or(defaults_.offline_storage);
}

Delivery Preferences::delivery(std::string_view user, std::string_view other_party) const {
  return actions_for(user, other_party).delivery.value_or(defaults_.delivery);
}

}  // namespace convene::participating
