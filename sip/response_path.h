#pragma once

#include "base/result.h"
#include "sip/fields.h"
#include "sip/hop.h"
#include "sip/message.h"

namespace convene::sip {

// The way back of a response. RFC 3261 18.2, RFC 3581.

Result<Via> top_via(const Message& message);

// RFC 3261 18.2.1 and RFC 3581 4: where the request really came from, into its top Via.
void note_source(Message& request, Via& via, const Source& source);

// RFC 3261 18.2.2, RFC 3581 4: over UDP without rport, to the port that the Via names.
Destination answer_destination(const Via& via, const Source& source);

}  // namespace convene::sip
