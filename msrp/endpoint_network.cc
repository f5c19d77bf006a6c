// Connections: they come and go, take octets, and time passes.
#include <algorithm>
#include <utility>

#include "msrp/endpoint_impl.h"
#include "msrp/write_batch.h"

namespace convene::msrp {

namespace {

constexpr Duration close_patience{10'000};  // for what was to be written before a connection closes
constexpr std::size_t least_chunk_room =
    16'384;  // a file's chunk is not begun for less, after others

using Lane = OutgoingMessage::Lane;
using State = Connection::State;

}  // namespace

// ---- They come. ----

void Endpoint::Impl::accepted(ConnectionId id, const Remote& remote, TimePoint now, Output& out) {
  const auto remote_host = remote.host;
  auto& of_source = unbound_[std::string{remote_host}];
  if (all_unbound_ >= limits_.max_unbound || of_source >= limits_.max_unbound_per_source) {
    if (of_source == 0) unbound_.erase(unbound_.find(remote_host));
    log_.warning("msrp", "too many connections without a session", {{"from", remote_host}});
    out.effects.push_back(Close{id});
    return;
  }
  ++of_source;
  ++all_unbound_;
  auto connection = std::make_unique<Connection>(id, State::open, buffers_);
  connection->remote_host = remote_host;
  connection->is_secure = remote.is_secure;
  connection->certificate = remote.certificate;
  connection->unbound_until = now + limits_.bind_timeout;
  touch(*connection);
  connections_[id.value] = std::move(connection);
}

void Endpoint::Impl::leave_unbound(Connection& connection) {
  if (!connection.unbound_until) return;
  connection.unbound_until.reset();
  --all_unbound_;
  const auto source = unbound_.find(connection.remote_host);
  if (--source->second == 0) unbound_.erase(source);
}

Connection& Endpoint::Impl::connect(const std::string& host, std::uint16_t port, Security security,
                                    Output& out) {
  const ConnectionId id{next_connection_};
  next_connection_ += 2;
  auto& made = connections_[id.value];
  made = std::make_unique<Connection>(id, State::connecting, buffers_);
  touch(*made);
  out.effects.push_back(
      Connect{.connection = id, .host = host, .port = port, .security = security});
  return *made;
}

// RFC 4975 5.4: the side that connected sends a SEND at once, an empty one if nothing waits. R2.11
void Endpoint::Impl::connected(ConnectionId id, const Remote& remote, TimePoint now, Output& out) {
  auto* connection = find(id);
  if (connection == nullptr || connection->state != State::connecting) return;
  connection->state = State::open;
  connection->is_secure = remote.is_secure;
  connection->certificate = remote.certificate;
  if (limits_.keep_alive > Duration{0}) connection->quiet_until = now + limits_.keep_alive;
  touch(*connection);
  if (connection->relay) {
    RelayRegistration::Effects effects;
    connection->relay->connected(now, ids_, effects);
    return perform(*connection, std::move(effects), out);
  }
  for (const auto key : std::vector{connection->sessions}) {
    auto& session = *find(key);
    if (const auto flaw = flaw_of(*connection, session); !flaw.empty()) {
      refuse_peer(*connection, session, flaw, now, out);
      continue;
    }
    session.step(Session::Step::connected);
    if (!session.sender.can_bind_by_itself()) session.sender.bind();
    touch(session);
  }
}

void Endpoint::Impl::attach(Session& session, Connection& connection, TimePoint now, Output& out) {
  detach(session, now, out);
  session.connection = connection.id;
  connection.sessions.push_back(session.key);
  leave_unbound(connection);
}

// ---- They go. ----

// The session leaves its connection, which closes when nobody else uses it.
void Endpoint::Impl::detach(Session& session, TimePoint now, Output& out) {
  auto* connection = session.connection ? find(*session.connection) : nullptr;
  session.connection.reset();
  if (connection == nullptr) return;
  std::erase(connection->sessions, session.key);
  if (connection->chunk.session == session.key) connection->chunk.session.reset();
  if (connection->is_bound()) return;

  if (connection->state == State::connecting || !connection->has_frames())
    return drop(*connection, out);
  connection->state = State::closing;
  connection->close_until = now + close_patience;
  touch(*connection);
}

void Endpoint::Impl::drop(Connection& connection, Output& out) {
  if (connection.state == State::gone) return;
  leave_unbound(connection);
  connection.state = State::gone;
  alarms_.clear({Alarms::Sleeper::Kind::connection, connection.id.value}, connection.alarm);
  touch(connection);
  out.effects.push_back(Close{connection.id});
}

void Endpoint::Impl::break_off(Connection& connection, const std::string& reason, Output& out) {
  log_.info("msrp", "closing a connection: " + reason,
            {{"connection", std::to_string(connection.id.value)}});
  drop(connection, out);
  const auto lost = std::move(connection.sessions);
  for (const auto key : lost) {
    auto& session = *find(key);
    session.connection.reset();
    fail(session, reason, out);
  }
  lose_relay(connection, reason, out);
}

void Endpoint::Impl::closed(ConnectionId id, Output& out) {
  auto* connection = find(id);
  if (connection == nullptr) return;
  const bool was_connecting = connection->state == State::connecting;
  Output without_close;
  drop(*connection, without_close);  // it is closed already
  const auto lost = std::move(connection->sessions);
  for (const auto key : lost) {
    auto& session = *find(key);
    session.connection.reset();
    fail(session, was_connecting ? "could not connect" : "connection lost", out);
  }
  lose_relay(*connection, was_connecting ? "could not connect" : "connection lost", out);
}

// ---- They take octets. ----

std::span<std::byte> Endpoint::Impl::prepare(ConnectionId id) {
  auto* connection = find(id);
  return connection != nullptr ? connection->decoder.prepare() : std::span<std::byte>{};
}

bool Endpoint::Impl::has_work(const Connection& connection) const {
  if (connection.state != State::open && connection.state != State::closing) return false;
  return connection.has_frames() || std::ranges::any_of(connection.sessions, [&](SessionKey key) {
           const auto& sender = find(key)->sender;
           return sender.has_chunk(Lane::chat) || sender.has_chunk(Lane::file);
         });
}

// Each session in its turn, one chunk at a time.
void Endpoint::Impl::append_chunks(Connection& connection, Lane lane, WriteBatch& batch,
                                   std::size_t budget, TimePoint now) {
  auto& turn = lane == Lane::chat ? connection.next_chat : connection.next_file;
  std::size_t idle = 0;
  while (idle < connection.sessions.size()) {
    const auto used = batch.octets();
    if (used >= budget) return;
    if (lane == Lane::file && used > 0 && budget - used < least_chunk_room) return;

    turn = (turn + 1) % connection.sessions.size();
    auto& session = *find(connection.sessions[turn]);
    if (!session.sender.has_chunk(lane)) {
      ++idle;
      continue;
    }
    idle = 0;
    session.sender.append_chunk(lane, batch, std::max(budget - used, max_uninterruptible_octets),
                                ids_, now);
    touch(session);
  }
}

// Whether something waits that is more urgent than a file's octets.
bool Endpoint::Impl::must_cut(const Connection& connection) const {
  return connection.has_frames() || std::ranges::any_of(connection.sessions, [&](SessionKey key) {
           return find(key)->sender.has_chunk(Lane::chat);
         });
}

// A chunk that was left open is cut for what is more urgent, or else gone on with. RFC 4975 7.1.1
void Endpoint::Impl::append_open_chunk(Connection& connection, WriteBatch& batch,
                                       std::size_t budget, TimePoint now) {
  const auto open = std::ranges::find_if(
      connection.sessions, [&](SessionKey key) { return find(key)->sender.has_open_chunk(); });
  if (open == connection.sessions.end()) return;
  auto& session = *find(*open);
  touch(session);
  if (must_cut(connection))
    session.sender.cut_chunk(batch);
  else
    session.sender.append_chunk(Lane::file, batch, budget, ids_, now);
}

// Responses, then reports, then chat, then files.
void Endpoint::Impl::writable(ConnectionId id, std::size_t budget, TimePoint now, Output& out) {
  auto* connection = find(id);
  if (connection == nullptr || connection->state == State::connecting) return;
  connection->is_write_wanted = false;

  WriteBatch batch;
  budget = std::max(budget, max_uninterruptible_octets);
  if (connection->ending.empty()) append_open_chunk(*connection, batch, budget, now);
  for (auto* frames : {&connection->ending, &connection->responses, &connection->requests}) {
    if (!frames->empty()) batch.text() += std::exchange(*frames, {});
  }
  append_chunks(*connection, Lane::chat, batch, budget, now);
  append_chunks(*connection, Lane::file, batch, budget, now);

  if (auto pieces = batch.take(); !pieces.empty()) {
    out.effects.push_back(Write{id, std::move(pieces)});
    if (!connection->write_until) connection->write_until = now + limits_.stall_timeout;
    if (connection->quiet_until) connection->quiet_until = now + limits_.keep_alive;
  }
  touch(*connection);
  if (connection->state == State::closing) drop(*connection, out);
}

void Endpoint::Impl::written(ConnectionId id, TimePoint now, Output& out) {
  auto* connection = find(id);
  if (connection == nullptr) return;
  connection->write_until.reset();
  touch(*connection);
  for (const auto key : connection->sessions) {
    auto& session = *find(key);
    auto frames = outlet(session, out);
    session.sender.written(now, frames);
  }
}

// ---- Time passes. ----

void Endpoint::Impl::wake(TimePoint now, Output& out) {
  while (const auto due = alarms_.take_due(now)) {
    if (due->kind == Alarms::Sleeper::Kind::session) {
      auto& session = *find(SessionKey{due->number});
      session.alarm.reset();
      wake_session(session, now, out);
    } else {
      auto& connection = *find(ConnectionId{due->number});
      connection.alarm.reset();
      wake_connection(connection, now, out);
    }
  }
}

void Endpoint::Impl::wake_session(Session& session, TimePoint now, Output& out) {
  touch(session);
  std::string reason;
  if (is_due(session.bind_until, now)) reason = "not bound in time";
  auto frames = outlet(session, out);
  session.receiver.wake(now, frames);
  if (session.sender.wake(now, frames)) reason = "no answer in time";
  if (reason.empty()) return;
  fail(session, reason, out);
  detach(session, now, out);
}

// RFC 4975 5.4: an empty SEND, which the peer answers.
void Endpoint::Impl::keep_alive(Connection& connection, TimePoint now) {
  connection.quiet_until = now + limits_.keep_alive;
  if (connection.sessions.empty()) return;
  auto& session = *find(connection.sessions.front());
  session.sender.bind();
  touch(session);
}

void Endpoint::Impl::wake_connection(Connection& connection, TimePoint now, Output& out) {
  touch(connection);
  if (is_due(connection.close_until, now)) return drop(connection, out);
  if (is_due(connection.unbound_until, now))
    return break_off(connection, "no session in time", out);
  if (is_due(connection.head_until, now))
    return break_off(connection, "a head that does not end", out);
  if (is_due(connection.floor_until, now))
    return break_off(connection, "a chunk that hardly moves", out);
  if (is_due(connection.quiet_until, now)) keep_alive(connection, now);
  if (is_due(connection.write_until, now))
    return break_off(connection, "its peer does not read", out);
  if (connection.relay) {
    RelayRegistration::Effects effects;
    connection.relay->wake(now, ids_, effects);
    perform(connection, std::move(effects), out);
  }
}

void Endpoint::Impl::settle(Output& out) {
  for (const auto id : touched_connections_) {
    const auto found = connections_.find(id.value);
    if (found == connections_.end()) continue;
    auto& connection = *found->second;
    if (connection.state == State::gone) {
      connections_.erase(found);
      continue;
    }
    if (!connection.is_write_wanted && has_work(connection)) {
      connection.is_write_wanted = true;
      out.effects.push_back(WantWrite{id});
    }
    alarms_.set({Alarms::Sleeper::Kind::connection, id.value}, connection.alarm,
                connection.deadline());
  }
  for (const auto key : touched_sessions_) {
    auto* session = find(key);
    if (session == nullptr) continue;
    const auto deadline = earliest(
        session->bind_until, earliest(session->receiver.deadline(), session->sender.deadline()));
    alarms_.set({Alarms::Sleeper::Kind::session, key.value}, session->alarm, deadline);
  }
  touched_connections_.clear();
  touched_sessions_.clear();
}

}  // namespace convene::msrp
