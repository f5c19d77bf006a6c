#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "cpm/msrp_media.h"
#include "cpm/refusal.h"
#include "mime/part.h"
#include "sip/message.h"

namespace convene::cpm {

// The session description of a message, alone or as a part of a multipart, however nested. 415 when
// there is none, 400 when it cannot be read.
Granted<sdp::SessionDescription> description_of(const sip::Message& message);

// The body of the part with Content-Disposition: recipient-list, or the whole body when it is that;
// not yet parsed. RFC 5366 3, RFC 5368 7.
// Nothing when absent.
std::optional<std::string> recipient_list_of(const sip::Message& message);

// Puts the parts in: one alone as it is, several as multipart/mixed with a boundary that is drawn.
void set_parts(sip::Message& message, std::vector<mime::Part> parts, Random& random);

// RFC 2046 5.1.1: the line end before a boundary belongs to it; in a multipart it ends the
// description's last line, as in the flows.
void leave_last_line_end_to_boundary(std::vector<mime::Part>& parts);
mime::Part sdp_part(const sdp::SessionDescription& description);
mime::Part recipient_list_part(std::string_view resource_list_xml);

// A chat offer or answer: the whole description, and its first m-line that is an MSRP chat.
struct ChatDescription {
  sdp::SessionDescription description;
  std::size_t index = 0;
  MsrpMedia media;
};

// 488 when no m-line is acceptable for a chat of CPIM messages (conversation 9): Warning 304 no
// MSRP, 305 no message/cpim. A refused m-line (port 0) in an answer is 488 too.
Granted<ChatDescription> read_chat(const sip::Message& message,
                                   AddressRule rule = AddressRule::must_match);

// What both accept inside CPIM. "*" in `ours` stands for everything that the peer lists. In the
// peer's order.
sdp::TypeList common_types(const sdp::TypeList& peers, const sdp::TypeList& ours);

// The answer to a chat offer: `media` at its index, port 0 at every other. RFC 3264 6.
sdp::SessionDescription answer_chat(const ChatDescription& offer, const DescriptionId& id,
                                    const MsrpMedia& media);

}  // namespace convene::cpm
