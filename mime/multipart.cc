#include "mime/multipart.h"

#include <algorithm>

#include "base/text.h"

namespace convene::mime {

namespace {

// boundary := 0*69<bchars> bcharsnospace. RFC 2046 5.1.1. Kept wide: any printable character.
Result<std::string> boundary_of(const ContentType& type) {
  const auto boundary = type.param("boundary").value_or("");
  const bool is_printable =
      std::ranges::all_of(boundary, [](char c) { return c >= ' ' && c < 0x7F; });
  if (boundary.empty() || boundary.size() > max_boundary || boundary.ends_with(' ') ||
      !is_printable)
    return fail(Fault::malformed, "multipart without a proper boundary");
  return std::string{boundary};
}

// A line that separates parts, with the line end before it and its own.
struct Delimiter {
  std::size_t begin = std::string_view::npos;  // npos: there is none
  std::size_t end = 0;
  bool is_last = false;
};

// Where the body that ends before the line at `line` ends: its line end belongs to the delimiter.
std::size_t before_line_end(std::string_view text, std::size_t line, std::size_t from) {
  if (line > from && text[line - 1] == '\n') --line;
  if (line > from && text[line - 1] == '\r') --line;
  return line;
}

// The first delimiter line at or after `from`, which is the start of a line. RFC 2046 5.1.1
Delimiter find_delimiter(std::string_view text, std::string_view dash_boundary, std::size_t from) {
  for (std::size_t at = text.find(dash_boundary, from); at != std::string_view::npos;
       at = text.find(dash_boundary, at + 1)) {
    if (at != from && text[at - 1] != '\n') continue;
    const auto newline = text.find('\n', at);
    const auto end = newline == std::string_view::npos ? text.size() : newline + 1;
    const auto after = text.substr(at + dash_boundary.size(), end - at - dash_boundary.size());
    const bool is_last = after.starts_with("--");
    if (!trim(after.substr(is_last ? 2 : 0)).empty()) continue;  // a longer boundary: not ours
    return {.begin = before_line_end(text, at, from), .end = end, .is_last = is_last};
  }
  return {};
}

Result<Part> parse_part(std::string_view text) {
  auto block = TRY(parse_header_block(text));
  return Part{std::move(block.headers), std::string{block.rest}};
}

Result<Multipart> make(std::string_view subtype, std::string_view boundary,
                       std::vector<Part> parts) {
  Multipart multipart{{"multipart/" + std::string{subtype}, {}}, std::move(parts)};
  multipart.type.params.push_back({"boundary", std::string{boundary}});
  TRY(boundary_of(multipart.type));

  const auto dash_boundary = "--" + std::string{boundary};
  for (const auto& part : multipart.parts) {
    if (part.body.contains(dash_boundary) || to_text(part.headers).contains(dash_boundary))
      return fail(Fault::malformed, "the boundary occurs in a part");
  }
  return multipart;
}

// Appends the leaves of one part. `depth` counts the multiparts around it.
Result<> collect(Part part, std::size_t depth, std::vector<Part>& leaves) {
  const auto type = parse_content_type(part.headers.value("Content-Type").value_or(""));
  if (!type || !type->is_multipart()) {
    if (leaves.size() == max_parts) return fail(Fault::too_large, "number of parts");
    leaves.push_back(std::move(part));
    return {};
  }
  if (depth == max_nesting) return fail(Fault::too_large, "multiparts nested too deeply");
  auto multipart = TRY(parse_multipart(*type, part.body));
  for (auto& inner : multipart.parts) TRY(collect(std::move(inner), depth + 1, leaves));
  return {};
}

template <class Matches>
const Part* find(const std::vector<Part>& parts, Matches matches) {
  const auto found = std::ranges::find_if(parts, matches);
  return found == parts.end() ? nullptr : &*found;
}

}  // namespace

// multipart-body := [preamble CRLF] dash-boundary CRLF body-part *encapsulation close-delimiter
// [CRLF epilogue]. RFC 2046 5.1.1
Result<Multipart> parse_multipart(const ContentType& type, std::string_view body) {
  const auto dash_boundary = "--" + TRY(boundary_of(type));
  Multipart multipart{type, {}};

  auto delimiter = find_delimiter(body, dash_boundary, 0);
  if (delimiter.begin == std::string_view::npos || delimiter.is_last)
    return fail(Fault::malformed, "multipart without a part");
  while (!delimiter.is_last) {
    const auto from = delimiter.end;
    delimiter = find_delimiter(body, dash_boundary, from);
    if (delimiter.begin == std::string_view::npos)
      return fail(Fault::malformed, "multipart without its end");
    if (multipart.parts.size() == max_parts) return fail(Fault::too_large, "number of parts");
    multipart.parts.push_back(TRY(parse_part(body.substr(from, delimiter.begin - from))));
  }
  return multipart;
}

std::string to_text(const Multipart& multipart) {
  const auto dash_boundary = "--" + std::string{multipart.type.param("boundary").value_or("")};
  std::string text;
  for (const auto& part : multipart.parts)
    text += dash_boundary + "\r\n" + to_text(part.headers) + "\r\n" + part.body + "\r\n";
  return text + dash_boundary + "--\r\n";
}

Result<Multipart> make_mixed(std::string_view boundary, std::vector<Part> parts) {
  return make("mixed", boundary, std::move(parts));
}

// RFC 2387 3.1
Result<Multipart> make_related(std::string_view boundary, std::vector<Part> parts) {
  const auto root_type = parts.empty() ? "text/plain" : type_of(parts.front());
  auto multipart = TRY(make("related", boundary, std::move(parts)));
  multipart.type.params.push_back({"type", root_type});
  return multipart;
}

// RFC 2387 3.2
const Part* root_of(const Multipart& multipart) {
  if (multipart.parts.empty()) return nullptr;
  if (const auto start = multipart.type.param("start")) {
    const auto id = trim(*start);
    const bool has_angles = id.starts_with('<') && id.ends_with('>');
    const auto* root =
        find_by_content_id(multipart.parts, has_angles ? id.substr(1, id.size() - 2) : id);
    if (root) return root;
  }
  return &multipart.parts.front();
}

Result<std::vector<Part>> leaves_of(std::string_view content_type, std::string_view body) {
  Part whole{{}, std::string{body}};
  if (!content_type.empty()) whole.headers.add("Content-Type", content_type);
  std::vector<Part> leaves;
  TRY(collect(std::move(whole), 0, leaves));
  return leaves;
}

const Part* find_by_type(const std::vector<Part>& parts, std::string_view type) {
  return find(parts, [type](const Part& part) { return iequals(type_of(part), type); });
}

const Part* find_by_content_id(const std::vector<Part>& parts, std::string_view content_id) {
  if (content_id.empty()) return nullptr;
  return find(parts, [=](const Part& part) { return content_id_of(part) == content_id; });
}

const Part* find_by_disposition(const std::vector<Part>& parts, std::string_view disposition) {
  return find(parts, [=](const Part& part) { return iequals(disposition_of(part), disposition); });
}

}  // namespace convene::mime
