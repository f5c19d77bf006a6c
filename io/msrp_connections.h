#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/log.h"
#include "io/opening.h"
#include "io/stream_socket.h"
#include "io/tls.h"
#include "io/turn.h"

namespace convene::io {

struct MsrpLimits {
  Duration connect_patience{10'000};
  Duration handshake_patience{10'000};  // of TLS
  std::size_t max_connections = 20'000;
  std::size_t max_handshakes = 1'000;  // of TLS, at one time, that others have begun
  std::size_t read_budget = 262'144;   // octets of one connection in one turn
  std::size_t write_budget = 262'144;  // the same, and what msrp_writable() is offered
  std::size_t turn_octets = 4U << 20;  // of all connections, before others are listened to
  Duration turn_time{2};
  std::uint64_t read_rate = 0;  // octets a second of one connection; 0: as fast as they come
};

// MSRP over TCP and TLS, as a reactor: octets are read into the node's own buffer, and the node is
// asked for octets when the socket takes some, so that an idle connection holds no buffer and a
// slow one not more than one budget.
class MsrpConnections {
 public:
  MsrpConnections(Turn& turn, Lingering& lingering, Log& log, MsrpLimits limits);

  // What connections over TLS are made with.
  void use(std::shared_ptr<const Tls> tls) { tls_ = std::move(tls); }

  enum class At { focus, participating };  // whose listener
  void accepted(FileDescriptor socket, const SocketAddress& remote, At at, msrp::Security security);

  // Effects.
  void connect(const msrp::Connect& wanted);
  void want_write(msrp::ConnectionId id);
  void write(msrp::ConnectionId id, std::vector<msrp::Piece> pieces);
  void close(msrp::ConnectionId id);

  // At the end of a turn: writes, fairly, what the connections have; false when some is left for
  // the next turn.
  bool flush();
  void close_all();
  std::size_t size() const { return connections_.size(); }

 private:
  struct Connection {
    std::unique_ptr<Opening> opening;  // until it stands
    std::unique_ptr<Timer> handshake;  // ... and TLS, too
    std::string host;                  // who connected, or whom we connect to
    msrp::Security security = msrp::Security::none;
    bool is_ready = false;  // the node knows it
    StreamSocket socket;
    bool wants_write = false;
    bool is_writing = false;       // a Write has not left completely
    bool is_blocked = false;       // ... because the socket takes no more
    bool is_asked = false;         // the node is being asked for octets
    bool is_dirty = false;         // in dirty_
    std::unique_ptr<Timer> pause;  // where there is a read rate
  };

  void begin(msrp::ConnectionId id, FileDescriptor socket);
  void shake_hands(msrp::ConnectionId id);
  void ready(msrp::ConnectionId id);
  void forget(std::unordered_map<std::uint64_t, Connection>::iterator connection);
  void read(msrp::ConnectionId id);
  void read_again(msrp::ConnectionId id, std::size_t octets);
  std::size_t write_some(msrp::ConnectionId id);
  void send(msrp::ConnectionId id, Connection& connection);
  void mark_dirty(msrp::ConnectionId id, Connection& connection);
  void broken(msrp::ConnectionId id, const std::string& why);
  Connection* find(msrp::ConnectionId id);

  Turn& turn_;
  Lingering& lingering_;
  Log& log_;
  MsrpLimits limits_;
  Alive alive_;
  std::unordered_map<std::uint64_t, Connection> connections_;
  std::deque<msrp::ConnectionId> dirty_;
  std::uint64_t last_accepted_ = 0;  // even
  std::size_t handshakes_ = 0;       // of accepted ones, under way
  std::shared_ptr<const Tls> tls_;   // nothing: none is spoken
};

}  // namespace convene::io
