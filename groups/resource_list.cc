#include "groups/resource_list.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>

#include "base/text.h"

namespace convene::groups {

namespace {

constexpr std::string_view xml_namespace = "urn:ietf:params:xml:ns:resource-lists";
constexpr std::string_view copy_control_namespace = "urn:ietf:params:xml:ns:copycontrol";

// What an absent or unknown value means, too. RFC 5364 4
CopyControl parse_copy_control(std::string_view text) {
  if (iequals(text, "to")) return CopyControl::to;
  if (iequals(text, "cc")) return CopyControl::cc;
  return CopyControl::bcc;
}

std::optional<std::uint32_t> parse_count(std::string_view text) {
  const auto number = to_number(trim(text));
  if (!number || *number > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

// Declarations that we write anew.
bool is_ours(const xml::Attribute& attribute) {
  return attribute.name == "xmlns" || attribute.name == "xmlns:cp";
}

// <entry uri="sip:bob@example.com" cp:copyControl="to"/>. RFC 4826 3.2, RFC 5364 4
Result<Entry> parse_entry(const xml::Element& element) {
  Entry entry;
  for (const auto& attribute : element.attributes) {
    const bool is_declaration = attribute.name.starts_with("xmlns");
    const auto name = is_declaration ? std::string_view{} : xml::local_name(attribute.name);
    if (is_ours(attribute)) continue;
    if (attribute.name == "uri") {
      entry.uri = trim(attribute.value);
    } else if (name == "copyControl") {
      entry.copy_control = parse_copy_control(trim(attribute.value));
    } else if (name == "anonymize") {
      entry.anonymize = trim(attribute.value) == "true" || trim(attribute.value) == "1";
    } else if (name == "count") {
      entry.count = parse_count(attribute.value);
    } else {
      entry.attributes.push_back(attribute);
    }
  }
  if (entry.uri.empty()) return fail(Fault::malformed, "resource list entry without a URI");
  entry.display_name = element.child_text("display-name").value_or("");
  return entry;
}

// Adds entries, and collapses those with the same URI. RFC 5364 4
class Collector {
 public:
  explicit Collector(std::size_t max_entries) : max_entries_{max_entries} {}

  Result<> add(Entry entry) {
    const auto [place, is_new] = places_.try_emplace(entry.uri, entries_.size());
    if (!is_new) {
      auto& first = entries_[place->second];
      first.copy_control = std::max(first.copy_control, entry.copy_control);
      return {};
    }
    if (entries_.size() == max_entries_) return fail(Fault::too_large, "resource list");
    entries_.push_back(std::move(entry));
    return {};
  }

  std::vector<Entry> take() { return std::move(entries_); }

 private:
  std::size_t max_entries_;
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t> places_;
};

xml::Element to_element(const Entry& entry) {
  xml::Element element;
  element.name = "entry";
  element.attributes = {{"uri", entry.uri},
                        {"cp:copyControl", std::string{name_of(entry.copy_control)}}};
  if (entry.anonymize) element.attributes.push_back({"cp:anonymize", "true"});
  if (entry.count) element.attributes.push_back({"cp:count", std::to_string(*entry.count)});
  element.attributes.insert(element.attributes.end(), entry.attributes.begin(),
                            entry.attributes.end());
  if (entry.display_name.empty()) return element;
  element.children.push_back(xml::leaf("display-name", entry.display_name));
  element.one_line = true;
  return element;
}

}  // namespace

std::string_view name_of(CopyControl copy_control) {
  switch (copy_control) {
    case CopyControl::bcc: return "bcc";
    case CopyControl::cc: return "cc";
    case CopyControl::to: return "to";
  }
  return {};
}

// RFC 4826 3.2, RFC 5363 3
Result<ResourceList> parse_resource_list(std::string_view text, std::size_t max_entries) {
  const auto root = TRY(xml::parse_document(text));
  if (xml::local_name(root.name) != "resource-lists")
    return fail(Fault::malformed, "no resource list");

  Collector collector{max_entries};
  for (const auto& list : root.children) {
    if (xml::local_name(list.name) != "list") continue;
    for (const auto& element : list.children) {
      if (xml::local_name(element.name) == "entry") {
        auto entry = TRY(parse_entry(element));
        TRY(collector.add(std::move(entry)));
      }
    }
  }

  ResourceList list{.entries = collector.take()};
  std::ranges::remove_copy_if(root.attributes, std::back_inserter(list.attributes), is_ours);
  return list;
}

std::string to_text(const ResourceList& list) {
  xml::Element root;
  root.name = "resource-lists";
  root.attributes = {{"xmlns", std::string{xml_namespace}},
                     {"xmlns:cp", std::string{copy_control_namespace}}};
  root.attributes.insert(root.attributes.end(), list.attributes.begin(), list.attributes.end());

  auto& flat = root.children.emplace_back();
  flat.name = "list";
  for (const auto& entry : list.entries) flat.children.push_back(to_element(entry));
  return xml::to_text(root);
}

}  // namespace convene::groups
