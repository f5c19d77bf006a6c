#pragma once

#include <string_view>

#include "controlling/turn.h"
#include "sip/message.h"

namespace convene::controlling {

// A request outside any dialog, with its first headers in the order people read them. RFC
// 3261 8.1.1
sip::Message begin_request(std::string_view method, std::string_view uri, std::string_view from,
                           std::string_view to, std::string_view call_id);

// The beginning of a 2xx: Via to CSeq, and Record-Route. RFC 3261 12.1.1
sip::Message begin_ok(Turn& turn, const sip::Message& request);

std::string new_call_id(Turn& turn);

}  // namespace convene::controlling
