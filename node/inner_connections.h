#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "msrp/body_store.h"
#include "msrp/endpoint.h"
#include "node/node.h"

namespace convene::node {

// MSRP connections between two roles of one node: what one writes the other reads, without the
// machine. Each end sees what it would see of TCP. Octets of bodies are read from their store where
// a connection's go through the kernel twice. Pure.
//
// A trace does not show them, as it is written at the node's edge.
class InnerConnections {
 public:
  // Where roles of this node listen for plain MSRP: who connects there is connected within.
  void listen(std::vector<sip::HostPort> at) { listeners_ = std::move(at); }

  // Whether this effect of a role is about such a connection, and was taken. Connection numbers
  // are the node's, with `of_participating`.
  bool take(msrp::Effect& effect);

  // Moves what there is to move, as inputs of `node`, whose effects come back by take(): at most
  // max_octets at a time, so that others are listened to. Within a call of its own it does nothing.
  void run(Node& node, msrp::BodyStore& bodies, TimePoint now, Effects& out);

  // At once, if there is more to move.
  Deadline deadline() const { return todo_.empty() ? Deadline{} : Deadline{ran_at_}; }
  std::size_t ends() const { return ends_.size(); }

 private:
  static constexpr std::uint64_t is_within = 1ULL << 62;  // in numbers of ends that were accepted
  static constexpr std::size_t write_budget = 262'144;    // what msrp_writable() is offered
  static constexpr std::size_t max_octets = 4U << 20;

  using Number = std::uint64_t;
  struct End {
    Number peer = 0;
    bool wants_write = false;
    bool is_closing = false;               // once its pieces have been read
    std::vector<msrp::Piece> pieces = {};  // that it has written
  };
  enum class Step { connect, write, tell_closed };
  struct Todo {
    Step step;
    Number number;
  };
  struct Run {
    Node& node;
    msrp::BodyStore& bodies;
    TimePoint now;
    Effects& out;
    std::size_t octets = 0;
  };

  End* find(Number number);
  bool connect(const msrp::Connect& wanted);
  void close(Number number);
  void do_one(Run& run, const Todo& todo);
  void write(Run& run, Number number);
  bool deliver(Run& run, Number from, const msrp::Piece& piece);

  std::vector<sip::HostPort> listeners_;
  std::unordered_map<Number, End> ends_;
  std::deque<Todo> todo_;
  Number last_ = 0;
  TimePoint ran_at_{};
  bool is_running_ = false;
};

}  // namespace convene::node
