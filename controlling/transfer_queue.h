#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controlling/identifiers.h"

namespace convene::controlling {

// One leg of one file transfer, waiting for its turn.
struct WaitingLeg {
  TransferId transfer;
  LegId leg;
  bool operator==(const WaitingLeg&) const = default;
};

// CPM 9.3.1 (5): how many files are on their way to each participant of this focus, and what waits
// behind them. R3.8
class TransferQueue {
 public:
  std::size_t running(std::string_view participant) const;
  std::size_t queued(std::string_view participant) const;

  void begin(const std::string& participant);
  void wait(const std::string& participant, WaitingLeg leg);
  void withdraw(const std::string& participant, WaitingLeg leg);
  void end(const std::string& participant);  // one that had begun

  // The next leg that may begin, first come first served; it counts as begun. Nothing: nobody
  // waits, or all are busy.
  std::optional<WaitingLeg> next(std::size_t max_running);

 private:
  struct Load {
    std::size_t running = 0;
    std::vector<WaitingLeg> waiting;
  };
  void forget_if_idle(const std::string& participant);

  std::map<std::string, Load, std::less<>> loads_;  // of those with anything
  std::vector<std::string> freed_;  // where something ended: next() looks only there
};

}  // namespace convene::controlling
