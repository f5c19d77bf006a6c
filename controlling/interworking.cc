#include "controlling/interworking.h"

#include <algorithm>

#include "sip/fields.h"

namespace convene::controlling {

using sip::Name;

namespace {

// A6: 488 with a session description or a Warning of the 3xx family is about media.
bool is_about_media(const sip::Message& response) {
  const bool warns_of_media =
      std::ranges::any_of(response.values(Name::warning), [](std::string_view value) {
        const auto warning = sip::parse_warning(value);
        return warning && warning->code >= 300 && warning->code < 399;
      });
  return response.status() == 488 && (warns_of_media || !response.body().empty());
}

}  // namespace

bool leads_to_interworking(const Turn& turn, const sip::Message& response) {
  const auto& policy = turn.policy.group;
  const auto& statuses = policy.not_cpm_statuses;
  const bool is_not_cpm = std::ranges::find(statuses, response.status()) != statuses.end();
  return policy.interworking_uri && is_not_cpm && !is_about_media(response);
}

void route_to_interworking(const Turn& turn, sip::Message& request) {
  request.add_first(Name::route, "<" + *turn.policy.group.interworking_uri + ">");
}

}  // namespace convene::controlling
