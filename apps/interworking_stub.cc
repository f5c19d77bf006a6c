#include "apps/interworking_stub.h"

#include "sip/uri.h"

namespace convene::apps {

Result<std::unique_ptr<InterworkingStub>> InterworkingStub::make(const Configuration& configuration,
                                                                 io::Loop& loop, Log& log,
                                                                 const Calendar& calendar) {
  const auto& c = configuration.interworking;
  isf::Settings settings{.routes = {},
                         .max_sessions = static_cast<std::size_t>(c.max_sessions),
                         .max_kept = static_cast<std::size_t>(c.max_kept)};
  for (const auto& route : c.routes) settings.routes.push_back(TRY(isf::parse_route(route)));
  io::RunnerSettings runner;
  runner.tcp = {TRY(sip::parse_host_port(c.listen))};

  std::unique_ptr<InterworkingStub> stub{new InterworkingStub};
  const Surroundings surroundings{.random = stub->random_, .log = log, .calendar = calendar};
  stub->node_ = std::make_unique<node::InterworkingNode>(std::move(settings), surroundings);
  stub->runner_ = std::make_unique<io::Runner>(loop, *stub->node_, nullptr, log, std::move(runner));
  return stub;
}

}  // namespace convene::apps
