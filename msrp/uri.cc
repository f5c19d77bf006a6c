#include "msrp/uri.h"

#include <algorithm>

#include "base/ip_address.h"
#include "base/text.h"
#include "base/text_cursor.h"

namespace convene::msrp {

namespace {

bool consists_of(std::string_view text, std::string_view others) {
  return std::ranges::all_of(text,
                             [&](char c) { return is_alphanumeric(c) || others.contains(c); });
}

constexpr std::string_view scheme_separator = "://";
constexpr std::string_view user_characters = "-._~%!$&'()*+,;=:";
constexpr std::string_view host_characters = "-._~%";
constexpr std::string_view literal_characters = ":.%";
// RFC 4975 9: unreserved, "+", "=" and "/". Some clients put more into it.
constexpr std::string_view session_id_characters = "-._~+=/%:@!$&'()*,";
constexpr std::string_view token_characters = "-.!%*_+`'~";
constexpr std::string_view parameter_characters = "-.!%*_+`'~=;:\"/?[]@&$,";

// host [":" port]
Result<> parse_host_and_port(std::string_view text, Uri& uri) {
  TextCursor in{text};
  const bool is_literal = in.accept("[");
  uri.host = in.until(is_literal ? ']' : ':');
  if (is_literal) in.expect("]");
  const bool has_port = in.accept(":");
  const auto port = has_port ? in.number() : 0;
  TRY(in.finish("MSRP URI authority"));

  if (uri.host.empty() || !consists_of(uri.host, is_literal ? literal_characters : host_characters))
    return fail(Fault::malformed, "MSRP URI without a proper host");
  if (has_port && (port == 0 || port > 65'535))
    return fail(Fault::malformed, "MSRP URI with an impossible port");
  uri.port = static_cast<std::uint16_t>(port);
  return {};
}

bool are_same_host(const std::string& a, const std::string& b) {
  if (iequals(a, b)) return true;
  const auto left = parse_ip(a);
  const auto right = parse_ip(b);
  return left && right && *left == *right;
}

}  // namespace

// MSRP-URI = scheme "://" authority ["/" session-id] ";" transport *(";" parameter). RFC 4975 9.
Result<Uri> parse_uri(std::string_view text) {
  if (text.size() > max_uri_octets) return fail(Fault::too_large, "MSRP URI");
  Uri uri;

  const auto scheme = text.substr(0, text.find(scheme_separator));
  uri.is_secure = iequals(scheme, "msrps");
  if (!uri.is_secure && !iequals(scheme, "msrp")) return fail(Fault::malformed, "no MSRP URI");
  text.remove_prefix(std::min(text.size(), scheme.size() + scheme_separator.size()));

  auto authority = text.substr(0, text.find_first_of("/;"));
  text.remove_prefix(authority.size());
  if (const auto at = authority.rfind('@'); at != authority.npos) {
    uri.user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  TRY(parse_host_and_port(authority, uri));

  TextCursor in{text};
  if (in.accept("/")) {
    uri.session_id = in.until(';');
    if (uri.session_id.empty()) return fail(Fault::malformed, "MSRP URI with an empty session-id");
  }
  in.expect(";");
  uri.transport = in.until(';');
  uri.parameters = in.until('\0');
  TRY(in.finish("MSRP URI"));

  if (uri.transport.empty() || !consists_of(uri.transport, token_characters))
    return fail(Fault::malformed, "MSRP URI without a transport");
  if (!consists_of(uri.user, user_characters) ||
      !consists_of(uri.session_id, session_id_characters) ||
      !consists_of(uri.parameters, parameter_characters))
    return fail(Fault::malformed, "character that no MSRP URI may have");
  return uri;
}

std::string to_text(const Uri& uri) {
  const bool is_literal = uri.host.contains(':');
  std::string text{uri.is_secure ? "msrps://" : "msrp://"};
  if (!uri.user.empty()) text.append(uri.user).append("@");
  if (is_literal) text += '[';
  text += uri.host;
  if (is_literal) text += ']';
  if (uri.port != 0) text.append(":").append(std::to_string(uri.port));
  if (!uri.session_id.empty()) text.append("/").append(uri.session_id);
  return text.append(";").append(uri.transport).append(uri.parameters);
}

// RFC 4975 6.1
bool are_equivalent(const Uri& a, const Uri& b) {
  return a.is_secure == b.is_secure && are_same_host(a.host, b.host) && a.port == b.port &&
         a.session_id == b.session_id && iequals(a.transport, b.transport);
}

// MSRP-URI *(SP MSRP-URI). RFC 4975 9.
Result<Path> parse_path(std::string_view text) {
  Path path;
  for (const auto piece : split(text, ' ')) {
    if (piece.empty()) continue;
    if (path.size() == max_path_uris) return fail(Fault::too_large, "path of too many URIs");
    path.push_back(TRY(parse_uri(piece)));
  }
  if (path.empty()) return fail(Fault::malformed, "empty path");
  return path;
}

std::string to_text(const Path& path) {
  std::string text;
  for (const auto& uri : path) {
    if (!text.empty()) text += ' ';
    text += to_text(uri);
  }
  return text;
}

}  // namespace convene::msrp
