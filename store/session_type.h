#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convene::store {

// <session-type> of a Session Info Object, <file-transfer-type> of a File Transfer History Object.
enum class SessionType { one_to_one, ad_hoc, pre_defined };

std::string_view name_of(SessionType type);  // "1-1", "Ad-Hoc", "Pre-Defined"

// Case does not matter; "Group", as deployed stores write, is an ad-hoc group.
std::optional<SessionType> parse_session_type(std::string_view name);

// <invited-participants>: URIs between semicolons; commas are read, too. What follows a semicolon
// without a scheme of its own is a parameter of the URI before it.
std::string participants_text(const std::vector<std::string>& uris);
std::vector<std::string> parse_participants(std::string_view text);

}  // namespace convene::store
