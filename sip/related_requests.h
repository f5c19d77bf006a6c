#pragma once

#include "sip/message.h"

namespace convene::sip {

// RFC 3261 17.1.1.3: the ACK that a client transaction sends for a 300 to 699 response.
Message make_ack_to_failure(const Message& invite, const Message& response);

// RFC 3261 13.2.2.4: the ACK to the 2xx of a re-INVITE whose dialog has been forgotten meanwhile.
Message make_ack_to_success(const Message& invite, const Message& response);

// RFC 3261 9.1: the CANCEL of a request that has its Via already.
Message make_cancel(const Message& request);

}  // namespace convene::sip
