#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "cpim/message.h"
#include "cpm/refusal.h"
#include "mime/part.h"
#include "sip/message.h"

namespace convene::cpm {

// A standalone message's CPIM, headers and all, may have so many octets in pager mode; more goes
// in large message mode. Conversation 13, RFC 3428 8
inline constexpr std::size_t max_pager_octets = 1'300;

// The CPIM message that a SIP MESSAGE carries, alone or as a part of a multipart, and how large it
// is there. 415 when there is none, 400 when it cannot be read.
struct PagerContent {
  cpim::Message message;
  std::size_t octets = 0;
};
Granted<PagerContent> read_pager_content(const sip::Message& request);

// The same as a part: what goes beside a recipient list or its history.
mime::Part cpim_part(const cpim::Message& message);

// RFC 5364 5, conversation 6.1: who else gets it, as a part that who does not know it may ignore.
mime::Part recipient_history_part(std::string_view resource_list_xml);

// Puts one more part beside what the message has: multipart/mixed of all its parts.
void add_part(sip::Message& message, mime::Part part, Random& random);

// The body of that part; nothing when absent.
std::optional<std::string> recipient_history_of(const sip::Message& message);

}  // namespace convene::cpm
