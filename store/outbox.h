#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "base/time.h"
#include "store/requests.h"

namespace convene::store {

struct OutboxSettings {
  std::size_t max_waiting = 1'000'000;     // writes; beyond, refused
  std::uint64_t max_octets = 16ULL << 30;  // of what they say, with their files; beyond, refused
  std::size_t max_in_flight = 1'000;       // asked of the store and not answered
  Duration first_pause{1'000};             // after a store that was not to be had; doubles
  Duration longest_pause{5'000};
  Duration refused_pause{60'000};  // of one folder that the store refuses to write to; doubles
  Duration longest_refused_pause{3'600'000};
};

struct OutboxId {  // grows in the order in which the writes were kept
  std::int64_t value = 0;
  auto operator<=>(const OutboxId&) const = default;
};

// What the caller does after each call, in order.
struct WriteOut {  // ask the store; then answered()
  OutboxId id = {};
  bool may_be_there = false;  // an earlier attempt may have stored it
  bool operator==(const WriteOut&) const = default;
};
struct Postponed {  // it will be written, but nobody knows when: whoever waits is told so
  OutboxId id = {};
  bool operator==(const Postponed&) const = default;
};
struct Forget {  // it is in the store, or is not wanted any more
  OutboxId id = {};
  bool operator==(const Forget&) const = default;
};
struct EraseNow {  // nothing of the account is under way: ask the store; then erased()
  std::string account = {};
  bool operator==(const EraseNow&) const = default;
};
using OutboxEffect = std::variant<WriteOut, Postponed, Forget, EraseNow>;
using OutboxEffects = std::vector<OutboxEffect>;

// Which of the kept writes goes to the store, and when: those of one folder in the order in which
// they were kept, until each has been answered. A store that is not to be had is left alone for a
// while and then asked for one write; a folder that it refuses does not hold up the others. Of a
// refused write those that were already under way behind it may be stored before it. Pure;
// io::Outbox has what is to be written.
class Outbox {
 public:
  Outbox(OutboxSettings settings, Log& log) : settings_{settings}, log_{&log} {}

  bool has_room(std::uint64_t octets) const;

  // A write is on the disk. `was_tried`: an earlier process may have written it already.
  struct Kept {
    OutboxId id = {};
    std::string account = {};
    Folder folder = {};
    std::uint64_t octets = 0;
    bool was_tried = false;
  };
  void kept(const Kept& write, TimePoint now, OutboxEffects& out);
  void restored(const std::vector<Kept>& writes, TimePoint now, OutboxEffects& out);

  void answered(OutboxId id, const Result<>& outcome, TimePoint now, OutboxEffects& out);

  // Everything of the account is forgotten, and nothing of it written until erased().
  void erase(const std::string& account, OutboxEffects& out);
  void erased(const std::string& account, TimePoint now, OutboxEffects& out);

  // Call no later than deadline(); earlier or again does no harm.
  void wake(TimePoint now, OutboxEffects& out);
  Deadline deadline() const;

  std::size_t waiting() const { return entries_.size(); }
  std::uint64_t octets() const { return octets_; }

 private:
  struct Entry {
    std::string lane;
    std::uint64_t octets = 0;
    bool was_tried = false;
    bool is_forgotten = false;  // erased while under way
  };
  struct Lane {  // one folder of one account
    std::string account;
    std::set<OutboxId> waiting;
    std::size_t in_flight = 0;
    bool is_failing = false;  // one at a time, until one is written
    Deadline paused_until;
    Duration pause{0};
  };
  using Lanes = std::map<std::string, Lane, std::less<>>;

  void add(const Kept& write);
  void settle(Lanes::iterator lane);
  void start(TimePoint now, OutboxEffects& out);
  void start(Lane& lane, OutboxEffects& out);
  std::size_t most_in_flight() const { return is_probing_ ? 1 : settings_.max_in_flight; }
  void failed(Lanes::iterator lane, const Error& error, TimePoint now);
  void check_erasures(OutboxEffects& out);
  bool is_paused(TimePoint now) const { return paused_until_ && now < *paused_until_; }

  OutboxSettings settings_;
  Log* log_;
  std::map<OutboxId, Entry> entries_;
  Lanes lanes_;
  std::set<std::string> ready_;  // lanes of which something may be written now
  std::set<std::pair<TimePoint, std::string>> resting_;  // lanes that were refused, until when
  std::string last_;                      // the lane that was served last: each has its turn
  std::map<std::string, bool> erasures_;  // accounts; true: the store has been asked
  std::size_t in_flight_ = 0;
  std::uint64_t octets_ = 0;
  Deadline paused_until_;
  Duration pause_{0};
  bool is_probing_ = false;  // one at a time, until the store has answered one
};

}  // namespace convene::store
