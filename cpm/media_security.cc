#include "cpm/media_security.h"

#include <algorithm>

#include "sip/fields.h"

namespace convene::cpm {

SecurityTerms terms_of(MediaSecurity policy, const std::optional<msrp::SecureAddress>& own) {
  const bool speaks = own.has_value() && policy != MediaSecurity::off;
  return {.policy = policy, .speaks = speaks, .listens = speaks && own->port != discard_port};
}

Granted<sdp::Setup> setup_for_answer(const MsrpMedia& offered, const SecurityTerms& terms) {
  if (offered.is_secure && !terms.speaks)
    return not_acceptable(incompatible_transport, "no TLS for MSRP here");
  if (!offered.is_secure && terms.policy == MediaSecurity::require)
    return not_acceptable(incompatible_transport, "MSRP is over TLS here");
  const auto setup = setup_for_answer(offered.setup);
  const bool would_listen = setup == sdp::Setup::passive && offered.is_secure;
  if (!setup || (would_listen && !terms.listens))
    return std::unexpected(
        Refusal{.status = 488, .warning = {}, .detail = "neither side would connect"});
  return *setup;
}

bool wants_other_transport(const sip::Message& response) {
  return response.status() == 488 &&
         std::ranges::any_of(response.values(sip::Name::warning), [](std::string_view value) {
           const auto warning = sip::parse_warning(value);
           return warning && warning->code == incompatible_transport;
         });
}

void make_secure(MsrpMedia& ours, const msrp::SecureAddress& own) {
  auto& uri = ours.path.back();
  uri.is_secure = true;
  uri.host = ours.host = own.host;
  uri.port = ours.port = own.port;
  ours.is_secure = true;
  ours.fingerprints = {own.fingerprint};
  if (own.port == discard_port) ours.setup = sdp::Setup::active;
}

}  // namespace convene::cpm
