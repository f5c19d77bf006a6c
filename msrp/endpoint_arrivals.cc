// What peers send: each frame to the session it is for. RFC 4975 7.3.
#include <algorithm>

#include "msrp/endpoint_impl.h"
#include "msrp/frame_writer.h"
#include "msrp/nickname.h"

namespace convene::msrp {

namespace {

using State = Connection::State;

void set_reply(Reply& reply, const Head& head) {
  reply.transaction_id = head.transaction_id;
  reply.to_uri = leftmost_uri(head.from_path);
  reply.from_uri = leftmost_uri(head.to_path);
  reply.failure_report = head.failure_report.value_or(FailureReport::yes);
}

}  // namespace

void Endpoint::Impl::commit(ConnectionId id, std::size_t count, TimePoint now, Output& out) {
  auto* connection = find(id);
  if (connection == nullptr) return;
  connection->decoder.commit(count);
  touch(*connection);

  while (connection->state == State::open || connection->state == State::closing) {
    const auto event = connection->decoder.next();
    if (!event) return break_off(*connection, event.error().detail, out);
    if (std::holds_alternative<NeedOctets>(*event)) break;
    if (const auto* begin = std::get_if<ChunkBegin>(&*event))
      begin_chunk(*connection, *begin, now, out);
    if (const auto* body = std::get_if<ChunkBody>(&*event))
      put(*connection, body->octets, now, out);
    if (const auto* end = std::get_if<ChunkEnd>(&*event)) end_chunk(*connection, end->flag, out);
    if (connection->responses.size() + connection->requests.size() > Connection::max_queued_octets)
      return break_off(*connection, "answers that are not read", out);
  }

  watch_arrival(*connection, count, now);
}

// A head must end soon, a body must flow: who sends an octet now and then holds a connection, and a
// message, for ever.
void Endpoint::Impl::watch_arrival(Connection& connection, std::size_t count, TimePoint now) {
  if (!connection.decoder.is_inside_head())
    connection.head_until.reset();
  else if (!connection.head_until)
    connection.head_until = now + limits_.header_timeout;

  if (!connection.decoder.is_inside_body()) return connection.floor_until.reset();
  connection.floor_octets += count;
  if (connection.floor_until && connection.floor_octets < limits_.floor_octets) return;
  connection.floor_until = now + limits_.floor_time;
  connection.floor_octets = 0;
}

void Endpoint::Impl::begin_chunk(Connection& connection, const ChunkBegin& begin, TimePoint now,
                                 Output& out) {
  connection.head_until.reset();
  connection.chunk.session.reset();
  const auto head = parse_head(begin);
  if (!head) return break_off(connection, head.error().detail, out);
  if (connection.relay && connection.relay->awaits(head->transaction_id))
    take_relay_answer(connection, begin, now, out);
  else if (head->status != 0)
    take_response(connection, *head, now, out);
  else
    begin_request(connection, *head, now, out);
}

// ---- Whose is it? ----

Session* Endpoint::Impl::session_of_uri(std::string_view text) const {
  const auto uri = parse_uri(text);
  if (!uri) return nullptr;
  const auto found = by_session_id_.find(uri->session_id);
  return found != by_session_id_.end() ? find(found->second) : nullptr;
}

// The session that a frame on this connection is for; usually the only one.
Session* Endpoint::Impl::session_on(const Connection& connection, std::string_view to_path) const {
  if (connection.sessions.size() == 1) {
    auto* session = find(connection.sessions.front());
    if (session->paths.from == to_path) return session;
  }
  return session_of_uri(to_path);
}

Endpoint::Impl::Route Endpoint::Impl::route(Connection& connection, const Head& head, TimePoint now,
                                            Output& out) {
  // We are no relay. RFC 4976.
  if (head.to_path.contains(' ')) return {.status = 501};
  auto* session = session_on(connection, head.to_path);
  const auto from = head.method == "REPORT" ? Session::From::peer_or_relay : Session::From::peer;
  if (session == nullptr || session->state() == Session::State::failed ||
      !session->is_addressed(head.to_path, head.from_path, from))
    return {.status = 481};
  if (session->connection != connection.id) return claim(connection, *session, now, out);
  return {.session = session};
}

// A request for a session that this connection does not carry yet. RFC 4975 5.4, RFC 6135 4.2.
Endpoint::Impl::Route Endpoint::Impl::claim(Connection& connection, Session& session, TimePoint now,
                                            Output& out) {
  switch (session.state()) {
    case Session::State::bound: return {.status = connection.is_bound() ? 481 : 506};
    case Session::State::binding:
      if (session.prefers_own_connection()) return {};  // the peer will see ours
      break;
    case Session::State::waiting:
    case Session::State::connecting: break;
    case Session::State::failed: return {.status = 481};
  }
  if (const auto flaw = flaw_of(connection, session); !flaw.empty()) {
    refuse_peer(connection, session, flaw, now, out);
    return {};
  }
  session.sender.restart();
  attach(session, connection, now, out);
  return {.session = &session};
}

void Endpoint::Impl::begin_request(Connection& connection, const Head& head, TimePoint now,
                                   Output& out) {
  auto& chunk = connection.chunk;
  set_reply(chunk.reply, head);
  const bool is_send = head.method == "SEND";
  const bool is_report = head.method == "REPORT";
  const bool is_known = is_send || is_report || head.method == "NICKNAME";

  auto found = is_known ? route(connection, head, now, out) : Route{.status = 501};
  if (found.session != nullptr && !head.flaw.empty()) found = {.status = 400};
  if (found.session == nullptr) {
    if (found.status == 0) return;
    // RFC 4975 7.1.3: a REPORT is never answered.
    if (!is_report) respond(connection, chunk.reply, found.status);
    if (!connection.is_bound() && ++connection.unknown_sessions > Connection::max_unknown_sessions)
      break_off(connection, "requests for no session of ours", out);
    return;
  }

  auto& session = *found.session;
  if (session.step(Session::Step::peer_arrived)) prove(session, out);
  touch(session);
  if (is_send) {
    begin_send(connection, session, head, now, out);
  } else if (is_report) {
    auto frames = outlet(session, out);
    session.sender.report(head, now, frames);
  } else {
    take_nickname(connection, session, head, out);
  }
}

// The peer is there: the session is bound.
void Endpoint::Impl::prove(Session& session, Output& out) {
  session.bind_until.reset();
  session.sender.confirm_peer();
  out.events.push_back(Bound{session.key});
}

// ---- What is it? ----

// RFC 4975 7.3.1
void Endpoint::Impl::begin_send(Connection& connection, Session& session, const Head& head,
                                TimePoint now, Output& out) {
  auto frames = outlet(session, out);
  const auto status = session.receiver.begin(head, now, frames);
  if (status != 200) return respond(connection, connection.chunk.reply, status);
  connection.chunk.session = session.key;
}

void Endpoint::Impl::put(Connection& connection, std::span<const std::byte> octets, TimePoint now,
                         Output& out) {
  auto& chunk = connection.chunk;
  auto* session = chunk.session ? find(*chunk.session) : nullptr;
  if (session == nullptr) return;
  auto frames = outlet(*session, out);
  const auto status = session->receiver.put(octets, now, frames);
  if (status == 200) return;
  respond(connection, chunk.reply, status);  // at once: the rest need not come
  chunk.session.reset();
}

void Endpoint::Impl::end_chunk(Connection& connection, Continuation flag, Output& out) {
  auto& chunk = connection.chunk;
  auto* session = chunk.session ? find(*chunk.session) : nullptr;
  chunk.session.reset();
  if (session == nullptr) return;
  auto frames = outlet(*session, out);
  const auto status = session->receiver.end(flag, chunk.reply, frames);
  if (status) respond(connection, chunk.reply, *status);
}

// RFC 7701 7
void Endpoint::Impl::take_nickname(Connection& connection, Session& session, const Head& head,
                                   Output& out) {
  const auto& reply = connection.chunk.reply;
  const auto nickname = parse_nickname(head.use_nickname.value_or(""));
  if (!nickname) return respond(connection, reply, 424);
  if (!session.hold_nickname(reply)) return respond(connection, reply, 400);
  out.events.push_back(NicknameRequested{session.key, std::string{head.transaction_id}, *nickname});
}

// RFC 4975 7.3.2: only on the connection that the request took.
void Endpoint::Impl::take_response(Connection& connection, const Head& head, TimePoint now,
                                   Output& out) {
  auto* session = session_on(connection, head.to_path);
  if (session == nullptr || session->connection != connection.id || head.status < 200) return;
  auto frames = outlet(*session, out);
  const auto status = session->sender.respond(head, now, frames);
  if (!status) return;
  // RFC 4975 7.1.2, 5.4: there is no such session there, or not on this connection.
  if (*status == 481 || *status == 506) {
    fail(*session, "refused by its peer", out);
    return detach(*session, now, out);
  }
  if (session->step(Session::Step::answered)) prove(*session, out);
}

void Endpoint::Impl::respond(Connection& connection, const Reply& reply, int status) {
  touch(connection);
  if (status != 200) {
    log_.info("msrp", "refused a request",
              {{"status", std::to_string(status)},
               {"connection", std::to_string(connection.id.value)},
               {"transaction", reply.transaction_id}});
  }
  if (reply.wants(status))
    connection.responses += response(reply.transaction_id, status, reply.to_uri, reply.from_uri);
}

}  // namespace convene::msrp
