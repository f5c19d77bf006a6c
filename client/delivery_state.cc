#include "client/delivery_state.h"

#include <algorithm>

namespace convene::client {

namespace {

std::optional<imdn::Status>& state_of(Delivery& delivery, imdn::Disposition disposition) {
  switch (disposition) {
    case imdn::Disposition::delivery: break;
    case imdn::Disposition::display: return delivery.display;
    case imdn::Disposition::processing: return delivery.processing;
  }
  return delivery.delivery;
}

}  // namespace

void DeliveryStates::remember(Sent sent, std::size_t most) {
  sent_.push_back(std::move(sent));
  while (sent_.size() > most) sent_.pop_front();
}

const DeliveryStates::Sent* DeliveryStates::find(std::string_view id) const {
  const auto found = std::ranges::find(sent_, id, &Sent::id);
  return found == sent_.end() ? nullptr : &*found;
}

bool DeliveryStates::take(std::string_view id, const std::string& recipient,
                          const imdn::Notification& report) {
  const auto sent = std::ranges::find(sent_, id, &Sent::id);
  if (sent == sent_.end()) return false;
  auto known = std::ranges::find(sent->recipients, recipient, &Delivery::recipient);
  if (known == sent->recipients.end()) {
    sent->recipients.push_back({.recipient = recipient});
    known = sent->recipients.end() - 1;
  }
  auto& state = state_of(*known, report.disposition);
  const bool is_better =
      state && *state != imdn::Status::delivered && report.status == imdn::Status::delivered;
  if (state && !is_better) return false;
  state = report.status;
  return true;
}

namespace {

std::string key_of(std::string_view sender, std::string_view id) {
  return std::string{sender}.append("\n").append(id);
}

}  // namespace

bool SeenMessages::knows(std::string_view sender, std::string_view id) const {
  return seen_.contains(key_of(sender, id));
}

bool SeenMessages::is_new(std::string_view sender, std::string_view id, std::size_t most) {
  const auto [place, is_new] = seen_.insert(key_of(sender, id));
  if (!is_new) return false;
  in_order_.push_back(&*place);
  for (; in_order_.size() > most; in_order_.pop_front())
    seen_.erase(seen_.find(*in_order_.front()));
  return true;
}

}  // namespace convene::client
