#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "msrp/alarms.h"
#include "msrp/connection.h"
#include "msrp/endpoint.h"
#include "msrp/head.h"
#include "msrp/session.h"
#include "msrp/transaction_ids.h"

namespace convene::msrp {

// Brings what happens on connections to the sessions it belongs to, and what they want to the
// connections. It decides which session a frame is for, and nothing about messages.
class Endpoint::Impl {
 public:
  Impl(EndpointSettings limits, Surroundings surroundings, BodyStore& bodies)
      : limits_{limits},
        log_{surroundings.log},
        random_{surroundings.random},
        ids_{surroundings.random},
        bodies_{bodies} {}

  // endpoint_sessions.cc
  SessionKey open(SessionSettings settings, TimePoint now, Output& out);
  void close(SessionKey key, TimePoint now, Output& out, Ending how);
  OutgoingId send(SessionKey key, OutgoingMessage message, TimePoint now, Output& out);
  void body_grew(BodyId body, std::uint64_t ready, TimePoint now);
  void abort(OutgoingId message, Output& out);
  void refuse(IncomingId message);
  void report_success(IncomingId message, Output& out);
  void report_failure(IncomingId message, int status, Output& out);
  void confirm(IncomingId message, std::uint64_t octets);
  void answer(IncomingId message, int status, Output& out);
  void answer_nickname(SessionKey key, std::string_view transaction_id, int status);
  OutgoingId request_nickname(SessionKey key, std::string_view nickname, Output& out);

  // endpoint_relay.cc
  void register_at_relay(RelaySettings settings, Uri own, TimePoint now, Output& out);

  // endpoint_network.cc
  void accepted(ConnectionId id, const Remote& remote, TimePoint now, Output& out);
  void connected(ConnectionId id, const Remote& remote, TimePoint now, Output& out);
  void closed(ConnectionId id, Output& out);
  std::span<std::byte> prepare(ConnectionId id);
  void writable(ConnectionId id, std::size_t budget, TimePoint now, Output& out);
  void written(ConnectionId id, TimePoint now, Output& out);
  void wake(TimePoint now, Output& out);
  Deadline deadline() const { return alarms_.next(); }

  // endpoint_arrivals.cc
  void commit(ConnectionId id, std::size_t count, TimePoint now, Output& out);

  // To be called at the end of every input: says WantWrite and sets the alarms of all that was
  // touched.
  void settle(Output& out);

  Session* find(SessionKey key) const;
  Connection* find(ConnectionId id) const;
  // Whether this is our own address, or a session of ours: who connects there talks to himself.
  bool is_own(const SessionSettings& settings) const;
  std::size_t sessions() const { return sessions_.size(); }
  std::size_t connections() const { return connections_.size(); }

 private:
  // What a head leads to, if not to a session.
  struct Route {
    Session* session = nullptr;
    int status = 0;  // the refusal; 0 without a session: the frame is ignored
  };

  // endpoint_sessions.cc
  void fail(Session& session, const std::string& reason, Output& out);
  void use_body(Session& session, BodyId body, TimePoint now);
  void forget_bodies(Session& session);
  Outlet outlet(const Session& session, Output& out);
  void touch(const Session& session);
  void touch(const Connection& connection);

  // endpoint_relay.cc
  bool join_relay(Session& session);
  void take_relay_answer(Connection& connection, const ChunkBegin& begin, TimePoint now,
                         Output& out);
  void perform(Connection& connection, RelayRegistration::Effects effects, Output& out);
  void lose_relay(Connection& connection, const std::string& reason, Output& out);

  // endpoint_network.cc
  Connection& connect(const std::string& host, std::uint16_t port, Security security, Output& out);
  void attach(Session& session, Connection& connection, TimePoint now, Output& out);
  void detach(Session& session, TimePoint now, Output& out);
  void leave_unbound(Connection& connection);
  void drop(Connection& connection,
            Output& out);  // closes it; whoever uses it has been told, or nobody does
  void break_off(Connection& connection, const std::string& reason,
                 Output& out);  // closes it, and its sessions fail
  bool has_work(const Connection& connection) const;
  bool must_cut(const Connection& connection) const;
  void append_open_chunk(Connection& connection, WriteBatch& batch, std::size_t budget,
                         TimePoint now);
  void append_chunks(Connection& connection, OutgoingMessage::Lane lane, WriteBatch& batch,
                     std::size_t budget, TimePoint now);
  void wake_session(Session& session, TimePoint now, Output& out);
  void keep_alive(Connection& connection, TimePoint now);
  void wake_connection(Connection& connection, TimePoint now, Output& out);

  // endpoint_security.cc
  static std::string flaw_of(const SessionSettings& settings);
  static std::string flaw_of(const Connection& connection, const Session& session);
  void refuse_peer(Connection& connection, Session& session, const std::string& why, TimePoint now,
                   Output& out);
  static Security security_of(const SessionSettings& settings);

  // endpoint_arrivals.cc
  void watch_arrival(Connection& connection, std::size_t count, TimePoint now);
  void begin_chunk(Connection& connection, const ChunkBegin& begin, TimePoint now, Output& out);
  void put(Connection& connection, std::span<const std::byte> octets, TimePoint now, Output& out);
  void end_chunk(Connection& connection, Continuation flag, Output& out);
  void begin_request(Connection& connection, const Head& head, TimePoint now, Output& out);
  void begin_send(Connection& connection, Session& session, const Head& head, TimePoint now,
                  Output& out);
  void take_nickname(Connection& connection, Session& session, const Head& head, Output& out);
  void take_response(Connection& connection, const Head& head, TimePoint now, Output& out);
  Route route(Connection& connection, const Head& head, TimePoint now, Output& out);
  Route claim(Connection& connection, Session& session, TimePoint now, Output& out);
  void prove(Session& session, Output& out);
  Session* session_on(const Connection& connection, std::string_view to_path) const;
  Session* session_of_uri(std::string_view uri) const;
  void respond(Connection& connection, const Reply& reply, int status);
  void respond(const Session& session, const std::vector<Reply>& replies, int status);

  EndpointSettings limits_;
  Log& log_;
  Random& random_;
  TransactionIds ids_;
  BodyStore& bodies_;
  ReadBuffers buffers_;

  std::unordered_map<std::uint64_t, std::unique_ptr<Session>> sessions_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::unordered_map<std::string, SessionKey> by_session_id_;

  struct BodyLegs {
    std::uint64_t ready = 0;
    std::vector<SessionKey> legs;
  };
  std::map<BodyId, BodyLegs> bodies_sent_;  // by open sessions

  std::map<std::string, std::size_t, std::less<>> unbound_;  // how many, by source
  std::size_t all_unbound_ = 0;

  Alarms alarms_;
  std::string no_frames_;  // where requests go that have no connection
  std::vector<SessionKey> touched_sessions_;
  std::vector<ConnectionId> touched_connections_;
  std::uint64_t last_session_ = 0;
  std::uint64_t next_connection_ = 1;  // odd: ours
  std::optional<ConnectionId> relay_;  // to our relay; set while it may act for us
};

}  // namespace convene::msrp
