#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "controlling/invitation.h"
#include "controlling/policy.h"
#include "cpm/msrp_media.h"
#include "sip/message.h"

namespace convene::controlling {

// The CPM Group Session that a participant is invited to.
struct InvitedTo {
  std::string focus;     // CPM Group Session Identity: the contact address of the conference
  std::string asserted;  // (10): the focus, or the pre-defined group
  std::optional<std::string> group_subject = {};  // (14): of a pre-defined group
};

struct Invitee {
  std::string request_uri;            // (11): a CPM address, or a GRUU
  std::string session_replaces = {};  // conversation 6.10; empty: none
};

// The INVITE to one participant. CPM 9.2.10 (1)-(14). Tags and Via are the user agent's.
sip::Message create_session_with_participant(const InvitedTo& group, const Invitation& invitation,
                                             const Invitee& invitee,
                                             const sdp::SessionDescription& offer,
                                             std::string_view call_id, const Policy& policy);

// Contact of the focus: with isfocus, the ICSI, and the IARI tags of the services. R1.3, R1.5
std::string focus_contact(std::string_view focus, std::string_view icsi, const Policy& policy);

// The address without GRUU and other parameters: To.
std::string plain_address(std::string_view uri);

}  // namespace convene::controlling
