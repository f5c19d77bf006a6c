#include "sdp/attributes.h"

#include <algorithm>

namespace convene::sdp {

bool Attributes::has(std::string_view name) const { return value(name).has_value(); }

std::optional<std::string_view> Attributes::value(std::string_view name) const {
  const auto found = std::ranges::find(all_, name, &Attribute::name);
  if (found == all_.end()) return std::nullopt;
  return found->value ? std::string_view{*found->value} : std::string_view{};
}

void Attributes::add(std::string_view name) { all_.push_back({std::string{name}, std::nullopt}); }

void Attributes::add(std::string_view name, std::string_view value) {
  all_.push_back({std::string{name}, std::string{value}});
}

void Attributes::set(std::string_view name, std::string_view value) {
  const auto found = std::ranges::find(all_, name, &Attribute::name);
  if (found == all_.end()) return add(name, value);
  found->value = value;
}

void Attributes::remove(std::string_view name) {
  std::erase_if(all_, [name](const Attribute& attribute) { return attribute.name == name; });
}

}  // namespace convene::sdp
