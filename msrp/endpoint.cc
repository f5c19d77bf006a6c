#include "msrp/endpoint.h"

#include "msrp/endpoint_impl.h"

namespace convene::msrp {

Endpoint::Endpoint(EndpointSettings settings, Surroundings surroundings, BodyStore& bodies)
    : impl_{std::make_unique<Impl>(settings, surroundings, bodies)} {}

Endpoint::~Endpoint() = default;

SessionKey Endpoint::open(SessionSettings settings, TimePoint now, Output& out) {
  const auto key = impl_->open(std::move(settings), now, out);
  impl_->settle(out);
  return key;
}

void Endpoint::close(SessionKey session, TimePoint now, Output& out, Ending how) {
  impl_->close(session, now, out, how);
  impl_->settle(out);
}

bool Endpoint::is_bound(SessionKey session) const {
  const auto* found = impl_->find(session);
  return found != nullptr && found->state() == Session::State::bound;
}

OutgoingId Endpoint::send(SessionKey session, OutgoingMessage message, TimePoint now, Output& out) {
  const auto id = impl_->send(session, std::move(message), now, out);
  impl_->settle(out);
  return id;
}

void Endpoint::body_grew(BodyId body, std::uint64_t ready, TimePoint now, Output& out) {
  impl_->body_grew(body, ready, now);
  impl_->settle(out);
}

void Endpoint::abort(OutgoingId message, TimePoint, Output& out) {
  impl_->abort(message, out);
  impl_->settle(out);
}

void Endpoint::refuse(IncomingId message, TimePoint, Output& out) {
  impl_->refuse(message);
  impl_->settle(out);
}

void Endpoint::report_success(IncomingId message, TimePoint, Output& out) {
  impl_->report_success(message, out);
  impl_->settle(out);
}

void Endpoint::report_failure(IncomingId message, int status, TimePoint, Output& out) {
  impl_->report_failure(message, status, out);
  impl_->settle(out);
}

void Endpoint::confirm(IncomingId message, std::uint64_t octets, TimePoint, Output& out) {
  impl_->confirm(message, octets);
  impl_->settle(out);
}

void Endpoint::answer(IncomingId message, int status, TimePoint, Output& out) {
  impl_->answer(message, status, out);
  impl_->settle(out);
}

void Endpoint::answer_nickname(SessionKey session, std::string_view transaction_id, int status,
                               TimePoint, Output& out) {
  impl_->answer_nickname(session, transaction_id, status);
  impl_->settle(out);
}

OutgoingId Endpoint::request_nickname(SessionKey session, std::string_view nickname, TimePoint,
                                      Output& out) {
  const auto id = impl_->request_nickname(session, nickname, out);
  impl_->settle(out);
  return id;
}

void Endpoint::accepted(ConnectionId connection, const Remote& remote, TimePoint now, Output& out) {
  impl_->accepted(connection, remote, now, out);
  impl_->settle(out);
}

void Endpoint::register_at_relay(RelaySettings settings, Uri own, TimePoint now, Output& out) {
  impl_->register_at_relay(std::move(settings), std::move(own), now, out);
  impl_->settle(out);
}

void Endpoint::connected(ConnectionId connection, const Remote& remote, TimePoint now,
                         Output& out) {
  impl_->connected(connection, remote, now, out);
  impl_->settle(out);
}

void Endpoint::closed(ConnectionId connection, TimePoint, Output& out) {
  impl_->closed(connection, out);
  impl_->settle(out);
}

std::span<std::byte> Endpoint::prepare(ConnectionId connection) {
  return impl_->prepare(connection);
}

void Endpoint::commit(ConnectionId connection, std::size_t count, TimePoint now, Output& out) {
  impl_->commit(connection, count, now, out);
  impl_->settle(out);
}

void Endpoint::writable(ConnectionId connection, std::size_t budget, TimePoint now, Output& out) {
  impl_->writable(connection, budget, now, out);
  impl_->settle(out);
}

void Endpoint::written(ConnectionId connection, TimePoint now, Output& out) {
  impl_->written(connection, now, out);
  impl_->settle(out);
}

void Endpoint::wake(TimePoint now, Output& out) {
  impl_->wake(now, out);
  impl_->settle(out);
}

Deadline Endpoint::deadline() const { return impl_->deadline(); }
std::size_t Endpoint::sessions() const { return impl_->sessions(); }
std::size_t Endpoint::connections() const { return impl_->connections(); }

}  // namespace convene::msrp
