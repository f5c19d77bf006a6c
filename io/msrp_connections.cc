#include "io/msrp_connections.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "io/file_body_store.h"
#include "io/sockets.h"
#include "io/wire_tap.h"

namespace convene::io {

namespace {

constexpr std::uint64_t reads_of_a_second = 20;  // where there is a read rate

bool is_accepted(msrp::ConnectionId id) { return id.value % 2 == 0; }

SocketAddress peer_address(int fd) {
  SocketAddress address;
  if (::getpeername(fd, address.raw(), &address.size) != 0) return {};
  return address;
}

}  // namespace

MsrpConnections::MsrpConnections(Turn& turn, Lingering& lingering, Log& log, MsrpLimits limits)
    : turn_{turn}, lingering_{lingering}, log_{log}, limits_{limits} {}

void MsrpConnections::accepted(FileDescriptor socket, const SocketAddress& remote, At at,
                               msrp::Security security) {
  const auto address = host_port_of(remote);
  const bool has_room = security == msrp::Security::none || handshakes_ < limits_.max_handshakes;
  if (connections_.size() >= limits_.max_connections || !has_room) {
    log_.warning("io", "refusing an MSRP connection: too many", {{"remote", address.host}});
    return;
  }
  last_accepted_ += 2;
  const msrp::ConnectionId id{at == At::participating ? last_accepted_ | node::of_participating
                                                      : last_accepted_};
  auto& connection = connections_[id.value];
  connection.host = address.host;
  connection.security = security;
  begin(id, std::move(socket));
}

void MsrpConnections::connect(const msrp::Connect& wanted) {
  const auto id = wanted.connection;
  assert(id.value % 2 == 1 && "a node opens connections with odd numbers");
  auto& connection = connections_[id.value];
  connection.host = wanted.host;
  connection.security = wanted.security;
  connection.opening =
      std::make_unique<Opening>(turn_.loop(), wanted.host, wanted.port, limits_.connect_patience,
                                [this, id](Result<FileDescriptor> socket) {
                                  if (!socket) return broken(id, socket.error().detail);
                                  begin(id, std::move(*socket));
                                });
}

void MsrpConnections::begin(msrp::ConnectionId id, FileDescriptor socket) {
  auto& connection = connections_.at(id.value);
  const int fd = socket.get();
  tune_stream(fd, StreamUse::media);
  connection.opening.reset();
  connection.socket.watched = std::make_unique<Watched>(turn_.loop(), std::move(socket));
  if (connection.security == msrp::Security::none) {
    connection.socket.channel = make_plain_channel(fd);
    return ready(id);
  }
  if (!tls_) return broken(id, "TLS is not set up");
  const auto proof =
      connection.security == msrp::Security::name ? Tls::Proof::name : Tls::Proof::certificate;
  connection.socket.channel =
      is_accepted(id) ? tls_->server(fd, proof) : tls_->client(fd, connection.host, proof);
  if (is_accepted(id)) ++handshakes_;
  connection.handshake = std::make_unique<Timer>(turn_.loop());
  connection.handshake->at(turn_.loop().now() + limits_.handshake_patience,
                           [this, id] { broken(id, "handshake took too long"); });
  shake_hands(id);
}

void MsrpConnections::shake_hands(msrp::ConnectionId id) {
  auto* const connection = find(id);
  if (!connection) return;
  const auto transfer = connection->socket.channel->handshake();
  switch (transfer.status) {
    case Transfer::Status::wants_read:
      // With what was read ahead it goes on by itself.
      return connection->socket.watched->when_readable([this, id] { shake_hands(id); });
    case Transfer::Status::wants_write:
      return connection->socket.watched->when_writable([this, id] { shake_hands(id); });
    case Transfer::Status::ended:
    case Transfer::Status::failed:
      log_.info("io", "MSRP: TLS handshake failed",
                {{"remote", connection->host}, {"why", transfer.detail}});
      return broken(id, transfer.detail);
    case Transfer::Status::moved: return ready(id);
  }
}

void MsrpConnections::ready(msrp::ConnectionId id) {
  auto& connection = connections_.at(id.value);
  if (std::exchange(connection.handshake, nullptr) && is_accepted(id)) --handshakes_;
  connection.is_ready = true;
  if (turn_.tap) {
    const int fd = connection.socket.fd();
    turn_.tap->msrp_begun(id, host_port_of(local_address(fd)), host_port_of(peer_address(fd)));
  }
  if (connection.wants_write) mark_dirty(id, connection);
  const auto host = connection.host;
  const auto certificate = connection.socket.channel->peer_certificate();
  const bool is_secure = connection.security != msrp::Security::none;
  turn_.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
    const msrp::Remote remote{.host = host, .is_secure = is_secure, .certificate = certificate};
    if (is_accepted(id)) return node.msrp_accepted(id, remote, now, out);
    node.msrp_connected(id, remote, now, out);
  });
  read_again(id, 0);
}

