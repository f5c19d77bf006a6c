#pragma once

#include <string>

#include "controlling/group_file_transfer.h"
#include "controlling/turn.h"
#include "cpm/file_transfer_offer.h"

namespace convene::controlling {

// The offer for one receiver: our path, a file-transfer-id of its own, what its capabilities allow
// of icon and wrapper. CPM 9.3.1 (1), (3); R3.3
cpm::FileTransferOffer offer_for(const FileTransferPlan& plan, const FileTransferTarget& target,
                                 const cpm::MsrpMedia& ours, std::string_view transfer_id,
                                 const FileTransferPolicy& policy);

// The INVITE to one receiver, without its body. CPM 9.3.1, 9.1.2; F3.2 and, for (3) b, F3.4
sip::Message file_transfer_invitation(Turn& turn, const FileTransferPlan& plan,
                                      const FileTransferTarget& target);

}  // namespace convene::controlling
