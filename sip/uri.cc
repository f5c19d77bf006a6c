#include "sip/uri.h"

#include <algorithm>

#include "base/ip_address.h"
#include "base/text.h"
#include "sip/character_set.h"
#include "sip/grammar.h"

namespace convene::sip {

namespace {

// Of user also "#", which telephones send unescaped in service codes.
constexpr auto user_characters = unreserved.with("&=+$,;?/#");
constexpr auto password_characters = unreserved.with("&=+$,");
constexpr auto param_characters = unreserved.with("[]/:&+$");
constexpr auto params_characters = param_characters.with(";=");
constexpr auto header_characters = unreserved.with("[]/?:+$=&");
constexpr auto tel_characters = hex_digits.with("+*#-.()");
constexpr auto opaque_characters = unreserved.with(";/?:@&=+$,[]#");
constexpr auto host_characters = alphanumerics.with("-._");
constexpr auto scheme_characters = alphanumerics.with("+-.");

bool is_escape(std::string_view text) {
  return text.size() >= 3 && text[0] == '%' && hex_digits.has(text[1]) && hex_digits.has(text[2]);
}

// Whether `text` holds only such characters and whole %HH escapes.
bool consists_of(std::string_view text, const CharacterSet& set) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (set.has(text[at])) continue;
    if (!is_escape(text.substr(at))) return false;
    at += 2;
  }
  return true;
}

// `text` with everything escaped that may not stand in its place. Escapes stay as they are.
std::string escaped(std::string_view text, const CharacterSet& set) {
  if (consists_of(text, set)) return std::string{text};
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_good = set.has(text[at]) || is_escape(text.substr(at));
    result += is_good ? std::string{text[at]} : percent_encode(text.substr(at, 1), "");
  }
  return result;
}

// scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
bool is_scheme(std::string_view text) {
  return !text.empty() && alphanumerics.has(text[0]) && !digits.has(text[0]) &&
         scheme_characters.has_all(text);
}

Result<Params> parse_uri_params(std::string_view text) {
  if (!consists_of(text, params_characters))
    return fail(Fault::malformed, "URI parameters: foreign character");
  return parse_params(text);
}

// userinfo = ( user / telephone-subscriber ) [ ":" password ] "@"
Result<> parse_userinfo(std::string_view text, Uri& uri) {
  const auto colon = text.find(':');
  uri.user = text.substr(0, colon);
  if (colon != text.npos) uri.password = text.substr(colon + 1);
  if (uri.user.empty() || !consists_of(uri.user, user_characters)) {
    return fail(Fault::malformed, "user of a SIP URI");
  }
  if (!consists_of(uri.password, password_characters)) {
    return fail(Fault::malformed, "password of a SIP URI");
  }
  return {};
}

// SIP-URI = "sip:" [ userinfo ] hostport uri-parameters [ headers ]
Result<> parse_sip(std::string_view rest, Uri& uri) {
  // First of all "@": the user may hold "?", ";" and ",", nothing behind it may hold "@".
  if (const auto at = rest.find('@'); at != rest.npos) {
    TRY(parse_userinfo(rest.substr(0, at), uri));
    rest.remove_prefix(at + 1);
  }
  if (const auto question = rest.find('?'); question != rest.npos) {
    uri.headers = rest.substr(question + 1);
    rest = rest.substr(0, question);
    if (uri.headers.empty() || !consists_of(uri.headers, header_characters)) {
      return fail(Fault::malformed, "headers of a SIP URI");
    }
  }
  const auto semicolon = std::min(rest.find(';'), rest.size());
  uri.params = TRY(parse_uri_params(rest.substr(semicolon)));

  auto address = TRY(parse_host_port(rest.substr(0, semicolon)));
  uri.host = std::move(address.host);
  uri.port = address.port;
  return {};
}

