#include "apps/delivery_table.h"

#include <algorithm>
#include <chrono>

#include "apps/event_text.h"
#include "apps/json_line.h"
#include "base/text.h"
#include "imdn/notification.h"

namespace convene::apps {

namespace {

// Displayed says more than delivered, and that more than that it is kept on the way.
std::string state_of(const client::Delivery& delivery) {
  for (const auto& status : {delivery.display, delivery.delivery, delivery.processing}) {
    if (status) return std::string{imdn::name_of(*status)};
  }
  return {};
}

std::string seconds_of(Duration duration) {
  const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count() / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string shown_name(const DeliveryRow& row) {
  return name_of(client::Person{.address = row.recipient, .display_name = {}});
}

}  // namespace

void DeliveryTable::sent(std::string id, std::string what, TimePoint since) {
  if (!id.empty()) sent_.push_back({std::move(id), std::move(what), since});
}

void DeliveryTable::told(const client::DeliveryReport& report, TimePoint now) {
  told_.insert_or_assign({report.id, report.recipient}, now);
}

std::vector<DeliveryRow> DeliveryTable::rows(const client::Client& client) const {
  std::vector<DeliveryRow> rows;
  for (const auto& one : sent_) {
    for (const auto& delivery : client.deliveries(one.id)) {
      const auto when = told_.find({one.id, delivery.recipient});
      rows.push_back(
          {.what = one.what,
           .id = one.id,
           .recipient = delivery.recipient,
           .state = state_of(delivery),
           .after = when == told_.end() ? std::optional<Duration>{} : when->second - one.since});
    }
  }
  return rows;
}

bool DeliveryTable::is_complete(const client::Client& client) const {
  return std::ranges::all_of(sent_, [&](const Sent& one) {
    return std::ranges::all_of(client.deliveries(one.id),
                               [](const auto& delivery) { return delivery.delivery.has_value(); });
  });
}

std::vector<std::string> text_of(const std::vector<DeliveryRow>& rows) {
  std::size_t names = 0;
  std::size_t states = std::string_view{"no report"}.size();
  for (const auto& row : rows) {
    names = std::max(names, shown_name(row).size());
    states = std::max(states, row.state.size());
  }
  std::vector<std::string> lines;
  const std::string* what = nullptr;
  for (const auto& row : rows) {
    const bool is_next = !what || *what != row.what;
    what = &row.what;
    if (is_next && !row.what.empty()) lines.push_back(printable(row.what) + ":");
    auto line = "  " + padded(shown_name(row), names) + "  ";
    if (row.state.empty()) {
      line += "no report";
    } else {
      line += padded(row.state, states);
      if (row.after) line += "  after " + seconds_of(*row.after);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string json_of(const DeliveryRow& row) {
  JsonLine line{"delivery"};
  line.add_unless_empty("name", row.what).add("id", row.id).add("recipient", row.recipient);
  line.add("state", row.state.empty() ? std::string_view{"unknown"} : row.state);
  if (row.after) {
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(*row.after);
    line.add("after_ms", static_cast<std::uint64_t>(std::max<std::int64_t>(passed.count(), 0)));
  }
  return line.text();
}

}  // namespace convene::apps
