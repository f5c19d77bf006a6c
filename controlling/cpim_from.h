#pragma once

#include <string_view>

#include "controlling/member.h"
#include "cpim/message.h"

namespace convene::controlling {

// Conversation 12 (1), RFC 7701 6.3: whether a CPIM From names somebody else than its sender: not
// its address in any spelling, not its device, not its pseudonym, not nobody. Absent is no claim.
bool claims_to_be_somebody_else(const cpim::Message& message, const Member& sender,
                                std::string_view contact);

// Who the others see as the sender. R1.19, F2.3
cpim::Address shown_sender(const Member& sender);

}  // namespace convene::controlling
