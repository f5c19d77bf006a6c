#pragma once

#include <string>

#include "controlling/audience.h"
#include "controlling/turn.h"
#include "cpim/message.h"

namespace convene::controlling {

// Whether its sender wants to know of copies that fail. RFC 5438 6.3
bool wants_failure_reports(const cpim::Message& original);

// RFC 5438 8: who passes a message on may report that a copy failed, where that was asked for; else
// nothing happens. By SIP MESSAGE to the sender, from the group or the factory that the message
// went to.
void report_failure(Turn& turn, const Audience& audience, const cpim::Message& original,
                    const std::string& recipient, const std::string& conversation);

}  // namespace convene::controlling
