#include "sip/feature_tags.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace convene::sip {

namespace {

constexpr std::size_t max_values = 128;  // of one tag; a peer's further ones are not read

bool is_feature_tag(std::string_view name) {
  constexpr std::array<std::string_view, 20> base_tags{
      "audio",       "automata", "class",    "duplex",  "data",    "control",     "mobility",
      "description", "events",   "priority", "methods", "schemes", "application", "video",
      "language",    "type",     "isfocus",  "actor",   "text",    "extensions"};
  return name.starts_with('+') ||
         std::ranges::any_of(base_tags, [&](std::string_view tag) { return iequals(tag, name); });
}

// 3GPP TS 24.229 7.2A.8.2, 7.2A.9.2
bool holds_urns(std::string_view tag) {
  return iequals(tag, "+g.3gpp.icsi-ref") || iequals(tag, "+g.3gpp.iari-ref");
}

// string-value = "<" *(qdtext-no-abkt / quoted-pair ) ">": not a list, and its case counts.
bool is_string_value(std::string_view value) {
  return value.size() >= 2 && value.starts_with('<') && value.ends_with('>');
}

std::string normal_value(std::string_view tag, std::string_view value) {
  value = trim(value);
  if (!holds_urns(tag)) return std::string{value};
  return to_lower(percent_decode(value).value_or(std::string{value}));
}

bool are_same(std::string_view a, std::string_view b) {
  return is_string_value(a) ? a == b : iequals(a, b);
}

// A URN may not stand in a tag-value: both its colons are encoded, "urn%3Aurn-7%3A3gpp-service...".
std::string value_text(std::string_view tag, std::string_view value) {
  return holds_urns(tag) ? percent_encode(value, "-.*_+`'~") : std::string{value};
}

}  // namespace

bool FeatureTags::has(std::string_view tag) const { return find(tag) != nullptr; }

bool FeatureTags::has(std::string_view tag, std::string_view value) const {
  const auto normal = normal_value(tag, value);
  return std::ranges::any_of(values(tag),
                             [&](const std::string& one) { return are_same(one, normal); });
}

std::span<const std::string> FeatureTags::values(std::string_view tag) const {
  const auto* found = find(tag);
  return found == nullptr ? std::span<const std::string>{} : found->values;
}

std::string_view FeatureTags::instance() const {
  const auto found = values("+sip.instance");
  if (found.empty()) return {};
  const std::string_view value = found.front();
  return is_string_value(value) ? value.substr(1, value.size() - 2) : value;
}

void FeatureTags::add(std::string_view tag) { find_or_add(tag); }

void FeatureTags::add(std::string_view tag, std::string_view value) {
  auto& found = find_or_add(tag);
  if (!has(tag, value)) found.values.push_back(normal_value(tag, value));
}

void FeatureTags::remove(std::string_view tag) {
  std::erase_if(all_, [&](const Tag& one) { return iequals(one.name, tag); });
}

bool FeatureTags::operator==(const FeatureTags& other) const {
  const auto is_in_other = [&](const Tag& tag) {
    const auto* found = other.find(tag.name);
    return found != nullptr && std::ranges::is_permutation(tag.values, found->values, are_same);
  };
  return all_.size() == other.all_.size() && std::ranges::all_of(all_, is_in_other);
}

const FeatureTags::Tag* FeatureTags::find(std::string_view tag) const {
  const auto found =
      std::ranges::find_if(all_, [&](const Tag& one) { return iequals(one.name, tag); });
  return found == all_.end() ? nullptr : &*found;
}

FeatureTags::Tag& FeatureTags::find_or_add(std::string_view tag) {
  const auto found =
      std::ranges::find_if(all_, [&](const Tag& one) { return iequals(one.name, tag); });
  if (found != all_.end()) return *found;
  return all_.emplace_back(Tag{.name = to_lower(tag), .values = {}});
}

// RFC 3840 9
FeatureTags feature_tags(const Params& params) {
  FeatureTags tags;
  for (const auto& param : params.all()) {
    if (!is_feature_tag(param.name)) continue;
    tags.add(param.name);
    if (!param.value) continue;
    if (is_string_value(trim(*param.value))) {
      tags.add(param.name, *param.value);
      continue;
    }
    for (const auto value : split(*param.value, ',')) {
      const bool is_full = tags.values(param.name).size() == max_values;
      if (!trim(value).empty() && !is_full) tags.add(param.name, value);
    }
  }
  return tags;
}

// RFC 3840 9: "There MUST only be one instance of any feature tag".
void set_feature_tags(Params& params, const FeatureTags& tags) {
  const auto former = params;
  for (const auto& param : former.all()) {
    if (is_feature_tag(param.name)) params.remove(param.name);
  }
  for (const auto& tag : tags.all_) {
    std::string list;
    for (const auto& value : tag.values) {
      if (!list.empty()) list += ',';
      list += value_text(tag.name, value);
    }
    if (list.empty())
      params.add(tag.name);
    else
      params.add_quoted(tag.name, list);
  }
}

}  // namespace convene::sip
