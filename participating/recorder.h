#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "base/surroundings.h"
#include "msrp/body_store.h"
#include "participating/settings.h"
#include "store/requests.h"

namespace convene::participating {

// Brings records to the message store. What is not kept is held here, and asked for again; what is
// kept reaches the store without us.
class Recorder {
 public:
  using Asks = std::vector<store::Ask>;

  // `bodies`, which outlives it, has the files of what is written: dropped once that is kept.
  Recorder(HistoryPolicy policy, Surroundings world, msrp::BodyStore& bodies)
      : policy_{std::move(policy)}, world_{world}, bodies_{bodies} {}

  // Nothing: more waits than may (HistoryPolicy::max_waiting), and this is lost, with its files.
  std::optional<store::RequestId> write(store::Write write, Asks& asks);

  void kept(store::RequestId id);
  // A failure of what is not kept: it is asked for again under another id.
  void answered(store::RequestId id, const store::Answer& answer, TimePoint now);
  void release(const store::Write& write);  // its files are needed no more
  bool waits_for(store::RequestId id) const { return asked_.contains(id); }

  void wake(TimePoint now, Asks& asks);
  Deadline deadline() const {
    return later_.empty() ? Deadline{} : Deadline{later_.begin()->first};
  }
  std::size_t waiting() const { return asked_.size() + later_.size(); }

 private:
  struct Waiting {
    std::optional<store::Write> write = {};  // until it is kept
    Duration pause{};                        // before it is asked for again
  };
  store::RequestId ask(Waiting waiting, Asks& asks);

  HistoryPolicy policy_;
  Surroundings world_;
  msrp::BodyStore& bodies_;
  std::map<store::RequestId, Waiting> asked_;
  std::multimap<TimePoint, Waiting> later_;
  std::uint64_t next_ = 1;
};

}  // namespace convene::participating
