#include "client/relay.h"

#include <utility>

#include "base/random.h"
#include "client/core.h"

namespace convene::client {

namespace {

bool keeps_us_out(int status) { return status == 401 || status == 403; }

}  // namespace

void Client::Core::register_at_relay(TimePoint now, Output& out) {
  relay.due.reset();
  msrp::Uri own;
  own.host = addresses.msrp.host;
  own.port = cpm::discard_port;
  own.is_secure = settings.relay->relay.is_secure;
  own.session_id = random_token(surroundings.random, session_id_length);
  msrp::Output media_output;
  endpoint.register_at_relay(*settings.relay, std::move(own), now, media_output);
  settle(std::move(media_output), now, out);
}

// Now we can be reached: the registration has waited for it. Sessions that stand keep the path they
// have; a renewed one is for those to come.
void Client::Core::on(msrp::RelayReady& event, TimePoint now, Output& out) {
  relay.use_path = std::move(event.use_path);
  relay.failures = 0;
  if (registration.is_wanted && !registration.is_registered) send_register(now, out);
}

void Client::Core::on(msrp::RelayLost& event, TimePoint now, Output& out) {
  relay.use_path.clear();
  if (!keeps_us_out(event.status)) {
    relay.due = now + pause_after(++relay.failures, surroundings.random);
  }
  out.events.emplace_back(RelayLost{event.status, std::move(event.reason)});
}

Result<> Client::Core::can_offer() const {
  if (can_be_reached()) return {};
  return fail(Fault::out_of_order, "our MSRP relay is not there");
}

}  // namespace convene::client
