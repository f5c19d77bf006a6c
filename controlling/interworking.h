#pragma once

#include <string_view>

#include "controlling/turn.h"
#include "sip/message.h"

namespace convene::controlling {

// Whether an answer says that its sender is no CPM user, and there is an ISF that may know how to
// reach it. Everybody is tried there once. CPM 6.5, 9.1.2 (6), 9.2.10; R1.16, A6
bool leads_to_interworking(const Turn& turn, const sip::Message& response);

// By way of the ISF: its answer counts as the participant's. Conversation 16
void route_to_interworking(const Turn& turn, sip::Message& request);

}  // namespace convene::controlling
