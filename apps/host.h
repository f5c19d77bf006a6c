#pragma once

#include <memory>
#include <optional>
#include <string>

#include "apps/configuration.h"
#include "apps/interworking_stub.h"
#include "apps/message_store.h"
#include "base/result.h"
#include "io/database.h"
#include "io/deferral_store.h"
#include "io/erasure.h"
#include "io/file_body_store.h"
#include "io/kernel_random.h"
#include "io/log_sink.h"
#include "io/loop.h"
#include "io/retention.h"
#include "io/runner.h"
#include "io/trace_writer.h"
#include "node/server_node.h"

namespace convene::apps {

// One server on this machine: what its configuration says, bound to sockets, files and the clock.
class Host {
 public:
  // Everything that can be wrong before listening is: Fault::malformed, or Fault::not_found for a
  // directory or file.
  static Result<std::unique_ptr<Host>> make(const Configuration& configuration, io::Loop& loop,
                                            Log& log, const Calendar& calendar);

  Result<> start();  // opens the state, and listens
  const node::Addresses& addresses() const { return runner_->addresses(); }
  node::ServerNode::Snapshot snapshot() const { return node_->snapshot(); }
  void stop(io::Task stopped);
  Result<> reload_tls() { return runner_->reload_tls(); }
  Result<> load_groups();       // and again: the directory as it is now
  Result<> load_preferences();  // the same

  // "ready udp=127.0.0.1:5060 tcp=127.0.0.1:5060 msrp=127.0.0.1:2855": for people and scripts.
  std::string ready_line() const;

 private:
  Host(const Configuration& configuration, io::Loop& loop, Log& log)
      : state_{configuration.state},
        store_{configuration.store},
        loop_{loop},
        log_{log},
        listens_for_msrps_{!configuration.listen.msrps.empty()} {}
  Result<> open_state();
  Result<> open_store();

  Configuration::State state_;
  Configuration::Store store_;
  io::Loop& loop_;
  Log& log_;
  bool listens_for_msrps_;

  Configuration::PredefinedGroups groups_;
  std::string preferences_;  // a directory; empty: none
  io::KernelRandom random_;
  std::unique_ptr<io::FileBodyStore> bodies_;
  std::unique_ptr<io::Database> database_;  // nothing: [state] is not enabled
  std::unique_ptr<ConfiguredStore> history_;
  std::unique_ptr<io::DeferralStore> deferrals_;
  std::optional<io::Retention> retention_;
  std::optional<io::Erasures> erasures_;
  std::unique_ptr<node::ServerNode> node_;
  std::unique_ptr<io::TraceWriter> trace_;
  std::unique_ptr<io::Runner> runner_;
  std::unique_ptr<InterworkingStub> interworking_;  // or none
};

}  // namespace convene::apps
