#pragma once

#include <cstddef>

#include "controlling/audience.h"
#include "controlling/group_file_transfer.h"
#include "controlling/transfer_queue.h"
#include "controlling/turn.h"

namespace convene::controlling {

// CPM 9.1.2, 9.3 (R3.0): whether a file or a large message may go to an audience, in no session;
// the transfer engine does the rest. 403 over the size and for a CPIM From of somebody else, 486
// when there are too many, 480 when all recipients have too many already.
cpm::Granted<FileTransferPlan> plan_audience_transfer(Turn& turn, const PeerRequest& request,
                                                      cpm::Service service, Audience audience,
                                                      std::size_t transfers_under_way);

// The line of a plan's large message that is looked at: the first that can carry one.
cpm::Granted<std::size_t> checked_large_message(const cpm::FileTransferOffer& offer);

}  // namespace convene::controlling
