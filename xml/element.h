#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace convene::xml {

struct Attribute {
  std::string name = {};  // as written, with its prefix: "cp:copyControl", "xmlns:cp"
  std::string value = {};
  bool operator==(const Attribute&) const = default;
};

// One element of a document, as a plain tree. Names stand as they were written, and are looked up
// by their local part: peers disagree about prefixes, never about names. Comments and processing
// instructions are dropped.
struct Element {
  std::string name = {};                   // as written, with its prefix
  std::vector<Attribute> attributes = {};  // in order, namespace declarations among them
  std::vector<Element> children = {};
  std::string text = {};  // of the element itself; trimmed when it has children
  bool one_line = false;  // layout: its children stand in its own line, theirs too

  // All by local name; nothing when absent. References live as long as the element is unchanged.
  std::optional<std::string_view> attribute(std::string_view local) const;
  const Element* child(std::string_view local) const;
  std::optional<std::string_view> child_text(std::string_view local) const;  // trimmed

  bool operator==(const Element&) const = default;
};

// "copyControl" of "cp:copyControl".
std::string_view local_name(std::string_view name);

// <name>text</name>
Element leaf(std::string_view name, std::string_view text);

inline constexpr std::size_t max_octets = 256 * 1024;
inline constexpr std::size_t max_depth = 32;
inline constexpr std::size_t max_nodes = 20'000;  // elements, attributes and texts

// One document in UTF-8. DOCTYPE and other encodings are Fault::unsupported, a passed limit is
// Fault::too_large, everything else that is no XML is Fault::malformed. No entities but the five of
// XML itself and numbers.
Result<Element> parse_document(std::string_view text);

// The document with its declaration, lines ended by CRLF and indented by one blank per level from
// the third on, and no line end after the last tag. What XML cannot carry (control characters,
// broken UTF-8) becomes U+FFFD.
std::string to_text(const Element& root);

}  // namespace convene::xml
