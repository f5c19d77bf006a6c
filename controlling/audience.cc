#include "controlling/audience.h"

#include <algorithm>

#include "controlling/conference_factory.h"
#include "cpm/identity.h"
#include "groups/recipient_history.h"

namespace convene::controlling {

std::string name_addr_of(const Member& member) {
  const auto uri = sip::parse_uri(member.shown_address());
  return sip::to_text(sip::NameAddr{
      .display = member.shown_display(), .uri = uri.value_or(sip::Uri{}), .params = {}});
}

Member sender_of(const PeerRequest& request) {
  Member sender{.address = sip::address_of_record(request.originator.uri),
                .display = request.originator.display};
  if (cpm::asks_for_anonymity(request.message)) sender.pseudonym = cpm::anonymous_uri;
  return sender;
}

cpm::Granted<Audience> audience_of_list(const PeerRequest& request, const Policy& policy) {
  const auto most = std::max<std::size_t>(policy.group.max_participants, 1) - 1;
  auto listed = TRY(listed_members(request.message, request.originator, most, policy.group));
  Audience audience;
  audience.sender = sender_of(request);
  audience.members = std::move(listed.members);
  const auto history = groups::history_of(listed.list);
  const bool tells = policy.message.recipient_list_history && !history.entries.empty();
  if (tells) audience.history = groups::to_text(history);
  return audience;
}

}  // namespace convene::controlling
