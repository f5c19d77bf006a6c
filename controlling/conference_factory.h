#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "controlling/member.h"
#include "controlling/policy.h"
#include "cpm/refusal.h"
#include "groups/resource_list.h"
#include "sip/message.h"
#include "sip/name_addr.h"

namespace convene::controlling {

// Whom the recipient list of a request names, without its originator and without ourselves, each
// address once (RFC 3261 19.1.4); and their entries as they were read. 400 without one, 403 when it
// is too long, names more than `most`, or nobody is left. RFC 5366 3, RFC 5365 7.1
struct ListedMembers {
  std::vector<Member> members;
  groups::ResourceList list;
};
cpm::Granted<ListedMembers> listed_members(const sip::Message& request,
                                           const sip::NameAddr& originator, std::size_t most,
                                           const GroupPolicy& policy);

// The members that a creation asks for, the creator first: the entries of the recipient list, each
// address once (RFC 3261 19.1.4), neither the creator nor ourselves. 400 without a list, 403 when
// it is too long or nobody is left. RFC 5366 3, conversation 6.1
cpm::Granted<std::vector<Member>> members_of_creation(const sip::Message& invite,
                                                      const sip::NameAddr& creator,
                                                      const GroupPolicy& policy);

// Whom an entry of a recipient list names; nothing: nobody that can be invited. Its URI headers may
// say which session between two is replaced (conversation 6.10).
std::optional<Member> member_of(const groups::Entry& entry, const GroupPolicy& policy);

inline constexpr std::string_view list_too_long = "Too many participants";  // with 403

// A new CPM Group Session Identity: sip:grp-<token>@<focus host>
std::string new_focus(Random& random, const GroupPolicy& policy);

// The factory that the Request-URI names; nullptr: none.
const Factory* factory_of(std::string_view request_uri, const GroupPolicy& policy);

}  // namespace convene::controlling
