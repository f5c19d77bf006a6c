#pragma once

#include <string>
#include <string_view>

#include "sip/fields.h"
#include "sip/message.h"

namespace convene::sip {

inline constexpr std::string_view magic_cookie = "z9hG4bK";  // RFC 3261 8.1.1.7

// What a response is matched to its client transaction by. RFC 3261 17.1.3.
std::string client_key(std::string_view branch, std::string_view method);

// What a request with this top Via is matched to its server transaction by. `method` is the
// transaction's: INVITE when an ACK or CANCEL looks for the one it belongs to. A branch without the
// magic cookie comes from an RFC 2543 peer and counts for nothing; then the rest of RFC 3261 17.2.3
// decides.
std::string server_key(const Message& request, const Via& via, std::string_view method);

// Equal for requests that came by several paths, each with a branch of its own. RFC 3261 8.2.2.2.
// Empty for a request inside a dialog.
std::string merge_key(const Message& request);

}  // namespace convene::sip
