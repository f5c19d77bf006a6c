// Who may be at the other end of a connection, and how it has to be reached. RFC 4975 14.4, RFC
// 8122
#include <algorithm>

#include "msrp/endpoint_impl.h"

namespace convene::msrp {

namespace {

// Relays stand between us and whom the fingerprint is of. RFC 4976 6.1
bool is_known_by_fingerprint(const SessionSettings& settings) {
  return settings.remote.size() == 1 && has_usable(settings.fingerprints);
}

}  // namespace

// RFC 4975 6, 14.4: both ends of a hop are msrp:, or both are msrps:. Empty: so they are.
std::string Endpoint::Impl::flaw_of(const SessionSettings& settings) {
  const auto& hop = settings.remote.front();
  if (hop.is_secure != settings.local.is_secure) return "msrp: and msrps: on one hop";
  const bool has_proof = is_known_by_fingerprint(settings) || settings.remote.size() > 1 ||
                         settings.setup == Setup::active;
  if (hop.is_secure && !has_proof) return "no fingerprint to know its certificate by";
  return {};
}

Security Endpoint::Impl::security_of(const SessionSettings& settings) {
  if (!settings.local.is_secure) return Security::none;
  return is_known_by_fingerprint(settings) ? Security::certificate : Security::name;
}

// RFC 8122 6.2: only the certificate that the SDP has named.
std::string Endpoint::Impl::flaw_of(const Connection& connection, const Session& session) {
  const auto& settings = session.settings;
  if (connection.is_secure != settings.local.is_secure)
    return connection.is_secure ? "TLS for an msrp: session" : "no TLS for an msrps: session";
  if (!connection.is_secure || !is_known_by_fingerprint(settings)) return {};
  if (connection.certificate.empty()) return "it shows no certificate";
  if (!names_certificate(settings.fingerprints, connection.certificate))
    return "its certificate is not the one that its SDP names";
  return {};
}

// RFC 8122 6.2: neither that connection nor that session is to be had. Others on it go on.
void Endpoint::Impl::refuse_peer(Connection& connection, Session& session, const std::string& why,
                                 TimePoint now, Output& out) {
  log_.warning("msrp", "a peer refused: " + why,
               {{"session", std::to_string(session.key.value)},
                {"connection", std::to_string(connection.id.value)}});
  fail(session, why, out);
  detach(session, now, out);
  if (!connection.is_bound()) drop(connection, out);
}

}  // namespace convene::msrp
