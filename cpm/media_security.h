#pragma once

#include <optional>

#include "cpm/msrp_media.h"
#include "msrp/endpoint.h"
#include "sip/message.h"

namespace convene::cpm {

inline constexpr int incompatible_transport = 302;  // Warning code, RFC 3261 20.43

// Which MSRP sessions are over TLS (RFC 4975 14.4).
//   off      none.
//   accept   those that the peer offers so; ours are offered plain, and in TLS to who takes no
//            other.
//   require  all.
enum class MediaSecurity { off, accept, require };

// What there can be between us and a peer.
struct SecurityTerms {
  MediaSecurity policy = MediaSecurity::off;
  bool speaks = false;   // TLS: we have a certificate
  bool listens = false;  // for TLS, too
};
// Of an end that can be reached over TLS there, or that speaks none.
SecurityTerms terms_of(MediaSecurity policy, const std::optional<msrp::SecureAddress>& own);

// Our a=setup in the answer to an offered m-line; 488 when neither side would connect, or when it
// is in TLS and must not be, or the other way round: Warning 302. RFC 6135 4.2
Granted<sdp::Setup> setup_for_answer(const MsrpMedia& offered, const SecurityTerms& terms);

// Whether a 488 says that the transport is what is wrong: Warning 302, RFC 3261 20.43.
bool wants_other_transport(const sip::Message& response);

// Makes a line of ours one over TLS: address, path and fingerprint. It offers to connect when we do
// not listen. RFC 4975 8.1, 14.4
void make_secure(MsrpMedia& ours, const msrp::SecureAddress& own);

}  // namespace convene::cpm
