#pragma once

#include "base/digest_authentication.h"

// Digest authentication by the names it has in SIP. RFC 3261 22
namespace convene::sip {

using digest::answer;
using digest::Authorization;
using digest::Challenge;
using digest::DigestAlgorithm;
using digest::is_right;
using digest::NonceKeeper;
using digest::parse_authorization;
using digest::parse_challenge;
using digest::strongest;

}  // namespace convene::sip
