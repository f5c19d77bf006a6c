#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "node/node.h"
#include "sim/world.h"

namespace convene::sim {

// A node for tests of the world: writes down what it hears, echoes when told to, and sends what a
// test gives it.
class TestNode : public node::Node {
 public:
  explicit TestNode(Machine given) : machine{given} {}

  // Gives MSRP octets to be sent: what the network takes at a time is a whole number of pieces.
  void send(msrp::ConnectionId connection, msrp::Piece piece, node::Effects& out) {
    waiting[connection].push_back(std::move(piece));
    out.push_back(msrp::WantWrite{connection});
  }

  void start(const node::Addresses& given, TimePoint, node::Effects&) override {
    addresses = given;
  }

  void datagram(const sip::HostPort& remote, std::string octets, TimePoint now,
                node::Effects& out) override {
    heard.push_back("datagram " + remote.host + " " + octets);
    heard_at.push_back(now);
    if (echoes) out.push_back(node::SendDatagram{remote, "echo " + octets});
  }
  void sip_unreachable(const sip::HostPort& remote, TimePoint, node::Effects&) override {
    heard.push_back("unreachable " + remote.host);
  }
  void stream_accepted(sip::Flow flow, sip::Transport, const sip::HostPort& remote, TimePoint,
                       node::Effects&) override {
    heard.push_back("stream accepted " + remote.host);
    last_flow = flow;
  }
  void stream_opened(sip::Flow, TimePoint, node::Effects&) override {
    heard.push_back("stream opened");
  }
  void stream_received(sip::Flow flow, std::string_view octets, TimePoint,
                       node::Effects& out) override {
    received[flow.value] += octets;
    ++reads;
    if (echoes) out.push_back(node::SendStream{flow, std::string{octets}});
  }
  void stream_closed(sip::Flow, TimePoint, node::Effects&) override {
    heard.push_back("stream closed");
  }

  void msrp_accepted(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint,
                     node::Effects&) override {
    heard.push_back((remote.is_secure ? "msrps accepted " : "msrp accepted ") +
                    std::string{remote.host});
    last_certificate = remote.certificate;
    last_connection = connection;
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
    msrp_received[connection] += octets;
    if (echoes) send(connection, octets, out);
  }
  void msrp_writable(msrp::ConnectionId connection, std::size_t budget, TimePoint,
                     node::Effects& out) override {
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
    heard.push_back("wake");
    heard_at.push_back(now);
    if (is_due(alarm, now)) alarm.reset();
  }
  Deadline deadline() const override { return alarm; }

  Machine machine;
  node::Addresses addresses;
  bool echoes = false;
  Deadline alarm;

  std::vector<std::string> heard;
  std::vector<store::Answer> answers;  // of the message store
  std::vector<TimePoint> heard_at;     // datagrams and wakes only
  std::map<std::uint64_t, std::string> received;
  std::map<msrp::ConnectionId, std::string> msrp_received;
  std::map<msrp::ConnectionId, std::deque<msrp::Piece>> waiting;
  std::array<std::byte, 10'000> room;
  sip::Flow last_flow;
  std::string last_certificate;
  msrp::ConnectionId last_connection;
  std::size_t reads = 0;
  std::size_t written = 0;
};

inline std::unique_ptr<node::Node> make_test_node(Machine machine) {
  return std::make_unique<TestNode>(machine);
}

}  // namespace convene::sim
