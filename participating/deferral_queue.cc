#include "participating/deferral_queue.h"

#include <algorithm>
#include <array>

namespace convene::participating {

namespace {

constexpr std::array<std::string_view, 3> kinds{"message", "large-message", "file"};

}  // namespace

std::string_view name_of(DeferredKind kind) { return kinds.at(static_cast<std::size_t>(kind)); }

DeferredKind deferred_kind(std::string_view name) {
  const auto found = std::ranges::find(kinds, name);
  return found == kinds.end() ? DeferredKind::message
                              : static_cast<DeferredKind>(found - kinds.begin());
}

void DeferralQueue::restore(const std::vector<DeferredEntry>& entries, WallTime wall,
                            TimePoint now) {
  for (const auto& one : entries) {
    auto& user = users_[one.user];
    user.queue.insert(one.id);
    ++user.messages;
    user.octets += one.octets;
    auto& entry = entries_[one.id];
    entry.user = one.user;
    entry.message_id = one.message_id;
    entry.octets = one.octets;
    last_ = std::max(last_, one.id.value);
    stored(one.id, now + std::max(one.expires - wall, std::chrono::seconds{0}));
  }
}

Result<> DeferralQueue::has_room(std::string_view name, std::uint64_t octets,
                                 std::uint64_t expected) const {
  if (entries_.size() >= policy_.max_messages)
    return fail(Fault::closed, "too many messages are deferred");
  const auto found = users_.find(name);
  const auto used = expected + (found == users_.end() ? 0 : found->second.octets);
  const auto count = found == users_.end() ? 0 : found->second.messages;
  if (count >= policy_.max_messages_of_user || octets > policy_.max_octets_of_user ||
      used > policy_.max_octets_of_user - octets)
    return fail(Fault::too_large, "too much is deferred for this user");
  return {};
}

Result<DeferralId> DeferralQueue::add(std::string name, std::string message_id,
                                      std::uint64_t octets) {
  if (find(name, message_id)) return fail(Fault::out_of_order, "it is deferred already");
  TRY(has_room(name, octets, 0));

  const DeferralId id{++last_};
  auto& user = users_[name];
  user.queue.insert(id);
  ++user.messages;
  user.octets += octets;
  entries_.emplace(
      id, Entry{.user = std::move(name), .message_id = std::move(message_id), .octets = octets});
  return id;
}

// At most as many as the quota of a user.
std::optional<DeferralId> DeferralQueue::find(std::string_view name,
                                              std::string_view message_id) const {
  const auto user = users_.find(name);
  if (user == users_.end() || message_id.empty()) return std::nullopt;
  for (const auto id : user->second.queue)
    if (entries_.at(id).message_id == message_id) return id;
  return std::nullopt;
}

bool DeferralQueue::is_stored(DeferralId id) const {
  const auto entry = entries_.find(id);
  return entry != entries_.end() && entry->second.state != State::storing;
}

void DeferralQueue::stored(DeferralId id, TimePoint expires) {
  auto& entry = entries_.at(id);
  entry.state = State::waiting;
  entry.expires = expires;
  expiries_.emplace(expires, id);
}

void DeferralQueue::drop(DeferralId id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  const auto [name, message_id, octets, state, expires] = found->second;
  auto& user = users_.at(name);
  user.queue.erase(id);
  --user.messages;
  user.octets -= octets;
  if (state == State::under_way) user.is_busy = false;
  expiries_.erase({expires, id});
  entries_.erase(found);
  forget_if_empty(name);
}

void DeferralQueue::forget_if_empty(const std::string& name) {
  const auto found = users_.find(name);
  if (found->second.messages > 0) return;
  set_retry(name, found->second, std::nullopt);
  users_.erase(found);
}

void DeferralQueue::registered(std::string_view name) {
  const auto user = users_.find(name);
  if (user == users_.end()) return;
  user->second.is_here = true;
  user->second.is_back = user->second.is_busy;
  set_retry(user->first, user->second, std::nullopt);
}

void DeferralQueue::try_later(std::string_view name, TimePoint now) {
  const auto user = users_.find(name);
  if (user != users_.end() && !user->second.is_busy)
    set_retry(user->first, user->second, now + policy_.retry);
}

// In their order: what is not stored yet holds up those behind it.
std::optional<DeferralId> DeferralQueue::take_next(std::string_view name) {
  const auto found = users_.find(name);
  if (found == users_.end()) return std::nullopt;
  auto& user = found->second;
  if (!user.is_here || user.is_busy || user.queue.empty()) return std::nullopt;
  const auto id = *user.queue.begin();
  auto& entry = entries_.at(id);
  if (entry.state != State::waiting) return std::nullopt;
  entry.state = State::under_way;
  user.is_busy = true;
  return id;
}

void DeferralQueue::unreachable(DeferralId id, TimePoint now) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.state != State::under_way) return;
  found->second.state = State::waiting;
  auto& user = users_.at(found->second.user);
  user.is_busy = false;
  user.is_here = std::exchange(user.is_back, false);
  if (!user.is_here) set_retry(found->second.user, user, now + policy_.retry);
}

void DeferralQueue::give_up(DeferralId id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  auto& entry = found->second;
  auto& user = users_.at(entry.user);
  if (entry.state == State::under_way) user.is_busy = false;
  user.queue.erase(id);
  expiries_.erase({entry.expires, id});
  entry.state = State::given_up;
}

bool DeferralQueue::is_given_up(DeferralId id) const {
  const auto entry = entries_.find(id);
  return entry != entries_.end() && entry->second.state == State::given_up;
}

void DeferralQueue::report_later(DeferralId id, TimePoint now) {
  auto& entry = entries_.at(id);
  expiries_.erase({entry.expires, id});
  entry.expires = now + policy_.retry;
  expiries_.emplace(entry.expires, id);
}

// What is just under way may still come through: it is looked at again later.
std::vector<DeferralId> DeferralQueue::take_expired(TimePoint now) {
  std::vector<DeferralId> due;
  while (!expiries_.empty() && expiries_.begin()->first <= now) {
    const auto id = expiries_.begin()->second;
    if (entries_.at(id).state == State::under_way) {
      report_later(id, now);
      continue;
    }
    give_up(id);
    due.push_back(id);
  }
  return due;
}

std::vector<std::string> DeferralQueue::take_retries(TimePoint now) {
  std::vector<std::string> due;
  while (!retries_.empty() && retries_.begin()->first <= now) {
    due.push_back(retries_.begin()->second);
    registered(due.back());
  }
  return due;
}

void DeferralQueue::set_retry(const std::string& name, User& user, Deadline when) {
  if (user.retry) retries_.erase({*user.retry, name});
  user.retry = when;
  if (when) retries_.emplace(*when, name);
}

Deadline DeferralQueue::deadline() const {
  const auto expiry = expiries_.empty() ? Deadline{} : Deadline{expiries_.begin()->first};
  return earliest(expiry, retries_.empty() ? Deadline{} : Deadline{retries_.begin()->first});
}

}  // namespace convene::participating
