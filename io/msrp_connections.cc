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

SocketAddress peer_address(int fd) {
  SocketAddress address;
  if (::getpeername(fd, address.raw(), &address.size) != 0) return {};
  return address;
}

}  // namespace

MsrpConnections::MsrpConnections(Turn& turn, Lingering& lingering, Log& log, MsrpLimits limits)
    : turn_{turn}, lingering_{lingering}, log_{log}, limits_{limits} {}

void MsrpConnections::accepted(FileDescriptor socket, const SocketAddress& remote) {
  const auto address = host_port_of(remote);
  if (connections_.size() >= limits_.max_connections) {
    log_.warning("io", "refusing an MSRP connection: too many", {{"remote", address.host}});
    return;
  }
  const msrp::ConnectionId id{last_accepted_ += 2};
  begin(id, std::move(socket));
  turn_.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
    node.msrp_accepted(id, address.host, now, out);
  });
}

void MsrpConnections::connect(msrp::ConnectionId id, const std::string& host, std::uint16_t port) {
  assert(id.value % 2 == 1 && "a node opens connections with odd numbers");
  auto& connection = connections_[id.value];
  connection.opening = std::make_unique<Opening>(
      turn_.loop(), host, port, limits_.connect_patience,
      [this, id](Result<FileDescriptor> socket) {
        if (!socket) return broken(id, socket.error().detail);
        begin(id, std::move(*socket));
        turn_.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
          node.msrp_connected(id, now, out);
        });
      });
}

void MsrpConnections::begin(msrp::ConnectionId id, FileDescriptor socket) {
  auto& connection = connections_[id.value];
  tune_stream(socket.get(), StreamUse::media);
  connection.opening.reset();
  connection.socket.channel = make_plain_channel(socket.get());
  if (turn_.tap) {
    turn_.tap->msrp_begun(id, host_port_of(local_address(socket.get())),
                          host_port_of(peer_address(socket.get())));
  }
  connection.socket.watched = std::make_unique<Watched>(turn_.loop(), std::move(socket));
  connection.socket.watched->when_readable([this, id] { read(id); });
  if (connection.wants_write) mark_dirty(id, connection);
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
  if (limits_.read_rate == 0 || octets == 0)
    return connection->socket.watched->when_readable([this, id] { read(id); });
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
  if (connection.is_dirty || connection.is_blocked || connection.is_asked || !connection.socket)
    return;
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
  if (!connection || !connection->socket) return;
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
  if (turn_.tap) turn_.tap->msrp_ended(id);
  auto socket = std::move(found->second.socket);
  connections_.erase(found);
  lingering_.add(std::move(socket));
}

void MsrpConnections::broken(msrp::ConnectionId id, const std::string& why) {
  const auto found = connections_.find(id.value);
  if (found == connections_.end()) return;
  if (turn_.tap) turn_.tap->msrp_ended(id);
  if (!why.empty())
    log_.debug("io", "MSRP connection ended",
               {{"connection", std::to_string(id.value)}, {"why", why}});
  connections_.erase(found);
  turn_.tell(
      [&](node::Node& node, TimePoint now, node::Effects& out) { node.msrp_closed(id, now, out); });
}

void MsrpConnections::close_all() {
  while (!connections_.empty()) close({connections_.begin()->first});
}

MsrpConnections::Connection* MsrpConnections::find(msrp::ConnectionId id) {
  const auto found = connections_.find(id.value);
  return found == connections_.end() ? nullptr : &found->second;
}

}  // namespace convene::io
