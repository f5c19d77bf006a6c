#include "mime/content_type.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace convene::mime {

namespace {

constexpr std::size_t max_params = 32;

// RFC 2045 5.1: token is any character but controls, blanks and tspecials.
constexpr std::string_view tspecials = "()<>@,;:\\\"/[]?=";

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < 0x7F && !tspecials.contains(c);
  });
}

bool is_value(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

// quoted-string, with its quotes: cut off `text`.
Result<std::string> take_quoted(std::string_view& text) {
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    value += text[i];
  }
  return fail(Fault::malformed, "quoted-string without its end");
}

Result<std::string> take_value(std::string_view& text) {
  text = trim(text);
  if (text.starts_with('"')) return take_quoted(text);
  const auto value = text.substr(0, text.find(';'));
  text.remove_prefix(value.size());
  return std::string{trim(value)};
}

// *(";" attribute "=" value). RFC 2045 5.1. Senders that end with a semicolon are forgiven.
Result<std::vector<Param>> parse_params(std::string_view text) {
  std::vector<Param> params;
  for (text = trim(text); !text.empty(); text = trim(text)) {
    if (!text.starts_with(';')) return fail(Fault::malformed, "parameter without a semicolon");
    text = trim(text.substr(1));
    if (text.empty() || text.starts_with(';')) continue;

    const auto name = text.substr(0, text.find_first_of("=;"));
    text.remove_prefix(name.size());
    if (!text.starts_with('=') || !is_token(trim(name)))
      return fail(Fault::malformed, "parameter without a name or a value");
    text.remove_prefix(1);

    auto value = TRY(take_value(text));
    if (!is_value(value)) return fail(Fault::malformed, "parameter with a control character");
    if (params.size() == max_params) return fail(Fault::too_large, "number of parameters");
    params.push_back({to_lower(trim(name)), std::move(value)});
  }
  return params;
}

std::string to_text(const std::vector<Param>& params) {
  std::string text;
  for (const auto& [name, value] : params) {
    text += ';' + name + '=';
    if (is_token(value)) {
      text += value;
      continue;
    }
    text += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') text += '\\';
      text += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
    }
    text += '"';
  }
  return text;
}

std::optional<std::string_view> find(const std::vector<Param>& params, std::string_view name) {
  const auto found = std::ranges::find_if(
      params, [name](const Param& param) { return iequals(param.name, name); });
  if (found == params.end()) return std::nullopt;
  return found->value;
}

}  // namespace

std::optional<std::string_view> ContentType::param(std::string_view name) const {
  return find(params, name);
}

std::optional<std::string_view> ContentDisposition::param(std::string_view name) const {
  return find(params, name);
}

// content := "Content-Type" ":" type "/" subtype *(";" parameter). RFC 2045 5.1
Result<ContentType> parse_content_type(std::string_view text) {
  const auto type = trim(text.substr(0, text.find(';')));
  const auto slash = type.find('/');
  if (slash == std::string_view::npos || !is_token(type.substr(0, slash)) ||
      !is_token(type.substr(slash + 1)))
    return fail(Fault::malformed, "Content-Type without type and subtype");
  if (!text.contains(';')) return ContentType{to_lower(type), {}};
  auto params = TRY(parse_params(text.substr(text.find(';'))));
  return ContentType{to_lower(type), std::move(params)};
}

std::string to_text(const ContentType& content_type) {
  return content_type.type + to_text(content_type.params);
}

std::string bare_type(std::string_view content_type) {
  const auto parsed = parse_content_type(content_type);
  return parsed ? parsed->type : to_lower(trim(content_type));
}

// disposition := "Content-Disposition" ":" disposition-type *(";" disposition-parm). RFC 2183 2
Result<ContentDisposition> parse_content_disposition(std::string_view text) {
  const auto type = trim(text.substr(0, text.find(';')));
  if (!is_token(type)) return fail(Fault::malformed, "Content-Disposition without a type");
  if (!text.contains(';')) return ContentDisposition{to_lower(type), {}};
  auto params = TRY(parse_params(text.substr(text.find(';'))));
  return ContentDisposition{to_lower(type), std::move(params)};
}

std::string to_text(const ContentDisposition& disposition) {
  return disposition.type + to_text(disposition.params);
}

// RFC 5987 3.2: charset "'" [ language ] "'" value-chars
std::optional<std::string> filename_of(const ContentDisposition& disposition) {
  if (const auto extended = disposition.param("filename*")) {
    const auto pieces = split(*extended, '\'');
    if (pieces.size() == 3 && iequals(pieces[0], "UTF-8")) {
      auto name = percent_decode(pieces[2]);
      if (name && is_utf8(*name)) return *std::move(name);
    }
  }
  if (const auto plain = disposition.param("filename")) return std::string{*plain};
  return std::nullopt;
}

}  // namespace convene::mime
