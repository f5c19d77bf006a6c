#include <ranges>
#include <utility>

#include "base/random.h"
#include "client/core.h"

namespace convene::client {

namespace {}  // namespace

// Behind a NAT nobody can connect to us, so we offer to connect. RFC 6135 4.2
sdp::Setup Client::Core::offered_setup() const {
  return settings.offers_actpass && !settings.relay && listens() ? sdp::Setup::actpass
                                                                 : sdp::Setup::active;
}

// We connect whenever the peer lets us choose. An offer without a=setup connects itself (RFC 4975
// 5.4). Nothing: neither side could.
std::optional<sdp::Setup> Client::Core::answered_setup(std::optional<sdp::Setup> offered) const {
  if (!can_be_reached()) return std::nullopt;
  switch (offered.value_or(sdp::Setup::active)) {
    case sdp::Setup::passive:
    case sdp::Setup::actpass: return sdp::Setup::active;
    case sdp::Setup::active: return listens() ? std::optional{sdp::Setup::passive} : std::nullopt;
    case sdp::Setup::holdconn: return std::nullopt;
  }
  return std::nullopt;
}

bool Client::Core::listens() const {
  if (settings.relay) return relay.is_ready();
  return addresses.msrp.port != 0 && addresses.msrp.port != discard_port;
}

cpm::MsrpMedia Client::Core::new_media(sdp::Setup setup) const {
  msrp::Uri uri;
  uri.host = addresses.msrp.host;
  uri.port = setup == sdp::Setup::active ? discard_port : addresses.msrp.port;
  uri.session_id = random_token(surroundings.random, session_id_length);

  cpm::MsrpMedia line;
  line.host = uri.host;
  line.port = uri.port;
  line.path = {std::move(uri)};
  if (relay.is_ready()) {  // RFC 4976 5.2, RFC 4975 8.1
    line.path.insert(line.path.begin(), relay.use_path.begin(), relay.use_path.end());
    line.host = relay.use_path.front().host;
    line.port = msrp::port_of(relay.use_path.front());
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
