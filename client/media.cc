#include <ranges>
#include <utility>

#include "base/random.h"
#include "client/core.h"

namespace convene::client {

// RFC 4975 14.4. Through a relay all is as the way to it is.
cpm::SecurityTerms Client::Core::security_terms() const {
  if (!settings.relay) return cpm::terms_of(settings.security, addresses.msrps);
  const bool is_secure = settings.relay->relay.is_secure;
  return {.policy = is_secure ? cpm::MediaSecurity::require : cpm::MediaSecurity::off,
          .speaks = is_secure,
          .listens = is_secure};
}

bool Client::Core::offers_tls() const {
  return security_terms().policy == cpm::MediaSecurity::require;
}

// Behind a NAT nobody can connect to us, so we offer to connect. RFC 6135 4.2
sdp::Setup Client::Core::offered_setup() const {
  return settings.offers_actpass && !settings.relay && listens(offers_tls()) ? sdp::Setup::actpass
                                                                             : sdp::Setup::active;
}

// We connect whenever the peer lets us choose. An offer without a=setup connects itself (RFC 4975
// 5.4). 488: neither side could.
cpm::Granted<sdp::Setup> Client::Core::answered_setup(const cpm::MsrpMedia& offered) const {
  auto preferred = offered;
  if (offered.setup == sdp::Setup::actpass) preferred.setup = sdp::Setup::passive;
  const auto setup = cpm::setup_for_answer(preferred, security_terms());
  const bool would_listen = setup == sdp::Setup::passive;
  if (!can_be_reached() || (would_listen && !listens(offered.is_secure)))
    return std::unexpected(refusal(488, "no media that we can connect"));
  return setup;
}

bool Client::Core::listens(bool is_secure) const {
  if (settings.relay) return relay.is_ready();
  if (is_secure) return security_terms().listens;
  return addresses.msrp.port != 0 && addresses.msrp.port != cpm::discard_port;
}

cpm::MsrpMedia Client::Core::new_media(sdp::Setup setup, bool is_secure) const {
  msrp::Uri uri;
  uri.host = addresses.msrp.host;
  uri.port = addresses.msrp.port;
  uri.session_id = random_token(surroundings.random, session_id_length);

  cpm::MsrpMedia line;
  line.host = uri.host;
  line.port = uri.port;
  line.path = {std::move(uri)};
  if (is_secure && addresses.msrps) cpm::make_secure(line, *addresses.msrps);
  if (setup == sdp::Setup::active) line.port = line.path.back().port = cpm::discard_port;
  if (relay.is_ready()) {  // RFC 4976 5.2, RFC 4975 8.1
    line.path.back().is_secure = settings.relay->relay.is_secure;
    line.path.insert(line.path.begin(), relay.use_path.begin(), relay.use_path.end());
    line.host = relay.use_path.front().host;
    line.port = msrp::port_of(relay.use_path.front());
    line.is_secure = relay.use_path.front().is_secure;
    line.fingerprints.clear();  // the peer connects to the relay
  }
  line.setup = setup;
  return line;
}

cpm::DescriptionId Client::Core::new_description_id() const {
  const auto number = 1 + random_below(surroundings.random, 0x7fff'ffff);
  return {.session_id = std::to_string(number)};
}

msrp::SessionKey Client::Core::open(const MediaPlan& plan, const MediaOwner& owner, TimePoint now,
                                    Output& out) {
  const bool is_behind_relay = plan.ours.path.size() > 1;
  msrp::SessionSettings session{.local = plan.ours.path.back(),
                                .remote = plan.theirs.path,
                                .fingerprints = plan.theirs.fingerprints,
                                .setup = plan.setup,
                                .connect_to = {},
                                .match = settings.path_match,
                                .receive = plan.receive,
                                .hold_answers = plan.hold_answers,
                                .max_chunk = plan.max_chunk,
                                .through_relay = is_behind_relay};
  // Through our relays from the inside out, then as the peer says. RFC 4976 5.2
  for (const auto& hop : plan.ours.path | std::views::take(plan.ours.path.size() - 1)) {
    session.remote.insert(session.remote.begin(), hop);
  }
  if (plan.setup == msrp::Setup::active && !is_behind_relay)
    session.connect_to = connect_target(plan.theirs, false);

  msrp::Output media_output;
  const auto key = endpoint.open(std::move(session), now, media_output);
  media.emplace(key, owner);
  settle(std::move(media_output), now, out);
  return key;
}

void Client::Core::close(std::optional<msrp::SessionKey>& key, TimePoint now, Output& out) {
  if (!key) return;
  const auto closed = *std::exchange(key, std::nullopt);
  media.erase(closed);
  msrp::Output media_output;
  endpoint.close(closed, now, media_output);
  settle(std::move(media_output), now, out);
}

}  // namespace convene::client
