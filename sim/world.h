#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/surroundings.h"
#include "base/time.h"
#include "node/node.h"
#include "sim/disk.h"
#include "sim/history.h"
#include "sim/link.h"
#include "sim/memory_body_store.h"
#include "sim/wire_log.h"

namespace convene::sim {

struct WorldSettings {
  std::uint64_t seed = 1;
  Link link{};  // between all nodes, until set_link() says otherwise
  std::size_t window_octets =
      131'072;  // under way on a stream, per direction, before it stops being writable
  std::size_t write_budget = 262'144;  // what msrp_writable() is offered
  bool cuts_streams = true;  // into segments of any size; false: as large as the window allows
  std::size_t largest_segment = 65'536;
  Duration connect_patience{10'000};
  Duration stream_patience{120'000};  // a stream whose segments nobody acknowledges is broken
  WallTime wall{std::chrono::sys_days{std::chrono::year{2025} / 11 / 22} +
                std::chrono::hours{10}};  // at the start
  bool keeps_wire = true;
  std::size_t log_octets = SIZE_MAX;  // the log's end that is kept
};

struct HostSettings {
  std::string address;             // "10.0.0.1"
  std::uint16_t sip_port = 5060;   // UDP and TCP; TLS is one above
  std::uint16_t msrp_port = 2855;  // TLS is one above
  std::uint16_t participating_msrp_port = 2857;
  bool accepts_streams = true;  // false: a client that only opens them; announces MSRP port 9
  BodyQuota quota{};
  bool has_certificate = true;   // false: it speaks no MSRP over TLS
  std::string certificate = {};  // that it shows in TLS; empty: the one that its SDP names
};

// What a node is made with. Outlives it.
struct Machine {
  Surroundings surroundings;
  MemoryBodyStore& bodies;
  Disk& disk;  // survives a crash
};
// Makes a node: at the start, and again at each restart.
using Factory = std::function<std::unique_ptr<node::Node>(Machine)>;

// How a node dies. `reset`: the process, so the machine resets its connections. `silent`: the
// machine.
enum class Death { reset, silent };

struct Counters {
  std::size_t events = 0;
  std::size_t datagrams_sent = 0;
  std::size_t datagrams_delivered = 0;  // copies count
  std::size_t datagrams_lost = 0;
  std::size_t streams_opened = 0;
  std::size_t streams_failed = 0;  // refused, no such host, no answer
  std::size_t stream_octets = 0;   // delivered
};

// Many nodes, a simulated network between them, and virtual time. The same seed and the same calls
// give the same world.
//
// Nodes are named by the test. After its own CloseStream or msrp::Close a node is told nothing
// about that connection any more. A stream that one side closes is closed for the other when
// everything sent before has arrived.
class World {
 public:
  explicit World(WorldSettings settings = {});
  ~World();

  // Nodes.
  void add(std::string name, HostSettings settings, Factory factory);
  void add(std::string name, std::string address, Factory factory);
  void name(std::string dns_name,
            std::string_view node);  // nodes are found by address, name, and these
  bool is_up(std::string_view node) const;
  node::Node& node(std::string_view node);  // it must be up
  template <class Concrete>
  Concrete& get(std::string_view name) {
    return dynamic_cast<Concrete&>(node(name));
  }
  MemoryBodyStore& bodies(std::string_view node);
  Disk& disk(std::string_view node);
  History& history(std::string_view node);  // the message store that it uses

  // Calls into a node, and performs the effects: f(Concrete&, TimePoint now, node::Effects& out).
  template <class Concrete = node::Node, class F>
  void perform(std::string_view name, F f) {
    call(name, [&](node::Node& node, TimePoint now, node::Effects& out) {
      f(dynamic_cast<Concrete&>(node), now, out);
    });
  }
  // The application of a node: called after each input to it, may go on with effects of its own.
  using Call = std::function<void(node::Node&, TimePoint, node::Effects&)>;
  void after_input(std::string_view node, Call application);

  // Faults of nodes.
  void crash(std::string_view node, Death death = Death::reset);
  void crash_at_effect(std::string_view node,
                       std::size_t n);  // the n-th effect from now is not performed any more;
                                        // a commit counts as one, and that it is told as another
  void restart(std::string_view node);  // also a node that is up: crashes it first

  // Faults of the network.
  void set_link(Link link);  // of all pairs
  void set_link(std::string_view a, std::string_view b, Link link);
  Link link(std::string_view a, std::string_view b) const;
  void cut(std::string_view a, std::string_view b);
  void heal(std::string_view a, std::string_view b);
  void cut_off(std::string_view node);  // from everybody
  void bring_back(std::string_view node);
  void refuse_streams(std::string_view node, bool refuses = true);
  void stop_reading(std::string_view node);  // its streams fill up, as those of a slow reader
  void resume_reading(std::string_view node);
  void reset_streams(std::string_view a, std::string_view b);

  // Time.
  TimePoint now() const;
  WallTime wall() const;
  TimePoint start() const;
  void run_until(TimePoint time);
  void run_for(Duration time) { run_until(now() + time); }
  // Whether `predicate` became true in time.
  bool run_until(const std::function<bool()>& predicate,
                 Duration patience = std::chrono::minutes{5});
  // Until nothing is on the wire and no node wants to be woken within `quiet`. False: still busy
  // after `patience`.
  bool settle(Duration quiet = Duration{100}, Duration patience = std::chrono::minutes{5});

  // What an XDM server says to FetchDocument, after a link's delay; without one, all fails.
  using DocumentServer =
      std::function<controlling::FetchedDocument(const controlling::FetchDocument&)>;
  void serve_documents(DocumentServer server);

  // What happened.
  std::uint64_t seed() const;
  const Counters& counters() const;
  std::size_t open_streams() const;
  const std::vector<Sent>& wire() const;
  void clear_wire();
  const std::string& log() const;  // of all nodes: "12 ms  cf  info  layer  text"

 private:
  void call(std::string_view node, const Call& f);

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace convene::sim
