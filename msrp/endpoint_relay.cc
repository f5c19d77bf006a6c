// The relay that acts for us: one connection, which all our sessions may share. RFC 4976 5.
#include <utility>

#include "msrp/endpoint_impl.h"

namespace convene::msrp {

void Endpoint::Impl::register_at_relay(RelaySettings settings, Uri own, TimePoint now,
                                       Output& out) {
  if (auto* connection = relay_ ? find(*relay_) : nullptr) break_off(*connection, "another", out);
  // RFC 4976 6.1, 8: a relay proves its name.
  const auto security = settings.relay.is_secure ? Security::name : Security::none;
  auto& connection = connect(settings.relay.host, port_of(settings.relay), security, out);
  relay_ = connection.id;
  connection.relay.emplace(std::move(settings), std::move(own), limits_.transaction_timeout,
                           random_, now);
}

// The active side speaks there at once; the passive side waits for its peer to come from there.
bool Endpoint::Impl::join_relay(Session& session) {
  auto* connection = relay_ ? find(*relay_) : nullptr;
  if (connection == nullptr || connection->state != Connection::State::open) return false;
  if (session.settings.setup == Setup::passive) return true;
  session.connection = connection->id;
  connection->sessions.push_back(session.key);
  if (session.step(Session::Step::connected)) session.sender.bind();
  touch(session);
  return true;
}

void Endpoint::Impl::take_relay_answer(Connection& connection, const ChunkBegin& begin,
                                       TimePoint now, Output& out) {
  RelayRegistration::Effects effects;
  connection.relay->receive(read_relay_answer(begin), now, ids_, effects);
  perform(connection, std::move(effects), out);
}

void Endpoint::Impl::perform(Connection& connection, RelayRegistration::Effects effects,
                             Output& out) {
  touch(connection);
  for (auto& effect : effects) {
    if (auto* send = std::get_if<RelayRegistration::SendAuth>(&effect)) {
      connection.requests += send->frame;
    } else if (auto* ready = std::get_if<RelayReady>(&effect)) {
      out.relay_events.emplace_back(std::move(*ready));
    } else if (auto* lost = std::get_if<RelayLost>(&effect)) {
      connection.relay.reset();
      relay_.reset();
      const auto why = std::move(*lost);
      break_off(connection, why.reason, out);
      out.relay_events.emplace_back(why);
      return;
    }
  }
}

// Its connection is gone. 0: nobody has refused anything.
void Endpoint::Impl::lose_relay(Connection& connection, const std::string& reason, Output& out) {
  if (!connection.relay) return;
  connection.relay.reset();
  relay_.reset();
  out.relay_events.emplace_back(RelayLost{.status = 0, .reason = reason});
}

}  // namespace convene::msrp
