#include "sip/name_addr.h"

#include <algorithm>

#include "sip/grammar.h"

namespace convene::sip {

namespace {

// display-name = *( token LWS ) / quoted-string. Of unquoted ones also what is no token but cannot
// be misread.
Result<std::string> parse_display(std::string_view text) {
  if (text.starts_with('"')) {
    const auto length = quoted_length(text);
    if (!length || *length != text.size()) return fail(Fault::malformed, "quoted display name");
    return unquote(text);
  }
  if (text.find_first_of("\",;<>\\") != text.npos) return fail(Fault::malformed, "display name");
  return std::string{text};
}

// addr-spec without <>: RFC 3261 20.10 forbids comma and question mark; a semicolon ends it.
Result<NameAddr> parse_bare(std::string_view text) {
  const auto semicolon = std::min(text.find(';'), text.size());
  const auto spec = trim_blanks(text.substr(0, semicolon));
  if (spec.find_first_of(",?") != spec.npos) return fail(Fault::malformed, "address that needs <>");

  NameAddr address;
  address.uri = TRY(parse_uri(spec));
  address.params = TRY(parse_params(text.substr(semicolon)));
  return address;
}

}  // namespace

// ( name-addr / addr-spec ) *( SEMI generic-param ). RFC 3261 25.1
Result<NameAddr> parse_name_addr(std::string_view text) {
  text = trim_blanks(text);
  const auto open = text.starts_with('"')
                        ? text.find('<', quoted_length(text).value_or(text.size()))
                        : text.find('<');
  if (open == text.npos) return parse_bare(text);
  const auto close = text.find('>', open);
  if (close == text.npos) return fail(Fault::malformed, "address without '>'");

  NameAddr address;
  address.display = TRY(parse_display(trim_blanks(text.substr(0, open))));
  address.uri = TRY(parse_uri(text.substr(open + 1, close - open - 1)));
  address.params = TRY(parse_params(text.substr(close + 1)));
  return address;
}

std::string to_text(const NameAddr& address) {
  std::string text;
  if (!address.display.empty()) text = quote(address.display) + ' ';
  return text + '<' + to_text(address.uri) + '>' + to_text(address.params);
}

}  // namespace convene::sip
