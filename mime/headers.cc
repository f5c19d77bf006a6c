#include "mime/headers.h"

#include <algorithm>

#include "base/text.h"

namespace convene::mime {

namespace {

// RFC 5322 2.2: ftext is any printable US-ASCII character but the colon.
bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// A value of ours must not be able to begin a new line.
std::string in_one_line(std::string_view value) {
  std::string text{value};
  std::ranges::replace_if(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return text;
}

Result<Header> parse_header(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return fail(Fault::malformed, "header without a colon");
  const auto name = trim(line.substr(0, colon));
  if (!is_name(name) || is_blank(line.front()))
    return fail(Fault::malformed, "header without a name");
  return Header{std::string{name}, std::string{trim(line.substr(colon + 1))}};
}

}  // namespace

std::optional<std::string_view> Headers::value(std::string_view name) const {
  const auto found = std::ranges::find_if(
      all_, [name](const Header& header) { return iequals(header.name, name); });
  if (found == all_.end()) return std::nullopt;
  return found->value;
}

void Headers::add(std::string_view name, std::string_view value) {
  all_.push_back({std::string{name}, std::string{value}});
}

void Headers::set(std::string_view name, std::string_view value) {
  const auto found = std::ranges::find_if(
      all_, [name](const Header& header) { return iequals(header.name, name); });
  if (found == all_.end()) return add(name, value);
  found->value = value;
}

void Headers::remove(std::string_view name) {
  std::erase_if(all_, [name](const Header& header) { return iequals(header.name, name); });
}

// RFC 5322 2.2
Result<HeaderBlock> parse_header_block(std::string_view text) {
  std::vector<Header> headers;
  std::size_t octets = 0;
  bool has_empty_line = false;
  while (!text.empty() && !has_empty_line) {
    const auto before = text.size();
    const auto line = take_line(text);
    octets += before - text.size();
    if (octets > max_header_octets) return fail(Fault::too_large, "header block");
    if (line.contains('\0') || line.contains('\r'))
      return fail(Fault::malformed, "header with a control character");

    if (line.empty()) {
      has_empty_line = true;
    } else if (is_blank(line.front()) && !headers.empty()) {  // RFC 5322 2.2.3: folded
      auto& value = headers.back().value;
      value = trim(value + " " + std::string{trim(line)});
    } else {
      if (headers.size() == max_headers) return fail(Fault::too_large, "number of headers");
      headers.push_back(TRY(parse_header(line)));
    }
  }

  HeaderBlock block{.headers = {}, .rest = text, .has_empty_line = has_empty_line};
  for (const auto& [name, value] : headers) block.headers.add(name, value);
  return block;
}

std::string to_text(const Headers& headers) {
  std::string text;
  for (const auto& [name, value] : headers.all())
    text += in_one_line(name) + ": " + in_one_line(value) + "\r\n";
  return text;
}

}  // namespace convene::mime
