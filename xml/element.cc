#include "xml/element.h"

#include <algorithm>

#include "base/text.h"

namespace convene::xml {

std::string_view local_name(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::optional<std::string_view> Element::attribute(std::string_view local) const {
  const auto found = std::ranges::find_if(attributes, [local](const Attribute& attribute) {
    return !attribute.name.starts_with("xmlns") && local_name(attribute.name) == local;
  });
  if (found == attributes.end()) return std::nullopt;
  return found->value;
}

const Element* Element::child(std::string_view local) const {
  const auto found = std::ranges::find_if(
      children, [local](const Element& element) { return local_name(element.name) == local; });
  return found == children.end() ? nullptr : &*found;
}

std::optional<std::string_view> Element::child_text(std::string_view local) const {
  const auto* found = child(local);
  if (!found) return std::nullopt;
  return trim(found->text);
}

Element leaf(std::string_view name, std::string_view text) {
  Element element;
  element.name = name;
  element.text = text;
  return element;
}

}  // namespace convene::xml