// RFC 3966 3. A local number without phone-context is let through: "tel:911" is common.
Result<> parse_tel(std::string_view rest, Uri& uri) {
  const auto semicolon = std::min(rest.find(';'), rest.size());
  uri.user = rest.substr(0, semicolon);
  uri.params = TRY(parse_uri_params(rest.substr(semicolon)));

  const bool has_digit = uri.user.find_first_not_of("+-.()") != uri.user.npos;
  const bool is_number = tel_characters.has_all(uri.user) && uri.user.find('+', 1) == uri.user.npos;
  if (!has_digit || !is_number) return fail(Fault::malformed, "number of a tel URI");
  return {};
}

// URIs know no quotes: a value is escaped instead.
std::string uri_params_text(const Params& params) {
  constexpr auto value_characters = param_characters.with("=");
  std::string text;
  for (const auto& param : params.all()) {
    text += ';' + escaped(param.name, param_characters);
    if (param.value) text += '=' + escaped(*param.value, value_characters);
  }
  return text;
}

std::string bracketed(std::string_view host) {
  return host.find(':') == host.npos ? std::string{host} : '[' + std::string{host} + ']';
}

// A name, an IPv4 address, or an IPv6 address in brackets.
Result<std::string> parse_host(std::string_view text) {
  if (text.starts_with('[')) {
    if (!text.ends_with(']')) return fail(Fault::malformed, "IPv6 reference without ']'");
    std::string literal{text.substr(1, text.size() - 2)};
    // RFC 5118 4.10: the grammar of RFC 3261 has a colon too many.
    if (const auto gap = literal.find(":::"); gap != literal.npos) literal.erase(gap, 1);
    if (literal.find(':') == literal.npos || !parse_ip(literal))
      return fail(Fault::malformed, "IPv6 reference");
    return literal;
  }
  if (text.empty() || !host_characters.has_all(text)) return fail(Fault::malformed, "host");
  return std::string{text};
}

}  // namespace

Result<Uri> parse_uri(std::string_view text) {
  Uri uri;
  const auto colon = text.find(':');
  if (colon == text.npos || !is_scheme(text.substr(0, colon)))
    return fail(Fault::malformed, "URI without scheme");
  uri.scheme = to_lower(text.substr(0, colon));

  const auto rest = text.substr(colon + 1);
  if (uri.is_sip()) {
    TRY(parse_sip(rest, uri));
  } else if (uri.is_tel()) {
    TRY(parse_tel(rest, uri));
  } else if (!rest.empty() && consists_of(rest, opaque_characters)) {
    uri.opaque = rest;
  } else {
    return fail(Fault::malformed, "URI");
  }
  return uri;
}

std::string to_text(const Uri& uri) {
  std::string text = uri.scheme + ':';
  if (uri.is_tel()) return text + escaped(uri.user, tel_characters) + uri_params_text(uri.params);
  if (!uri.is_sip()) return text + escaped(uri.opaque, opaque_characters);

  text += escaped(uri.user, user_characters);
  if (!uri.password.empty()) text += ':' + escaped(uri.password, password_characters);
  if (!uri.user.empty()) text += '@';
  text += to_text(HostPort{.host = uri.host, .port = uri.port});
  text += uri_params_text(uri.params);
  if (!uri.headers.empty()) text += '?' + escaped(uri.headers, header_characters);
  return text;
}

Result<HostPort> parse_host_port(std::string_view text) {
  text = trim_blanks(text);
  const auto host_end = text.starts_with('[') ? std::min(text.find(']'), text.size() - 1) + 1
                                              : std::min(text.find(':'), text.size());
  HostPort address;
  address.host = TRY(parse_host(trim_blanks(text.substr(0, host_end))));

  auto rest = trim_blanks(text.substr(host_end));
  if (rest.empty()) return address;
  const bool has_colon = rest.starts_with(':');
  const auto port = to_number(trim_blanks(rest.substr(1)));
  if (!has_colon || !port || *port == 0 || *port > 65'535) return fail(Fault::malformed, "port");
  address.port = static_cast<std::uint16_t>(*port);
  return address;
}

std::string to_text(const HostPort& host_port) {
  auto text = bracketed(host_port.host);
  if (host_port.port != 0) text += ':' + std::to_string(host_port.port);
  return text;
}

}  // namespace convene::sip
