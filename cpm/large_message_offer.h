#pragma once

#include "cpm/file_transfer_offer.h"
#include "cpm/msrp_media.h"
#include "cpm/refusal.h"
#include "sip/message.h"

// Large message mode: one CPIM message over MSRP. It differs from a file transfer only in its SDP
// (CPM 9.3), so its m-line stands as a FileMedia without a file: no selector, no transfer id.
namespace convene::cpm {

// An INVITE with a large message: the first m-line that can carry one. 415 without a session
// description, 400 when it cannot be read, 488 when no m-line sends message/cpim. Conversation 13
Granted<FileTransferOffer> read_large_message_offer(const sip::Message& invite,
                                                    AddressRule rule = AddressRule::must_match);

// Our m-line for one: `media` with its direction and types.
FileMedia large_message_line(MsrpMedia media, sdp::Direction direction,
                             sdp::TypeList wrapped_types);

inline bool is_large_message(const FileMedia& media) { return media.file.transfer_id.empty(); }

}  // namespace convene::cpm
