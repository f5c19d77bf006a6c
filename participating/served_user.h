#pragma once

#include <string>

#include "base/result.h"
#include "participating/settings.h"
#include "sip/message.h"

namespace convene::participating {

inline constexpr std::string_view p_served_user = "P-Served-User";  // RFC 5502 4

// On whose behalf we handle a request: who sent it, or for whom it is. RFC 5502 4.2.
enum class SessionCase { originating, terminating };

struct ServedUser {
  std::string address;  // address of record
  SessionCase session_case = SessionCase::terminating;
  bool is_registered = true;  // as the core says; it need not
  bool operator==(const ServedUser&) const = default;
};

// RFC 5502 4.2: the SIP/IP core says it in P-Served-User. Without it the "orig" of the Route by
// which the request came tells the case (3GPP TS 24.229 5.4.3.2), and the user is the asserted
// originator or the Request-URI.
//
// `route`: the Route value that named us; empty: none did. Fault::malformed: 400,
// Fault::unsupported: 403, not a user of ours, or nobody asserted.
Result<ServedUser> served_user(const sip::Message& request, std::string_view route,
                               const Settings& settings);

}  // namespace convene::participating
