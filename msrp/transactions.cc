#include "msrp/transactions.h"

#include <algorithm>

namespace convene::msrp {

std::optional<Transaction> Transactions::take(std::uint64_t id, TimePoint now) {
  const auto place = std::ranges::find(waiting_, id, &Transaction::id);
  if (place == waiting_.end()) return std::nullopt;
  const auto answered = *place;
  const bool was_oldest = place == waiting_.begin();
  waiting_.erase(place);
  if (was_oldest && !waiting_.empty() && waiting_.front().is_written)
    waiting_.front().since = std::max(waiting_.front().since, now);
  return answered;
}

bool Transactions::close(std::uint64_t id, std::uint64_t lacking) {
  const auto place = std::ranges::find(waiting_, id, &Transaction::id);
  if (place == waiting_.end()) return false;
  place->is_open = false;
  place->octets -= lacking;
  return true;
}

std::optional<Transaction> Transactions::take_late(TimePoint now, Duration patience) {
  if (!is_due(deadline(patience), now)) return std::nullopt;
  const auto late = waiting_.front();
  waiting_.pop_front();
  return late;
}

std::optional<Transaction> Transactions::take_silent() {
  if (waiting_.empty() || !waiting_.front().is_written ||
      waiting_.front().failure_report != FailureReport::partial)
    return std::nullopt;
  const auto silent = waiting_.front();
  waiting_.pop_front();
  return silent;
}

void Transactions::written(TimePoint now) {
  for (auto place = waiting_.rbegin(); place != waiting_.rend() && !place->is_written; ++place) {
    if (place->is_open) continue;
    place->is_written = true;
    place->since = now;
  }
}

Deadline Transactions::deadline(Duration patience) const {
  if (waiting_.empty() || !waiting_.front().is_written) return std::nullopt;
  return waiting_.front().since + patience;
}

}  // namespace convene::msrp
