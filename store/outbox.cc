#include "store/outbox.h"

#include <algorithm>
#include <utility>

namespace convene::store {

namespace {

std::string lane_of(const std::string& account, const Folder& folder) {
  return account + '\n' + to_text(folder);
}

// The store as a whole, not this write.
bool is_away(const Error& error) {
  return error.fault == Fault::closed || error.fault == Fault::timed_out;
}

Duration doubled(Duration pause, Duration least, Duration most) {
  return std::clamp(pause * 2, least, std::max(least, most));
}

}  // namespace

bool Outbox::has_room(std::uint64_t octets) const {
  return entries_.size() < settings_.max_waiting && octets <= settings_.max_octets &&
         octets_ <= settings_.max_octets - octets;
}

void Outbox::add(const Kept& write) {
  const auto key = lane_of(write.account, write.folder);
  const auto lane = lanes_.try_emplace(key).first;
  lane->second.account = write.account;
  lane->second.waiting.insert(write.id);
  entries_.emplace(write.id,
                   Entry{.lane = key, .octets = write.octets, .was_tried = write.was_tried});
  octets_ += write.octets;
  settle(lane);
}

// Whether it is one of those that may write, or none at all. It may be gone afterwards.
void Outbox::settle(Lanes::iterator found) {
  const auto& [key, lane] = *found;
  const bool may_write = !lane.waiting.empty() && !lane.paused_until &&
                         !(lane.is_failing && lane.in_flight > 0) &&
                         !erasures_.contains(lane.account);
  if (may_write)
    ready_.insert(key);
  else
    ready_.erase(key);
  if (lane.in_flight > 0 || !lane.waiting.empty()) return;
  if (lane.paused_until) resting_.erase({*lane.paused_until, key});
  lanes_.erase(found);
}

void Outbox::kept(const Kept& write, TimePoint now, OutboxEffects& out) {
  add(write);
  auto& lane = lanes_.at(lane_of(write.account, write.folder));
  const bool waits_long =
      is_paused(now) || is_probing_ || lane.is_failing || erasures_.contains(write.account);
  if (waits_long) out.emplace_back(Postponed{write.id});
  start(now, out);
}

void Outbox::restored(const std::vector<Kept>& writes, TimePoint now, OutboxEffects& out) {
  if (writes.empty()) return;
  log_->info("store", "writes of an earlier process wait for the store",
             {{"count", std::to_string(writes.size())}});
  for (const auto& write : writes) add(write);
  is_probing_ = true;
  start(now, out);
}

void Outbox::answered(OutboxId id, const Result<>& outcome, TimePoint now, OutboxEffects& out) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  auto& entry = found->second;
  const auto lane = lanes_.find(entry.lane);
  --in_flight_;
  --lane->second.in_flight;
  entry.was_tried = true;
  if (outcome || entry.is_forgotten) {
    octets_ -= entry.octets;
    entries_.erase(found);
    out.emplace_back(Forget{id});
  } else {
    lane->second.waiting.insert(id);
    out.emplace_back(Postponed{id});
  }
  if (outcome) {
    if (std::exchange(is_probing_, false))
      log_->info("store", "the store takes writes again",
                 {{"waiting", std::to_string(entries_.size())}});
    paused_until_.reset();
    pause_ = Duration{0};
    lane->second.is_failing = false;
    lane->second.pause = Duration{0};
  } else {
    failed(lane, outcome.error(), now);
  }
  settle(lane);
  check_erasures(out);
  start(now, out);
}

void Outbox::failed(Lanes::iterator found, const Error& error, TimePoint now) {
  auto& [key, lane] = *found;
  lane.is_failing = true;
  if (!is_away(error)) {
    if (lane.pause == Duration{0})
      log_->warning("store", "the store refuses a write: its folder waits",
                    {{"account", masked(lane.account)}, {"why", error.detail}});
    lane.pause = doubled(lane.pause, settings_.refused_pause, settings_.longest_refused_pause);
    if (lane.paused_until) resting_.erase({*lane.paused_until, key});
    lane.paused_until = now + lane.pause;
    resting_.emplace(*lane.paused_until, key);
    is_probing_ = false;  // it answers, after all
    return;
  }
  if (is_paused(now)) return;  // one of many that failed together
  if (pause_ == Duration{0})
    log_->warning("store", "writes wait for the store",
                  {{"count", std::to_string(entries_.size())}, {"why", error.detail}});
  pause_ = doubled(pause_, settings_.first_pause, settings_.longest_pause);
  paused_until_ = now + pause_;
  is_probing_ = true;
}

// Lane after lane, first the one after that which was served last.
void Outbox::start(TimePoint now, OutboxEffects& out) {
  if (is_paused(now)) return;
  auto at = ready_.upper_bound(last_);
  for (auto left = ready_.size(); left > 0 && in_flight_ < most_in_flight(); --left) {
    if (at == ready_.end()) at = ready_.begin();
    last_ = *at++;
    const auto lane = lanes_.find(last_);
    start(lane->second, out);
    settle(lane);
  }
}

void Outbox::start(Lane& lane, OutboxEffects& out) {
  while (!lane.waiting.empty() && in_flight_ < most_in_flight()) {
    if (lane.is_failing && lane.in_flight > 0) return;
    const auto id = *lane.waiting.begin();
    lane.waiting.erase(lane.waiting.begin());
    ++lane.in_flight;
    ++in_flight_;
    out.emplace_back(WriteOut{.id = id, .may_be_there = entries_.at(id).was_tried});
  }
}

void Outbox::erase(const std::string& account, OutboxEffects& out) {
  erasures_.emplace(account, false);
  for (auto at = entries_.begin(); at != entries_.end();) {
    const auto lane = lanes_.find(at->second.lane);
    if (lane->second.account != account) {
      ++at;
    } else if (lane->second.waiting.erase(at->first) > 0) {
      out.emplace_back(Forget{at->first});
      octets_ -= at->second.octets;
      at = entries_.erase(at);
      settle(lane);
    } else {
      at->second.is_forgotten = true;
      ++at;
    }
  }
  check_erasures(out);
}

// What is under way is waited for: it must not come after the erasure.
void Outbox::check_erasures(OutboxEffects& out) {
  for (auto& [account, is_asked] : erasures_) {
    const bool is_busy = std::ranges::any_of(lanes_, [&](const auto& lane) {
      return lane.second.account == account && lane.second.in_flight > 0;
    });
    if (is_asked || is_busy) continue;
    is_asked = true;
    out.emplace_back(EraseNow{account});
  }
}

void Outbox::erased(const std::string& account, TimePoint now, OutboxEffects& out) {
  erasures_.erase(account);
  for (auto lane = lanes_.begin(); lane != lanes_.end();) settle(lane++);
  start(now, out);
}

Deadline Outbox::deadline() const {
  if (entries_.empty()) return std::nullopt;
  const auto first = resting_.empty() ? Deadline{} : Deadline{resting_.begin()->first};
  return earliest(paused_until_, first);
}

void Outbox::wake(TimePoint now, OutboxEffects& out) {
  if (is_due(paused_until_, now)) paused_until_.reset();
  while (!resting_.empty() && resting_.begin()->first <= now) {
    const auto lane = lanes_.find(resting_.begin()->second);
    resting_.erase(resting_.begin());
    lane->second.paused_until.reset();
    settle(lane);
  }
  start(now, out);
}

}  // namespace convene::store
