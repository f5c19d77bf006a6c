#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "io/runner.h"
#include "io/sockets.h"
#include "node/node.h"

namespace convene::io {

// A node for tests of the machine: writes down what it hears, and echoes when told to.
class TestNode final : public node::Node {
 public:
  // What is to leave on an MSRP connection; the network takes whole pieces.
  void send(msrp::ConnectionId connection, msrp::Piece piece, node::Effects& out) {
    waiting[connection].push_back(std::move(piece));
    out.push_back(msrp::WantWrite{connection});
  }

  void start(const node::Addresses& given, TimePoint, node::Effects&) override {
    addresses = given;
  }
  void datagram(const sip::HostPort& remote, std::string octets, TimePoint,
                node::Effects& out) override {
    heard.push_back("datagram " + octets);
    if (echoes) out.push_back(node::SendDatagram{remote, octets});
  }
  void sip_unreachable(const sip::HostPort& remote, TimePoint, node::Effects&) override {
    heard.push_back("unreachable");
    unreachable.push_back(remote);
  }
  void stream_accepted(sip::Flow flow, sip::Transport transport, const sip::HostPort&, TimePoint,
                       node::Effects&) override {
    heard.push_back(transport == sip::Transport::tls ? "tls accepted" : "tcp accepted");
    last_flow = flow;
  }
  void stream_opened(sip::Flow, TimePoint, node::Effects&) override {
    heard.push_back("stream opened");
  }
  void stream_received(sip::Flow flow, std::string_view octets, TimePoint,
                       node::Effects& out) override {
    received[flow.value] += octets;
    if (echoes) out.push_back(node::SendStream{flow, std::string{octets}});
  }
  void stream_closed(sip::Flow, TimePoint, node::Effects&) override {
    heard.push_back("stream closed");
  }

  void msrp_accepted(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint,
                     node::Effects&) override {
    heard.push_back(remote.is_secure ? "msrps accepted" : "msrp accepted");
    last_connection = connection;
    last_certificate = remote.certificate;
  }
  void msrp_connected(msrp::ConnectionId, const msrp::Remote& remote, TimePoint,
                      node::Effects&) override {
    heard.push_back(remote.is_secure ? "msrps connected" : "msrp connected");
    last_certificate = remote.certificate;
  }
  void msrp_closed(msrp::ConnectionId, TimePoint, node::Effects&) override {
    heard.push_back("msrp closed");
  }
  std::span<std::byte> msrp_prepare(msrp::ConnectionId) override { return room; }
  void msrp_commit(msrp::ConnectionId connection, std::size_t count, TimePoint,
                   node::Effects& out) override {
    const std::string octets{reinterpret_cast<const char*>(room.data()), count};
    largest_read = std::max(largest_read, count);
    msrp_received[connection] += octets;
    if (echoes) send(connection, octets, out);
  }
  void msrp_writable(msrp::ConnectionId connection, std::size_t budget, TimePoint,
                     node::Effects& out) override {
    ++asked;
    auto& pieces = waiting[connection];
    msrp::Write write{.connection = connection, .pieces = {}};
    for (std::size_t size = 0; size < budget && !pieces.empty(); pieces.pop_front()) {
      const auto* const text = std::get_if<std::string>(&pieces.front());
      size += text ? text->size() : std::get<msrp::BodySlice>(pieces.front()).size;
      write.pieces.push_back(std::move(pieces.front()));
    }
    if (!write.pieces.empty()) out.push_back(std::move(write));
    if (!pieces.empty()) out.push_back(msrp::WantWrite{connection});
  }
  void msrp_written(msrp::ConnectionId, TimePoint, node::Effects&) override { ++written; }

  void store_kept(store::RequestId id, TimePoint, node::Effects&) override {
    heard.push_back("kept " + std::to_string(id.value));
  }
  void store_answered(store::RequestId id, const store::Answer& answer, TimePoint,
                      node::Effects&) override {
    heard.push_back((answer ? "answered " : "failed ") + std::to_string(id.value));
    answers.push_back(answer);
  }

  void wake(TimePoint now, node::Effects&) override {
    if (!is_due(alarm, now)) return;
    heard.push_back("wake");
    alarm.reset();
  }
  Deadline deadline() const override { return alarm; }

  bool has_heard(std::string_view what) const { return std::ranges::count(heard, what) > 0; }

  node::Addresses addresses;
  bool echoes = false;
  Deadline alarm;
  std::vector<std::string> heard;
  std::vector<store::Answer> answers;  // of the message store
  std::vector<sip::HostPort> unreachable;
  std::map<std::uint64_t, std::string> received;
  std::map<msrp::ConnectionId, std::string> msrp_received;
  std::map<msrp::ConnectionId, std::deque<msrp::Piece>> waiting;
  std::vector<std::byte> room = std::vector<std::byte>(262'144);
  sip::Flow last_flow;
  std::string last_certificate;
  msrp::ConnectionId last_connection;
  std::size_t largest_read = 0;
  std::size_t asked = 0;
  std::size_t written = 0;
};

// A node with everything it needs, listening on free ports of the loopback.
struct RunningNode {
  explicit RunningNode(Loop& loop, RunnerSettings settings = loopback(),
                       FileBodyStore* bodies = nullptr)
      : runner{loop, node, bodies, log, std::move(settings)}, started{runner.start()} {}

  static RunnerSettings loopback() {
    RunnerSettings settings;
    settings.udp = settings.tcp = settings.msrp = {{"127.0.0.1", 0}};
    return settings;
  }

  void perform(node::Effect effect) {
    runner.perform(
        [&](node::Node&, TimePoint, node::Effects& out) { out.push_back(std::move(effect)); });
  }
  void send(msrp::ConnectionId connection, msrp::Piece piece) {
    runner.perform([&](node::Node&, TimePoint, node::Effects& out) {
      node.send(connection, std::move(piece), out);
    });
  }

  TestNode node;
  KeptLog log;
  Runner runner;
  Result<> started;
};

// A peer that is no node: a blocking socket, for what only misbehaving peers do.
inline FileDescriptor connect_blocking(const sip::HostPort& to) {
  const auto address = numeric_address(to.host, to.port).value();
  FileDescriptor socket{::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0)};
  EXPECT_EQ(::connect(socket.get(), address.raw(), address.size), 0);
  return socket;
}

inline void reset_connection(FileDescriptor socket) {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

// The address of a port where nobody listens, because whoever did is gone.
inline sip::HostPort nobody() {
  const auto socket = listen_streams(*numeric_address("127.0.0.1", 0)).value();
  return host_port_of(local_address(socket.get()));
}

}  // namespace convene::io
