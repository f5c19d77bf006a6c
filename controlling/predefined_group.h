#pragma once

#include <string>
#include <vector>

#include "controlling/audience.h"
#include "controlling/group_permissions.h"
#include "controlling/group_session.h"
#include "controlling/member.h"
#include "controlling/policy.h"
#include "groups/group_document.h"

namespace convene::controlling {

// Whether the Request-URI is at one of the hosts whose addresses are pre-defined groups.
bool is_group_address(std::string_view request_uri, const GroupPolicy& policy);

// The members that a group document names: each address once, nobody who cannot be invited. Who
// comes first is the creator, and a member though the document may only name it in a rule.
std::vector<Member> members_of_document(const groups::GroupDocument& document,
                                        const sip::NameAddr& creator, const GroupPolicy& policy);

// CPM 9.1: everybody in the group but the sender, who must be allowed to join. 403 otherwise, and
// when it asks for an anonymity that the document does not allow (R1.18).
cpm::Granted<Audience> audience_of_group(const PeerRequest& request,
                                         const groups::GroupDocument& document,
                                         const Policy& policy);

// Whether it may begin a session of the group, or come into one. 403. Conversation 6.2
cpm::Granted<> may_enter(const PeerRequest& request, const groups::GroupDocument& document,
                         bool is_active);

}  // namespace convene::controlling
