#pragma once

#include <string>
#include <vector>

#include "controlling/group_session.h"
#include "controlling/member.h"
#include "controlling/policy.h"
#include "cpm/refusal.h"

namespace convene::controlling {

// Whom a standalone message or a file goes to when no session carries it: those that a list names,
// or the members of a pre-defined group. CPM 9.1, R3.0
struct Audience {
  Member sender;                // as the others see it
  std::vector<Member> members;  // each once, without the sender
  std::string history;          // for every copy: the recipient list history. RFC 5364; empty: none
  std::string group;            // the pre-defined group's address; empty: a list
};

// RFC 5365 7.1, RFC 5366 3: 400 without a list, 403 when it is too long or names nobody.
cpm::Granted<Audience> audience_of_list(const PeerRequest& request, const Policy& policy);

// "Alice" <sip:alice@example.com>, as the others see it.
std::string name_addr_of(const Member& member);

// Who sends, from its authenticated address; anonymous where it asked for that. RFC 3323
Member sender_of(const PeerRequest& request);

}  // namespace convene::controlling
