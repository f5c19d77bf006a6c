#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sip/message.h"
#include "trace/msrp_frame.h"

namespace convene::trace {

// What an engineer wants to see of a message without reading it: one line above the arrow, a few
// below. The texts come from peers, made printable.
struct Summary {
  std::string title;               // "INVITE bob", "200 OK (INVITE)"
  std::vector<std::string> notes;  // "offers plan.pdf, application/pdf, 1.2 MB"
};

Summary summary_of(const sip::Message& message);

// Of one chunk. A SEND of several chunks is folded by the ladder.
Summary summary_of(const FrameHead& frame);

// Of a body: SDP, CPIM, IMDN, conference information, recipient list; nothing for what says
// nothing.
std::vector<std::string> body_notes(std::string_view content_type, std::string_view body);

// "bob" of sip:bob@ims.example, "+15551234" of tel:+15551234; the host of a URI without user.
std::string user_of(std::string_view uri);

std::string size_text(std::uint64_t octets);  // "1.2 MB"

}  // namespace convene::trace
