#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "xml/element.h"

namespace convene::groups {

inline constexpr std::string_view content_type = "application/resource-lists+xml";

// Weakest first. RFC 5364 4.
enum class CopyControl { bcc, cc, to };

// One recipient. RFC 4826 3, RFC 5364 4.
struct Entry {
  std::string uri = {};  // as written; may hold headers: "sip:bob@example.com?Session-Replaces=..."
  std::string display_name = {};
  CopyControl copy_control = CopyControl::bcc;  // what absence means, too
  bool anonymize = false;
  std::optional<std::uint32_t> count = {};      // how many anonymous ones this entry stands for
  std::vector<xml::Attribute> attributes = {};  // what we do not read, in order
  bool operator==(const Entry&) const = default;
};

// The flat list of a recipient-list body.
struct ResourceList {
  std::vector<Entry> entries = {};
  std::vector<xml::Attribute> attributes = {};  // of the root, what we do not read
  bool operator==(const ResourceList&) const = default;
};

inline constexpr std::size_t default_max_entries = 1000;

// Nested lists, entry-refs and external lists are ignored. Of several entries with the same URI
// text the first stays, with the strongest copyControl. More than `max_entries` is
// Fault::too_large.
Result<ResourceList> parse_resource_list(std::string_view text,
                                         std::size_t max_entries = default_max_entries);
std::string to_text(const ResourceList& list);

std::string_view name_of(CopyControl copy_control);

}  // namespace convene::groups