void MsrpConnections::read(msrp::ConnectionId id) {
  const auto budget =
      limits_.read_rate == 0
          ? limits_.read_budget
          : std::clamp<std::size_t>(limits_.read_rate / reads_of_a_second, 1, limits_.read_budget);
  std::size_t left = budget;
  while (left > 0) {
    auto* const connection = find(id);
    if (!connection) return;
    const auto room = turn_.node().msrp_prepare(id);
    assert(!room.empty() && "prepare() gives room after every commit()");
    const auto asked = std::min(room.size(), left);
    const auto transfer = connection->socket.channel->read(room.first(asked));
    if (transfer.status == Transfer::Status::wants_read) break;
    if (transfer.status != Transfer::Status::moved) {
      // The peer said its last word, but may listen still: give it the answers that wait.
      if (transfer.status == Transfer::Status::ended && connection->wants_write) write_some(id);
      return broken(id, transfer.detail);
    }

    if (turn_.tap) {
      turn_.tap->msrp(Way::in, id, {reinterpret_cast<const char*>(room.data()), transfer.count});
    }
    turn_.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
      node.msrp_commit(id, transfer.count, now, out);
    });
    left -= transfer.count;
    if (transfer.count < asked) break;  // there was no more
  }
  read_again(id, budget - left);
}

// At once, or, where there is a read rate, when the octets that were read are due.
void MsrpConnections::read_again(msrp::ConnectionId id, std::size_t octets) {
  auto* const connection = find(id);
  if (!connection) return;
  const bool may_read = limits_.read_rate == 0 || octets == 0;
  if (may_read && connection->socket.channel->has_read_ahead())
    return turn_.loop().post(alive_.guard([this, id] { read(id); }));
  if (may_read) return connection->socket.watched->when_readable([this, id] { read(id); });
  if (!connection->pause) connection->pause = std::make_unique<Timer>(turn_.loop());
  const Duration due{static_cast<Duration::rep>(octets * 1'000 / limits_.read_rate)};
  connection->pause->at(turn_.loop().now() + due, [this, id] { read_again(id, 0); });
}

void MsrpConnections::want_write(msrp::ConnectionId id) {
  auto* const connection = find(id);
  if (!connection) return;
  connection->wants_write = true;
  mark_dirty(id, *connection);
}

void MsrpConnections::mark_dirty(msrp::ConnectionId id, Connection& connection) {
  const bool is_busy = connection.is_dirty || connection.is_blocked || connection.is_asked;
  if (is_busy || !connection.is_ready) return;
  connection.is_dirty = true;
  dirty_.push_back(id);
  turn_.end_later();
}

bool MsrpConnections::flush() {
  const auto begin = turn_.loop().now();
  for (std::size_t octets = 0; !dirty_.empty();) {
    if (octets >= limits_.turn_octets || turn_.loop().now() - begin > limits_.turn_time)
      return false;
    const auto id = dirty_.front();
    dirty_.pop_front();
    octets += write_some(id);
  }
  return true;
}

// Asks the node for octets and sends them. How many there were.
std::size_t MsrpConnections::write_some(msrp::ConnectionId id) {
  auto* connection = find(id);
  if (!connection) return 0;
  connection->is_dirty = false;
  if (connection->is_blocked) return 0;
  if (!connection->is_writing && std::exchange(connection->wants_write, false)) {
    connection->is_asked = true;
    turn_.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
      node.msrp_writable(id, limits_.write_budget, now, out);
    });
    connection = find(id);
    if (!connection) return 0;
    connection->is_asked = false;
  }
  if (!connection->is_writing) return 0;
  const auto octets = connection->socket.output.size();
  send(id, *connection);
  return octets;
}

