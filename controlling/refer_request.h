#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controlling/member.h"
#include "controlling/policy.h"
#include "cpm/refusal.h"
#include "sip/message.h"

namespace convene::controlling {

// What a REFER to the focus asks for.
struct ReferRequest {
  std::vector<Member> to_invite;       // once each
  std::vector<std::string> to_remove;  // addresses as the others see them; once each
  bool ends_session = false;           // BYE of the focus itself. RFC 4579 5.13
  bool is_multiple = false;            // a list: nobody is told what becomes of it
};

// One URI in Refer-To (RFC 3515), or a cid: URL that names a recipient list in the body (RFC 5368).
// The URI's method is INVITE, or BYE to remove somebody (RFC 4579 5.11). 400 without a readable
// Refer-To or without its list; 403 when the list is too long, or nobody in it can be referred to:
// neither the focus, nor a factory or another focus of ours.
cpm::Granted<ReferRequest> read_refer(const sip::Message& refer, std::string_view focus,
                                      const GroupPolicy& policy);

}  // namespace convene::controlling
