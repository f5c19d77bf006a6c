#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cpm/ids.h"
#include "mime/headers.h"

namespace convene::store {

enum class Direction { sent, received };  // as the user of the store sees it

// What every object of the message store says about itself. Empty: not there.
struct ObjectHeaders {
  std::string from = {};  // authenticated; "anonymous" when hidden
  std::string to = {};    // group messages: the group's identity when sent, the user when received
  std::string date = {};  // RFC 5322 3.3; of the SIP request, or when recording began
  std::string subject = {};  // of the SIP request, UTF-8; chat messages have none
  cpm::Ids ids = {};
  std::string asserted_service = {};             // not on chat messages and Group State Objects
  std::vector<std::string> accept_contact = {};  // each value as received
  std::string imdn_message_id = {};  // always: whoever stores invents one where there is none
  std::string message_correlator = {};
  std::string message_context = {};
  Direction direction = Direction::sent;
  bool operator==(const ObjectHeaders&) const = default;
};

// In the order of the struct, then MIME-Version. The content's own headers follow.
mime::Headers to_headers(const ObjectHeaders& headers);

// Reads what is there; a value that makes no sense is left out. Nothing is refused: objects of
// others are shown, too.
ObjectHeaders read_object_headers(const mime::Headers& headers);

}  // namespace convene::store
