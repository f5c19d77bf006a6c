#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "mime/part.h"

namespace convene::mime {

inline constexpr std::size_t max_parts = 64;     // in all, through nested multiparts
inline constexpr std::size_t max_nesting = 8;    // multiparts within multiparts
inline constexpr std::size_t max_boundary = 70;  // RFC 2046 5.1.1

// multipart/mixed, multipart/related (RFC 2387) and their like. The boundary is a parameter of the
// type. Preamble and epilogue are dropped.
struct Multipart {
  ContentType type = {};
  std::vector<Part> parts = {};
  bool operator==(const Multipart&) const = default;
};

Result<Multipart> parse_multipart(const ContentType& type, std::string_view body);
std::string to_text(const Multipart& multipart);  // the body; to_text(multipart.type) is its header

// The boundary is the caller's choice (of its Random). Fault::malformed when it occurs in a part or
// is no boundary: choose another.
Result<Multipart> make_mixed(std::string_view boundary, std::vector<Part> parts);

// The first part is the root, and its type the parameter "type". RFC 2387 3.1.
Result<Multipart> make_related(std::string_view boundary, std::vector<Part> parts);

// The part named by "start", or else the first; nullptr when there is none. RFC 2387 3.2.
const Part* root_of(const Multipart& multipart);

// All parts that are not multiparts themselves, in order, through every nesting. A body that is no
// multipart is one part. An empty content type stands for text/plain.
Result<std::vector<Part>> leaves_of(std::string_view content_type, std::string_view body);

// The first that matches, or nullptr. They point into `parts`.
const Part* find_by_type(const std::vector<Part>& parts, std::string_view type);
const Part* find_by_content_id(const std::vector<Part>& parts, std::string_view content_id);
const Part* find_by_disposition(const std::vector<Part>& parts, std::string_view disposition);

}  // namespace convene::mime
