#include "store/session_type.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace convene::store {

namespace {

bool begins_a_uri(std::string_view text) {
  constexpr auto schemes = std::to_array<std::string_view>({"sip:", "sips:", "tel:", "im:"});
  return std::ranges::any_of(schemes, [text](std::string_view scheme) {
    return iequals(text.substr(0, scheme.size()), scheme);
  });
}

}  // namespace

std::string_view name_of(SessionType type) {
  switch (type) {
    case SessionType::one_to_one: return "1-1";
    case SessionType::ad_hoc: return "Ad-Hoc";
    case SessionType::pre_defined: return "Pre-Defined";
  }
  return "1-1";
}

std::optional<SessionType> parse_session_type(std::string_view name) {
  for (const auto type : {SessionType::one_to_one, SessionType::ad_hoc, SessionType::pre_defined})
    if (iequals(name, name_of(type))) return type;
  if (iequals(name, "Group")) return SessionType::ad_hoc;
  return std::nullopt;
}

std::string participants_text(const std::vector<std::string>& uris) {
  std::string text;
  for (const auto& uri : uris) text += (text.empty() ? "" : ";") + uri;
  return text;
}

std::vector<std::string> parse_participants(std::string_view text) {
  std::vector<std::string> uris;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(";,"), text.size());
    const auto piece = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (piece.empty()) continue;
    if (uris.empty() || begins_a_uri(piece)) {
      uris.emplace_back(piece);
    } else {
      uris.back().append(";").append(piece);
    }
  }
  return uris;
}

}  // namespace convene::store
