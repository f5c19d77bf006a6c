#pragma once

#include <string>

#include "controlling/policy.h"
#include "mime/part.h"
#include "sip/message.h"

namespace convene::controlling {

// RFC 5366 5, RFC 5364 4: the list of a creation as its members may see it: who was named "to" or
// "cc"; in place of those to be anonymised, how many they are. Without URI headers and GRUUs
// (conversation 6.10). Empty: there is nothing to show.
std::string recipient_history_of(const sip::Message& creation, const GroupPolicy& policy);

// Content-Disposition: recipient-list-history;handling=optional
mime::Part recipient_history_part(const std::string& history);

}  // namespace convene::controlling
