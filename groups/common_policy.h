#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "xml/element.h"

// What the rules of RFC 4745 (common policy) have in common, whatever they grant.
namespace convene::groups {

// Whom a rule is about. RFC 4745 7; all kinds that are there must hold.
struct Conditions {
  bool is_list_member = false;               // <is-list-member/>
  bool is_other = false;                     // <other-identity/>: whom no other rule is about
  bool has_identity = false;                 // <identity>: one of these
  std::vector<std::string> identities = {};  // <one id="">
  std::vector<std::string> domains = {};     // <many domain="">; empty text: every domain
  bool has_unknown = false;  // one that we cannot check: the rule is about nobody. RFC 4745 7
  bool operator==(const Conditions&) const = default;
};

// The <conditions> of a <rule>. Fault::too_large over `most` identities.
Result<Conditions> parse_conditions(const xml::Element& rule, std::size_t most);
xml::Element element_of(const Conditions& conditions);

std::optional<bool> bool_of(std::optional<std::string_view> text);  // of XML Schema
std::string trimmed(std::optional<std::string_view> text);

}  // namespace convene::groups
