#include "sip/tag.h"

#include "sip/name_addr.h"

namespace convene::sip {

std::string tag_of(std::string_view from_or_to) {
  const auto address = parse_name_addr(from_or_to);
  return address ? std::string{address->params.value("tag").value_or("")} : std::string{};
}

std::string with_tag(std::string_view from_or_to, std::string_view tag) {
  auto address = parse_name_addr(from_or_to);
  if (!address) return std::string{from_or_to} + ";tag=" + std::string{tag};
  address->params.set("tag", tag);
  return to_text(*address);
}

std::string without_params(std::string_view from_or_to) {
  auto address = parse_name_addr(from_or_to);
  if (!address) return std::string{from_or_to};
  address->params = {};
  return to_text(*address);
}

}  // namespace convene::sip
