#include "groups/common_policy.h"

#include <utility>

#include "base/text.h"

namespace convene::groups {

namespace {

// <identity><one id="sip:a@b"/><many domain="b"/></identity>. RFC 4745 7.1
Result<> read_identity(const xml::Element& identity, std::size_t most, Conditions& conditions) {
  conditions.has_identity = true;
  for (const auto& one : identity.children) {
    const auto name = xml::local_name(one.name);
    if (name == "one") {
      conditions.identities.push_back(trimmed(one.attribute("id")));
    } else if (name == "many" && one.children.empty()) {
      conditions.domains.push_back(trimmed(one.attribute("domain")));
    } else {  // with exceptions: who is excepted must not get in
      conditions.has_unknown = true;
    }
    if (conditions.identities.size() + conditions.domains.size() > most) {
      return fail(Fault::too_large, "identities of a rule");
    }
  }
  return {};
}

}  // namespace

std::optional<bool> bool_of(std::optional<std::string_view> text) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return std::nullopt;
}

std::string trimmed(std::optional<std::string_view> text) {
  return std::string{trim(text.value_or(""))};
}

Result<Conditions> parse_conditions(const xml::Element& rule, std::size_t most) {
  Conditions conditions;
  const auto* element = rule.child("conditions");
  if (!element) return conditions;
  for (const auto& one : element->children) {
    const auto name = xml::local_name(one.name);
    if (name == "is-list-member") {
      conditions.is_list_member = true;
    } else if (name == "other-identity") {
      conditions.is_other = true;
    } else if (name == "identity") {
      TRY(read_identity(one, most, conditions));
    } else {
      conditions.has_unknown = true;
    }
  }
  return conditions;
}

xml::Element element_of(const Conditions& conditions) {
  xml::Element element;
  element.name = "cp:conditions";
  const auto add = [&element](std::string_view name) -> xml::Element& {
    element.children.emplace_back();
    element.children.back().name = name;
    return element.children.back();
  };
  if (conditions.is_list_member) add("is-list-member");
  if (conditions.is_other) add("ocp:other-identity");
  if (conditions.has_unknown) add("unknown-condition");
  if (!conditions.has_identity) return element;
  auto& identity = add("cp:identity");
  for (const auto& id : conditions.identities) {
    identity.children.emplace_back();
    identity.children.back().name = "cp:one";
    identity.children.back().attributes = {{"id", id}};
  }
  for (const auto& domain : conditions.domains) {
    identity.children.emplace_back();
    identity.children.back().name = "cp:many";
    if (!domain.empty()) identity.children.back().attributes = {{"domain", domain}};
  }
  return element;
}

}  // namespace convene::groups
