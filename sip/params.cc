#include "sip/params.h"

#include <algorithm>

#include "base/text.h"
#include "sip/character_set.h"
#include "sip/grammar.h"

namespace convene::sip {

namespace {

// More than any header or URI has; keeps what compares two lists from growing with their square.
constexpr std::size_t max_params = 128;

// More than the RFC's token / host: everything visible that ends neither parameter nor header
// value. So received=2001:db8::9 (RFC 5118 4.5) and gr=urn:uuid:... need no rule of their own.
constexpr auto value_characters = token_characters.with("#$&()/:=?@[]^{|}");
constexpr auto name_characters = value_characters.without("=");
constexpr CharacterSet blanks{" \t"};

// Cuts off the longest start that consists of such characters.
std::string_view take_while(std::string_view& text, const CharacterSet& set) {
  std::size_t size = 0;
  while (size < text.size() && set.has(text[size])) ++size;
  const auto taken = text.substr(0, size);
  text.remove_prefix(size);
  return taken;
}

void skip_blanks(std::string_view& text) { take_while(text, blanks); }

// generic-param = token [ EQUAL ( token / host / quoted-string ) ]. RFC 3261 25.1.
Result<Param> take_param(std::string_view& text) {
  Param param;
  skip_blanks(text);
  param.name = take_while(text, name_characters);
  if (param.name.empty()) return fail(Fault::malformed, "parameter without name");

  skip_blanks(text);
  if (!text.starts_with('=')) return param;
  text.remove_prefix(1);
  skip_blanks(text);

  if (text.starts_with('"')) {
    const auto length = quoted_length(text);
    if (!length) return fail(Fault::malformed, "parameter with an open quotation: " + param.name);
    param.value = unquote(text.substr(0, *length));
    param.is_quoted = true;
    text.remove_prefix(*length);
  } else {
    param.value = take_while(text, value_characters);
  }
  skip_blanks(text);
  return param;
}

}  // namespace

std::optional<std::string_view> Params::value(std::string_view name) const {
  const auto* param = find(name);
  if (param == nullptr || !param->value) return std::nullopt;
  return *param->value;
}

const Param* Params::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(all_, [&](const Param& param) { return iequals(param.name, name); });
  return found == all_.end() ? nullptr : &*found;
}

void Params::add(std::string_view name) {
  all_.push_back({.name = std::string{name}, .value = {}});
}

void Params::add(std::string_view name, std::string_view value) {
  all_.push_back({.name = std::string{name}, .value = std::string{value}});
}

void Params::add_quoted(std::string_view name, std::string_view value) {
  all_.push_back({.name = std::string{name}, .value = std::string{value}, .is_quoted = true});
}

void Params::set(std::string_view name, std::string_view value) {
  const auto found =
      std::ranges::find_if(all_, [&](const Param& param) { return iequals(param.name, name); });
  if (found == all_.end()) return add(name, value);
  found->value = value;
  found->is_quoted = false;
}

void Params::remove(std::string_view name) {
  std::erase_if(all_, [&](const Param& param) { return iequals(param.name, name); });
}

Result<Params> parse_params(std::string_view text) {
  Params params;
  skip_blanks(text);
  while (!text.empty()) {
    if (!text.starts_with(';')) return fail(Fault::malformed, "parameters: ';' expected");
    if (params.all_.size() == max_params) return fail(Fault::too_large, "number of parameters");
    text.remove_prefix(1);
    params.all_.push_back(TRY(take_param(text)));
  }
  return params;
}

std::string to_text(const Params& params) {
  std::string text;
  for (const auto& param : params.all()) {
    text += ';';
    text += param.name;
    if (!param.value) continue;
    text += '=';
    const bool is_plain = !param.is_quoted && value_characters.has_all(*param.value);
    text += is_plain ? *param.value : quote(*param.value);
  }
  return text;
}

std::string quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const bool is_control = (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7F;
    if (c == '\r' || c == '\n') {
      quoted += ' ';  // no escape can carry these
      continue;
    }
    if (c == '"' || c == '\\' || is_control) quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace convene::sip
