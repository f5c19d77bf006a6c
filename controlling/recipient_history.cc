#include "controlling/recipient_history.h"

#include "cpm/session_offer.h"
#include "groups/recipient_history.h"
#include "sip/uri.h"

namespace convene::controlling {

std::string recipient_history_of(const sip::Message& creation, const GroupPolicy& policy) {
  const auto xml = cpm::recipient_list_of(creation);
  if (!xml) return {};
  auto list = groups::parse_resource_list(*xml, policy.max_list_entries);
  if (!list) return {};

  for (auto& entry : list->entries) entry.uri = sip::address_of_record(entry.uri);
  const auto history = groups::history_of(*list);
  return history.entries.empty() ? std::string{} : groups::to_text(history);
}

mime::Part recipient_history_part(const std::string& history) {
  return {.headers = {{"Content-Type", std::string{groups::content_type}},
                      {"Content-Disposition", "recipient-list-history;handling=optional"}},
          .body = history};
}

}  // namespace convene::controlling
