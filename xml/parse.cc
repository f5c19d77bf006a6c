// The only file that knows pugixml.
#include <algorithm>
#include <pugixml.hpp>
#include <set>

#include "base/text.h"
#include "xml/characters.h"
#include "xml/element.h"

namespace convene::xml {

namespace {

// References are left alone (resolve_references is stricter than pugixml); white space is kept, to
// see the layout; text beside the root is kept, to refuse it.
constexpr unsigned how = pugi::parse_cdata | pugi::parse_eol | pugi::parse_wconv_attribute |
                         pugi::parse_declaration | pugi::parse_ws_pcdata | pugi::parse_fragment;

// Copies pugixml's tree into ours, and counts.
class Reader {
 public:
  Result<Element> read(pugi::xml_node node, std::size_t depth);

 private:
  Result<> read_attributes(pugi::xml_node node, Element& element);
  Result<> count() {
    if (++nodes_ <= max_nodes) return {};
    return fail(Fault::too_large, "XML of too many nodes");
  }

  std::size_t nodes_ = 0;
};

Result<> Reader::read_attributes(pugi::xml_node node, Element& element) {
  std::set<std::string_view> seen;
  for (const auto& attribute : node.attributes()) {
    TRY(count());
    if (!seen.insert(attribute.name()).second)
      return fail(Fault::malformed, "XML attribute given twice");
    element.attributes.push_back({attribute.name(), TRY(resolve_references(attribute.value()))});
  }
  return {};
}

Result<Element> Reader::read(pugi::xml_node node, std::size_t depth) {
  if (depth > max_depth) return fail(Fault::too_large, "XML nested too deeply");
  TRY(count());

  Element element;
  element.name = node.name();
  TRY(read_attributes(node, element));
  for (const auto& child : node.children()) {
    if (child.type() == pugi::node_pcdata) {
      TRY(count());
      element.text += TRY(resolve_references(child.value()));
    } else if (child.type() == pugi::node_cdata) {
      TRY(count());
      element.text += child.value();
    } else if (child.type() == pugi::node_element) {
      element.children.push_back(TRY(read(child, depth + 1)));
    }
  }

  if (element.children.empty()) return element;
  element.one_line = !element.text.contains('\n') &&
                     std::ranges::all_of(element.children, [](const Element& child) {
                       return child.children.empty() || child.one_line;
                     });
  element.text = std::string{trim(element.text)};
  return element;
}

Result<> check_declaration(pugi::xml_node declaration) {
  const std::string_view encoding = declaration.attribute("encoding").value();
  if (encoding.empty() || iequals(encoding, "UTF-8") || iequals(encoding, "US-ASCII")) return {};
  return fail(Fault::unsupported, "XML encoding " + std::string{encoding});
}

// The one element of a document that holds nothing else but white space.
Result<pugi::xml_node> root_of(const pugi::xml_document& document) {
  pugi::xml_node root;
  for (const auto& node : document.children()) {
    if (node.type() == pugi::node_declaration) {
      TRY(check_declaration(node));
    } else if (node.type() == pugi::node_element) {
      if (root) return fail(Fault::malformed, "XML with two roots");
      root = node;
    } else if (node.type() != pugi::node_pcdata || !trim(node.value()).empty()) {
      return fail(Fault::malformed, "XML with text beside its root");
    }
  }
  if (!root) return fail(Fault::malformed, "XML without a root");
  return root;
}

}  // namespace

Result<Element> parse_document(std::string_view text) {
  if (text.size() > max_octets) return fail(Fault::too_large, "XML of too many octets");
  if (!is_legal(text)) return fail(Fault::malformed, "XML with illegal characters");
  if (text.contains("<!DOCTYPE")) return fail(Fault::unsupported, "XML with DOCTYPE");

  pugi::xml_document document;
  const auto outcome = document.load_buffer(text.data(), text.size(), how, pugi::encoding_utf8);
  if (!outcome) return fail(Fault::malformed, std::string{"XML: "} + outcome.description());

  return Reader{}.read(TRY(root_of(document)), 1);
}

}  // namespace convene::xml
