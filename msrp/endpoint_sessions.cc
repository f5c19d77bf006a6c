// What the user of an endpoint says about sessions and messages.
#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "msrp/endpoint_impl.h"
#include "msrp/frame_writer.h"

namespace convene::msrp {

namespace {

std::pair<std::string, std::uint16_t> target_of(const SessionSettings& settings) {
  if (settings.connect_to) return *settings.connect_to;
  const auto& hop = settings.remote.front();
  return {hop.host, port_of(hop)};
}

}  // namespace

// RFC 4975 14.5: a peer that gives our own address has us connect to ourselves.
bool Endpoint::Impl::is_own(const SessionSettings& settings) const {
  const auto ours = by_session_id_.find(settings.remote.back().session_id);
  if (ours != by_session_id_.end()) {
    const auto* const session = find(ours->second);  // nothing: the one that is being opened
    const auto& local = session != nullptr ? session->settings.local : settings.local;
    const bool may_be = session != nullptr && settings.is_peer_known;
    if (!may_be && are_equivalent(local, settings.remote.back())) return true;
  }
  if (settings.is_peer_known) return false;
  if (settings.setup != Setup::active || settings.through_relay) return false;
  const auto target = target_of(settings);
  return target.second == settings.local.port && iequals(target.first, settings.local.host);
}

Session* Endpoint::Impl::find(SessionKey key) const {
  const auto found = sessions_.find(key.value);
  return found != sessions_.end() ? found->second.get() : nullptr;
}

Connection* Endpoint::Impl::find(ConnectionId id) const {
  const auto found = connections_.find(id.value);
  const bool is_there =
      found != connections_.end() && found->second->state != Connection::State::gone;
  return is_there ? found->second.get() : nullptr;
}

void Endpoint::Impl::touch(const Session& session) {
  if (touched_sessions_.empty() || touched_sessions_.back() != session.key)
    touched_sessions_.push_back(session.key);
  if (const auto* connection = session.connection ? find(*session.connection) : nullptr)
    touch(*connection);
}

void Endpoint::Impl::touch(const Connection& connection) {
  if (touched_connections_.empty() || touched_connections_.back() != connection.id)
    touched_connections_.push_back(connection.id);
}

Outlet Endpoint::Impl::outlet(const Session& session, Output& out) {
  touch(session);
  auto* connection = session.connection ? find(*session.connection) : nullptr;
  no_frames_.clear();
  return {.events = out.events,
          .ending = connection != nullptr ? connection->ending : no_frames_,
          .frames = connection != nullptr ? connection->requests : no_frames_,
          .ids = ids_};
}

// RFC 4975 5.4, RFC 6135 4.2
SessionKey Endpoint::Impl::open(SessionSettings settings, TimePoint now, Output& out) {
  const SessionKey key{++last_session_};
  auto session = std::make_unique<Session>(key, std::move(settings), limits_, bodies_);
  session->bind_until = now + limits_.bind_timeout;
  [[maybe_unused]] const bool is_new =
      by_session_id_.emplace(session->settings.local.session_id, key).second;
  assert(is_new);

  const auto flaw = flaw_of(session->settings);
  if (is_own(session->settings)) {
    fail(*session, "its peer would be ourselves", out);
  } else if (!flaw.empty()) {
    fail(*session, flaw, out);
  } else if (session->settings.setup == Setup::active && !session->settings.through_relay) {
    const auto [host, port] = target_of(session->settings);
    auto& connection = connect(host, port, security_of(session->settings), out);
    connection.sessions.push_back(key);
    session->connection = connection.id;
  }
  touch(*session);
  auto& opened = *sessions_.emplace(key.value, std::move(session)).first->second;
  const bool joins_relay = opened.settings.through_relay && flaw.empty();
  if (joins_relay && !join_relay(opened)) fail(opened, "no relay", out);
  return key;
}

void Endpoint::Impl::close(SessionKey key, TimePoint now, Output& out, Ending how) {
  auto* session = find(key);
  if (session == nullptr) return;
  auto frames = outlet(*session, out);
  const auto* connection = session->connection ? find(*session->connection) : nullptr;
  const bool is_shared =
      connection != nullptr && (connection->relay || connection->sessions.size() > 1);
  if (how == Ending::aborted || is_shared) session->sender.abort_all(frames);
  detach(*session, now, out);
  forget_bodies(*session);
  by_session_id_.erase(session->settings.local.session_id);
  alarms_.clear({Alarms::Sleeper::Kind::session, key.value}, session->alarm);
  sessions_.erase(key.value);
}

// Nothing goes through it any more; it stays until its user closes it.
void Endpoint::Impl::fail(Session& session, const std::string& reason, Output& out) {
  if (!session.step(Session::Step::lost)) return;
  auto frames = outlet(session, out);
  session.receiver.lose(reason, frames);
  session.sender.fail_all(481, frames);
  session.bind_until.reset();
  log_.info("msrp", "a session failed: " + reason,
            {{"session", std::to_string(session.key.value)}});
  out.events.push_back(SessionFailed{session.key, reason});
}

OutgoingId Endpoint::Impl::send(SessionKey key, OutgoingMessage message, TimePoint now,
                                Output& out) {
  auto* session = find(key);
  if (session == nullptr) return {};
  if (message.message_id.empty()) message.message_id = TransactionId{ids_.draw()}.text();
  const auto body = message.body;
  auto frames = outlet(*session, out);
  const auto id = session->sender.add(std::move(message), frames);
  if (session->state() == Session::State::failed) session->sender.fail_all(481, frames);

  if (body) use_body(*session, *body, now);
  return id;
}

void Endpoint::Impl::use_body(Session& session, BodyId body, TimePoint now) {
  forget_bodies(session);
  if (!session.sender.is_using(body)) return;
  auto& sent = bodies_sent_[body];
  if (std::ranges::find(sent.legs, session.key) == sent.legs.end()) {
    sent.legs.push_back(session.key);
    session.bodies.push_back(body);
  }
  if (sent.ready > 0) session.sender.body_grew(body, sent.ready, now);
}

void Endpoint::Impl::body_grew(BodyId body, std::uint64_t ready, TimePoint now) {
  const auto sent = bodies_sent_.find(body);
  if (sent == bodies_sent_.end()) return;
  sent->second.ready = std::max(sent->second.ready, ready);
  for (const auto leg : sent->second.legs) {
    auto* session = find(leg);
    if (session == nullptr) continue;
    session->sender.body_grew(body, ready, now);
    touch(*session);
  }
}

// Those that it sends no more.
void Endpoint::Impl::forget_bodies(Session& session) {
  std::erase_if(session.bodies, [&](BodyId body) {
    if (session.sender.is_using(body)) return false;
    const auto sent = bodies_sent_.find(body);
    std::erase(sent->second.legs, session.key);
    if (sent->second.legs.empty()) bodies_sent_.erase(sent);
    return true;
  });
}

void Endpoint::Impl::abort(OutgoingId message, Output& out) {
  auto* session = find(session_of(message.value));
  if (session == nullptr) return;
  auto frames = outlet(*session, out);
  session->sender.abort(message, frames);
}

void Endpoint::Impl::refuse(IncomingId message) {
  auto* session = find(session_of(message.value));
  if (session == nullptr) return;
  touch(*session);
  const bool is_arriving = session->receiver.refuse(message);
  auto* connection = session->connection ? find(*session->connection) : nullptr;
  if (!is_arriving || connection == nullptr) return;
  respond(*connection, connection->chunk.reply, 413);
  connection->chunk.session.reset();
}

void Endpoint::Impl::report_success(IncomingId message, Output& out) {
  auto* session = find(session_of(message.value));
  if (session == nullptr) return;
  auto frames = outlet(*session, out);
  session->receiver.report_success(message, frames);
}

void Endpoint::Impl::report_failure(IncomingId message, int status, Output& out) {
  auto* session = find(session_of(message.value));
  if (session == nullptr) return;
  auto frames = outlet(*session, out);
  respond(*session, session->receiver.report_failure(message, status, frames), status);
}

void Endpoint::Impl::confirm(IncomingId message, std::uint64_t octets) {
  auto* session = find(session_of(message.value));
  if (session == nullptr) return;
  touch(*session);
  respond(*session, session->receiver.confirm(message, octets), 200);
}

void Endpoint::Impl::respond(const Session& session, const std::vector<Reply>& replies,
                             int status) {
  auto* connection = session.connection ? find(*session.connection) : nullptr;
  if (connection == nullptr) return;
  for (const auto& reply : replies) respond(*connection, reply, status);
}

void Endpoint::Impl::answer(IncomingId message, int status, Output& out) {
  auto* session = find(session_of(message.value));
  if (session == nullptr) return;
  auto frames = outlet(*session, out);
  respond(*session, session->receiver.answer(message, status, frames), status);
}

void Endpoint::Impl::answer_nickname(SessionKey key, std::string_view transaction_id, int status) {
  auto* session = find(key);
  if (session == nullptr) return;
  touch(*session);
  const auto reply = session->take_nickname(transaction_id);
  auto* connection = session->connection ? find(*session->connection) : nullptr;
  if (reply && connection != nullptr) respond(*connection, *reply, status);
}

OutgoingId Endpoint::Impl::request_nickname(SessionKey key, std::string_view nickname,
                                            Output& out) {
  auto* session = find(key);
  if (session == nullptr) return {};
  auto frames = outlet(*session, out);
  const auto id = session->sender.request_nickname(nickname, frames);
  if (session->state() != Session::State::bound) session->sender.fail_nicknames(481, frames);
  return id;
}

}  // namespace convene::msrp
