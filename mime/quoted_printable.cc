#include "mime/quoted_printable.h"

#include <charconv>

namespace convene::mime {

namespace {

// Without blanks and tabs at its end: they were added on the way. RFC 2045 6.7 (3)
std::string_view without_padding(std::string_view line) {
  const auto last = line.find_last_not_of(" \t");
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

Result<> append_decoded(std::string& out, std::string_view line) {
  while (!line.empty()) {
    if (line.front() != '=') {
      out += line.front();
      line.remove_prefix(1);
      continue;
    }
    unsigned octet = 0;
    const auto digits = line.substr(1, 2);
    const auto* const end = digits.data() + digits.size();
    if (digits.size() < 2 || std::from_chars(digits.data(), end, octet, 16).ptr != end)
      return fail(Fault::malformed, "quoted-printable");
    out += static_cast<char>(octet);
    line.remove_prefix(3);
  }
  return {};
}

}  // namespace

// RFC 2045 6.7
Result<std::string> from_quoted_printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto newline = text.find('\n');
    const bool has_end = newline != std::string_view::npos;
    auto line = text.substr(0, newline);
    text.remove_prefix(has_end ? newline + 1 : text.size());

    const bool has_cr = has_end && line.ends_with('\r');
    if (has_cr) line.remove_suffix(1);
    line = without_padding(line);
    const bool is_soft = line.ends_with('=');  // (5) a soft line break
    if (is_soft) line.remove_suffix(1);
    TRY(append_decoded(out, line));
    if (has_end && !is_soft) out += has_cr ? "\r\n" : "\n";
  }
  return out;
}

}  // namespace convene::mime
