#pragma once

#include <memory>

#include "apps/configuration.h"
#include "base/result.h"
#include "io/kernel_random.h"
#include "io/loop.h"
#include "io/runner.h"
#include "node/interworking_node.h"

namespace convene::apps {

// [interworking] stub: an Interworking Selection Function on a socket of its own, beside the
// server.
class InterworkingStub {
 public:
  // Fault::malformed for an address or a route that cannot be read.
  static Result<std::unique_ptr<InterworkingStub>> make(const Configuration& configuration,
                                                        io::Loop& loop, Log& log,
                                                        const Calendar& calendar);

  Result<> start() { return runner_->start(); }  // listens
  void stop(io::Task stopped) { runner_->stop(std::move(stopped)); }

 private:
  InterworkingStub() = default;

  io::KernelRandom random_;
  std::unique_ptr<node::InterworkingNode> node_;
  std::unique_ptr<io::Runner> runner_;
};

}  // namespace convene::apps
