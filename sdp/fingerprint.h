#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/fingerprint.h"
#include "base/result.h"
#include "sdp/session_description.h"

namespace convene::sdp {

inline constexpr std::size_t max_fingerprints = 8;  // of one medium; more are not looked at

// hash-func SP 2UHEX *(":" 2UHEX); lower-case digits are read, too. RFC 8122 5
Result<Fingerprint> parse_fingerprint(std::string_view text);
std::string to_text(const Fingerprint& fingerprint);

// The medium's a=fingerprint lines, or else the session's; unreadable ones are left out. RFC 8122 5
std::vector<Fingerprint> fingerprints_of(const SessionDescription& session, const Media& media);
void add_fingerprint(Media& media, const Fingerprint& fingerprint);
// In place of those that the medium has.
void set_fingerprint(Media& media, const Fingerprint& fingerprint);

}  // namespace convene::sdp
