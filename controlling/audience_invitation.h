#pragma once

#include <string>

#include "controlling/group_file_transfer.h"
#include "controlling/turn.h"
#include "sip/message.h"

namespace convene::controlling {

// The INVITE to one recipient of a file or large message that no session carries, without its
// bodies. CPM 9.1.2 (3)
sip::Message audience_invitation(Turn& turn, const FileTransferPlan& plan,
                                 const FileTransferTarget& target);

// Our Contact towards its sender and its recipients: no focus.
std::string audience_contact(const FileTransferPlan& plan, const Policy& policy);

}  // namespace convene::controlling
