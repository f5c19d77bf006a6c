#include "controlling/predefined_group.h"

#include <algorithm>

#include "base/text.h"
#include "controlling/conference_factory.h"
#include "cpm/identity.h"

namespace convene::controlling {

namespace {

constexpr std::string_view not_authorised = "127 Service not authorised";  // G-44

}  // namespace

bool is_group_address(std::string_view request_uri, const GroupPolicy& policy) {
  const auto uri = sip::parse_uri(request_uri);
  if (!uri || !uri->is_sip() || uri->user.empty()) return false;
  return std::ranges::any_of(policy.group_hosts, [&uri](const std::string& text) {
    const auto host = sip::parse_host_port(text);
    return host && iequals(host->host, uri->host) && host->port == uri->port;
  });
}

std::vector<Member> members_of_document(const groups::GroupDocument& document,
                                        const sip::NameAddr& creator, const GroupPolicy& policy) {
  const auto creator_address = sip::address_of_record(creator.uri);
  std::vector<Member> members{{.address = creator_address,
                               .display = creator.display,
                               .request_uri = creator_address,
                               .is_creator = true}};
  for (const auto& entry : document.members) {
    auto member = member_of({.uri = entry.uri, .display_name = entry.display_name}, policy);
    if (!member || is_group_address(entry.uri, policy)) continue;
    const bool is_there =
        std::ranges::find(members, member->address, &Member::address) != members.end();
    if (!is_there) members.push_back(*std::move(member));
  }
  return members;
}

// Conversation 6.2
cpm::Granted<> may_enter(const PeerRequest& request, const groups::GroupDocument& document,
                         bool is_active) {
  const auto permissions = permissions_in(document, sip::address_of_record(request.originator.uri));
  if (!permissions.join) {
    return cpm::refuse(403, std::string{not_authorised}, "the document does not let it join");
  }
  if (!is_active && !permissions.initiate) {
    return cpm::refuse(403, std::string{not_authorised}, "the document does not let it initiate");
  }
  // A16, R1.17, R1.18
  if (cpm::asks_for_anonymity(request.message) && !permissions.anonymity) {
    return cpm::refuse(403, "Anonymity not allowed", "asked for anonymity");
  }
  return {};
}

cpm::Granted<Audience> audience_of_group(const PeerRequest& request,
                                         const groups::GroupDocument& document,
                                         const Policy& policy) {
  TRY(may_enter(request, document, true));
  Audience audience;
  audience.sender = sender_of(request);
  audience.members = members_of_document(document, request.originator, policy.group);
  audience.members.erase(audience.members.begin());
  audience.group = sip::address_of_record(document.uri);
  if (audience.members.empty()) return cpm::refuse(403, "Nobody to invite", "a group of nobody");
  return audience;
}

}  // namespace convene::controlling
