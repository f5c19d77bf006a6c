#include "controlling/transfer_queue.h"

#include <algorithm>

namespace convene::controlling {

std::size_t TransferQueue::running(std::string_view participant) const {
  const auto found = loads_.find(participant);
  return found == loads_.end() ? 0 : found->second.running;
}

std::size_t TransferQueue::queued(std::string_view participant) const {
  const auto found = loads_.find(participant);
  return found == loads_.end() ? 0 : found->second.waiting.size();
}

void TransferQueue::begin(const std::string& participant) { ++loads_[participant].running; }

void TransferQueue::wait(const std::string& participant, WaitingLeg leg) {
  loads_[participant].waiting.push_back(leg);
}

void TransferQueue::withdraw(const std::string& participant, WaitingLeg leg) {
  std::erase(loads_[participant].waiting, leg);
  forget_if_idle(participant);
}

void TransferQueue::end(const std::string& participant) {
  auto& load = loads_[participant];
  if (load.running > 0) --load.running;
  if (!load.waiting.empty()) freed_.push_back(participant);
  forget_if_idle(participant);
}

std::optional<WaitingLeg> TransferQueue::next(std::size_t max_running) {
  while (!freed_.empty()) {
    const auto found = loads_.find(freed_.back());
    const bool may_begin = found != loads_.end() && !found->second.waiting.empty() &&
                           found->second.running < max_running;
    if (!may_begin) {
      freed_.pop_back();
      continue;
    }
    auto& load = found->second;
    const auto leg = load.waiting.front();
    load.waiting.erase(load.waiting.begin());
    ++load.running;
    return leg;
  }
  return std::nullopt;
}

void TransferQueue::forget_if_idle(const std::string& participant) {
  const auto found = loads_.find(participant);
  if (found == loads_.end()) return;
  if (found->second.running == 0 && found->second.waiting.empty()) loads_.erase(found);
}

}  // namespace convene::controlling
