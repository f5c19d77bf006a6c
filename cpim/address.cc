#include <algorithm>

#include "base/text.h"
#include "cpim/message.h"

namespace convene::cpim {

namespace {

// Where the quoted string that `text` begins with ends, behind its closing quote.
std::size_t end_of_quoted(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

bool is_uri(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet > ' ' && octet != 0x7F && c != '<' && c != '>' && c != '"';
  });
}

// The URI within <>, and nothing but blanks behind it.
Result<std::string> parse_bracketed_uri(std::string_view text) {
  const auto end = text.find('>');
  if (!text.starts_with('<') || end == std::string_view::npos ||
      !trim(text.substr(end + 1)).empty())
    return fail(Fault::malformed, "CPIM address without its <URI>");
  const auto uri = trim(text.substr(1, end - 1));
  if (!is_uri(uri)) return fail(Fault::malformed, "CPIM address with an unreadable URI");
  return std::string{uri};
}

}  // namespace

// mbox = [ Formal-name ] "<" URI ">", Formal-name = 1*( Token SP ) / String. RFC 3862 3.1
Result<Address> parse_address(std::string_view text) {
  text = trim(text);
  if (text.starts_with('"')) {
    const auto end = end_of_quoted(text);
    if (end == std::string_view::npos)
      return fail(Fault::malformed, "CPIM address without its closing quote");
    return Address{.display = unescape(text.substr(1, end - 2)),
                   .uri = TRY(parse_bracketed_uri(trim(text.substr(end))))};
  }

  const auto bracket = text.find('<');
  if (bracket == std::string_view::npos) {
    if (!is_uri(text)) return fail(Fault::malformed, "CPIM address without a URI");
    return Address{.display = {}, .uri = std::string{text}};
  }
  return Address{.display = unescape(trim(text.substr(0, bracket))),
                 .uri = TRY(parse_bracketed_uri(text.substr(bracket)))};
}

std::string to_text(const Address& address) {
  const auto bracketed = '<' + address.uri + '>';
  if (address.display.empty()) return bracketed;
  std::string quoted;
  for (const char c : escape(address.display)) {
    if (c == '"') quoted += '\\';
    quoted += c;
  }
  return '"' + quoted + "\" " + bracketed;
}

}  // namespace convene::cpim
