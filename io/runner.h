#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "io/file_body_store.h"
#include "io/loop.h"
#include "io/msrp_connections.h"
#include "io/sip_streams.h"
#include "io/tls.h"
#include "node/node.h"

namespace convene::io {

class Database;
class DeferralStore;
class MessageStore;
class WireTap;

struct RunnerSettings {
  // Where to listen: numeric addresses; port 0: any. None: not at all.
  std::vector<sip::HostPort> udp;
  std::vector<sip::HostPort> tcp;
  std::vector<sip::HostPort> tls;
  std::vector<sip::HostPort> msrp;
  std::vector<sip::HostPort> msrps;  // the same over TLS; needs media_tls
  std::vector<sip::HostPort> participating_msrp;
  std::vector<sip::HostPort> participating_msrps;  // over TLS; needs media_tls

  // What the node announces instead of the first bound address of each kind.
  sip::LocalAddresses announced;
  std::optional<sip::HostPort> announced_msrp;
  std::optional<sip::HostPort> announced_msrps;
  std::optional<sip::HostPort> announced_participating_msrp;
  std::optional<sip::HostPort> announced_participating_msrps;

  std::optional<TlsSettings> tls_files;  // also for streams the node opens over TLS
  // For MSRP over TLS; nothing: none is spoken. Its certificate stays as long as the runner, as
  // those who were told its fingerprint expect it.
  std::optional<TlsSettings> media_tls;
  int datagram_buffer_octets = 4 << 20;
  SipStreamLimits streams;
  MsrpLimits connections;
  Duration linger{5'000};  // for the last octets of a connection that was closed
};

// Runs one node on one loop: binds its sockets, tells it what arrives and performs what it wants.
class Runner {
 public:
  // All of them outlive it. `bodies` may be none, for a node without.
  Runner(Loop& loop, node::Node& node, FileBodyStore* bodies, Log& log, RunnerSettings settings);
  ~Runner();

  // Binds, then node.start(). Fault::closed names the address that cannot be bound;
  // Fault::not_found a TLS file.
  Result<> start();
  const node::Addresses& addresses() const;  // after start()

  // For an application: calls into its node, and performs the effects. Not from within a call of
  // the runner but after_turn().
  void perform(const std::function<void(node::Node&, TimePoint, node::Effects&)>& call);
  // Called at the end of each turn in which the node was told something; may perform().
  void after_turn(std::function<void()> application);

  // Reads the TLS files again; connections that stand keep theirs. An error changes nothing.
  Result<> reload_tls();
  // Where the node's durable state goes; nothing: nothing can be stored. Outlives the runner.
  void keep_state_in(Database* database);
  // The message store of the node's users; nothing: whatever is asked of it fails. Outlives the
  // runner.
  void keep_history_in(MessageStore* history);
  // What waits for users who are away; nothing: nothing can be stored. Outlives the runner.
  void keep_deferred_in(DeferralStore* deferrals);
  // Sees the wire from now on; nothing: no more. Outlives the runner.
  void trace(WireTap* tap);

  // Listens no more, lets what was written leave, closes everything; then calls `stopped`.
  void stop(Task stopped);

  std::size_t connections() const;  // SIP and MSRP, that stand or are being opened

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace convene::io
