#pragma once

#include <optional>
#include <set>
#include <string>

#include "node/client_node.h"

namespace convene::tests {

// A client whose MSRP can be held up after a chosen text has left, and let go again: so that a file
// stands still in its middle for as long as a test wants.
class HeldClient final : public node::Node {
 public:
  HeldClient(client::Settings settings, Surroundings surroundings, msrp::BodyStore& bodies)
      : inner_{std::move(settings), node::SipLinkSettings{}, surroundings, bodies} {}

  node::ClientNode& inner() { return inner_; }

  // Once a head or end-line with `text` has been given to the network, no more is.
  void hold_after(std::string text) { text_ = std::move(text); }
  bool is_held() const { return is_held_; }
  void let_go(node::Effects& out);

  void start(const node::Addresses& addresses, TimePoint now, node::Effects& out) override {
    inner_.start(addresses, now, out);
  }
  void datagram(const sip::HostPort& remote, std::string octets, TimePoint now,
                node::Effects& out) override {
    inner_.datagram(remote, std::move(octets), now, out);
  }
  void sip_unreachable(const sip::HostPort& remote, TimePoint now, node::Effects& out) override {
    inner_.sip_unreachable(remote, now, out);
  }
  void stream_accepted(sip::Flow flow, sip::Transport transport, const sip::HostPort& remote,
                       TimePoint now, node::Effects& out) override {
    inner_.stream_accepted(flow, transport, remote, now, out);
  }
  void stream_opened(sip::Flow flow, TimePoint now, node::Effects& out) override {
    inner_.stream_opened(flow, now, out);
  }
  void stream_received(sip::Flow flow, std::string_view octets, TimePoint now,
                       node::Effects& out) override {
    inner_.stream_received(flow, octets, now, out);
  }
  void stream_closed(sip::Flow flow, TimePoint now, node::Effects& out) override {
    inner_.stream_closed(flow, now, out);
  }
  void msrp_accepted(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                     node::Effects& out) override {
    inner_.msrp_accepted(connection, remote, now, out);
  }
  void msrp_connected(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                      node::Effects& out) override {
    inner_.msrp_connected(connection, remote, now, out);
  }
  void msrp_closed(msrp::ConnectionId connection, TimePoint now, node::Effects& out) override {
    inner_.msrp_closed(connection, now, out);
  }
  std::span<std::byte> msrp_prepare(msrp::ConnectionId connection) override {
    return inner_.msrp_prepare(connection);
  }
  void msrp_commit(msrp::ConnectionId connection, std::size_t count, TimePoint now,
                   node::Effects& out) override {
    inner_.msrp_commit(connection, count, now, out);
  }
  void msrp_writable(msrp::ConnectionId connection, std::size_t budget, TimePoint now,
                     node::Effects& out) override;
  void msrp_written(msrp::ConnectionId connection, TimePoint now, node::Effects& out) override {
    inner_.msrp_written(connection, now, out);
  }
  void wake(TimePoint now, node::Effects& out) override { inner_.wake(now, out); }
  Deadline deadline() const override { return inner_.deadline(); }

 private:
  node::ClientNode inner_;
  std::optional<std::string> text_;  // set until it has left
  bool is_held_ = false;
  std::set<msrp::ConnectionId> waiting_;  // to write, while held
};

inline void HeldClient::let_go(node::Effects& out) {
  is_held_ = false;
  for (const auto connection : std::exchange(waiting_, {}))
    out.push_back(msrp::WantWrite{connection});
}

inline void HeldClient::msrp_writable(msrp::ConnectionId connection, std::size_t budget,
                                      TimePoint now, node::Effects& out) {
  if (is_held_) {
    waiting_.insert(connection);
    return;
  }
  const auto before = out.size();
  inner_.msrp_writable(connection, budget, now, out);
  if (!text_) return;
  for (auto i = before; i < out.size(); ++i) {
    const auto* write = std::get_if<msrp::Write>(&out[i]);
    if (!write) continue;
    for (const auto& piece : write->pieces) {
      const auto* text = std::get_if<std::string>(&piece);
      if (text && text->contains(*text_)) is_held_ = true;
    }
  }
  if (is_held_) text_.reset();
}

}  // namespace convene::tests
