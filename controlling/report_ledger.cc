#include "controlling/report_ledger.h"

#include <algorithm>

namespace convene::controlling {

namespace {

constexpr std::uint8_t delivered = 1;
constexpr std::uint8_t not_delivered = 2;
constexpr std::uint8_t displayed = 4;
constexpr std::uint8_t processed = 8;

std::uint8_t bit_of(imdn::Disposition disposition, imdn::Status status) {
  switch (disposition) {
    case imdn::Disposition::delivery:
      return status == imdn::Status::delivered ? delivered : not_delivered;
    case imdn::Disposition::display: return displayed;
    case imdn::Disposition::processing: return processed;
  }
  return 0;
}

// What has been said once makes this one superfluous.
std::uint8_t made_superfluous_by(std::uint8_t bit) {
  return bit == not_delivered ? delivered | not_delivered : bit;
}

bool is_asked(const cpim::DispositionNotification& wants, std::uint8_t bit) {
  switch (bit) {
    case delivered: return wants.positive_delivery;
    case not_delivered: return wants.negative_delivery;
    case displayed: return wants.display;
    case processed: return wants.processing;
    default: return false;
  }
}

}  // namespace

ReportLedger::Entry* ReportLedger::find(const ReportKey& key) {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

ReportLedger::Recipient* ReportLedger::find(Entry& entry, std::string_view recipient) const {
  const auto name = names_.find(recipient);
  if (name == names_.end()) return nullptr;
  const auto found = std::ranges::find(entry.recipients, name->second, &Recipient::who);
  return found == entry.recipients.end() ? nullptr : &*found;
}

bool ReportLedger::remember(const std::string& sender, const cpim::Message& message,
                            std::size_t most) {
  ReportKey key{.sender = sender, .message_id = cpim::imdn_message_id(message)};
  const auto wants = cpim::disposition_notification(message);
  if (key.message_id.empty() || !wants.any() || most == 0 || entries_.contains(key)) return false;

  while (in_order_.size() >= most) {
    entries_.erase(in_order_.front());
    in_order_.pop_front();
  }
  Entry entry{.original = {}, .wants = wants, .recipients = {}};
  entry.original.headers = message.headers;
  in_order_.push_back(key);
  entries_.emplace(std::move(key), std::move(entry));
  return true;
}

bool ReportLedger::copy_begins(const ReportKey& key, std::string_view recipient) {
  auto* entry = find(key);
  if (!entry) return false;
  if (auto* known = find(*entry, recipient)) {
    ++known->under_way;
    return true;
  }
  const auto next = static_cast<std::uint32_t>(names_.size());
  const auto name = names_.emplace(recipient, next).first;
  entry->recipients.push_back({.who = name->second, .under_way = 1});
  return true;
}

void ReportLedger::copy_arrived(const ReportKey& key, std::string_view recipient) {
  auto* entry = find(key);
  auto* known = entry ? find(*entry, recipient) : nullptr;
  if (!known) return;
  known->has_it = true;
  if (known->under_way > 0) --known->under_way;
}

const cpim::Message* ReportLedger::copy_failed(const ReportKey& key, std::string_view recipient) {
  auto* entry = find(key);
  auto* known = entry ? find(*entry, recipient) : nullptr;
  if (!known) return nullptr;
  if (known->under_way > 0) --known->under_way;
  const bool is_told = (known->told & (delivered | not_delivered)) != 0;
  if (known->under_way > 0 || known->has_it || is_told || !entry->wants.negative_delivery) {
    return nullptr;
  }
  known->told |= not_delivered;
  return &entry->original;
}

ReportLedger::Fate ReportLedger::reported(const ReportKey& key, std::string_view recipient,
                                          imdn::Disposition disposition, imdn::Status status) {
  auto* entry = find(key);
  auto* known = entry ? find(*entry, recipient) : nullptr;
  if (!known) return Fate::unknown;
  const auto bit = bit_of(disposition, status);
  if (!is_asked(entry->wants, bit)) return Fate::not_asked;
  if ((known->told & made_superfluous_by(bit)) != 0) return Fate::repeated;
  known->told |= bit;
  return Fate::pass;
}

}  // namespace convene::controlling
