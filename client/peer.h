#pragma once

#include <string>

#include "client/event.h"
#include "sip/message.h"

namespace convene::client {

// What a user may read about a refusal: the text of its Warning, or else its reason phrase.
std::string explanation_of(const sip::Message& response);

// Conversation 4: who invites is in Referred-By; P-Asserted-Identity and From may be the group's.
// R2.3c: nobody who asked for "Privacy: id" is shown.
Person inviter_of(const sip::Message& invite);

}  // namespace convene::client