void MsrpConnections::write(msrp::ConnectionId id, std::vector<msrp::Piece> pieces) {
  auto* const connection = find(id);
  if (!connection || !connection->is_ready) return;
  connection->is_writing = true;
  mark_dirty(id, *connection);
  for (auto& piece : pieces) {
    if (auto* const text = std::get_if<std::string>(&piece)) {
      if (turn_.tap) turn_.tap->msrp(Way::out, id, *text);
      connection->socket.output.append(std::move(*text));
      continue;
    }
    const auto& slice = std::get<msrp::BodySlice>(piece);
    if (turn_.tap) turn_.tap->msrp_body(id, slice.size);
    auto views = turn_.bodies()->view(slice);
    if (!views) {
      turn_.loop().post(alive_.guard([this, id, why = views.error().detail] { broken(id, why); }));
      return;
    }
    for (auto& view : *views) connection->socket.output.append(std::move(view));
  }
}

void MsrpConnections::send(msrp::ConnectionId id, Connection& connection) {
  const auto transfer = connection.socket.output.write_to(*connection.socket.channel);
  switch (transfer.status) {
    case Transfer::Status::wants_read:
    case Transfer::Status::wants_write:
      connection.is_blocked = true;
      connection.socket.watched->when_writable([this, id] {
        if (auto* const found = find(id)) send(id, *found);
      });
      return;
    case Transfer::Status::ended:
    case Transfer::Status::failed: return broken(id, transfer.detail);
    case Transfer::Status::moved: break;
  }
  connection.is_writing = connection.is_blocked = false;
  turn_.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
    node.msrp_written(id, now, out);
  });
  auto* const still = find(id);
  if (still && still->wants_write) mark_dirty(id, *still);
}

void MsrpConnections::close(msrp::ConnectionId id) {
  const auto found = connections_.find(id.value);
  if (found == connections_.end()) return;
  auto socket = std::move(found->second.socket);
  const bool was_ready = found->second.is_ready;
  forget(found);
  if (was_ready) lingering_.add(std::move(socket));
}

void MsrpConnections::broken(msrp::ConnectionId id, const std::string& why) {
  const auto found = connections_.find(id.value);
  if (found == connections_.end()) return;
  if (!why.empty())
    log_.debug("io", "MSRP connection ended",
               {{"connection", std::to_string(id.value)}, {"why", why}});
  const bool is_known = found->second.is_ready || !is_accepted(id);
  forget(found);
  if (!is_known) return;
  turn_.tell(
      [&](node::Node& node, TimePoint now, node::Effects& out) { node.msrp_closed(id, now, out); });
}

void MsrpConnections::forget(std::unordered_map<std::uint64_t, Connection>::iterator connection) {
  const msrp::ConnectionId id{connection->first};
  if (connection->second.handshake && is_accepted(id)) --handshakes_;
  if (turn_.tap) turn_.tap->msrp_ended(id);
  connections_.erase(connection);
}

void MsrpConnections::close_all() {
  while (!connections_.empty()) close({connections_.begin()->first});
}

MsrpConnections::Connection* MsrpConnections::find(msrp::ConnectionId id) {
  const auto found = connections_.find(id.value);
  return found == connections_.end() ? nullptr : &found->second;
}

}  // namespace convene::io
