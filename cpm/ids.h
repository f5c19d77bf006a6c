#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "sip/message.h"

namespace convene::cpm {

inline constexpr std::size_t max_id_octets = 256;

// Which thread a request belongs to. Opaque, compared octet by octet. Empty: absent.
struct Ids {
  std::string conversation;
  std::string contribution;
  std::string in_reply_to;  // InReplyTo-Contribution-ID
  bool operator==(const Ids&) const = default;
};

// Fault::too_large over max_id_octets; Fault::malformed for control characters, or a header that is
// there twice.
Result<Ids> read_ids(const sip::Message& message);

// Writes those that are not empty, in the order of the struct. R1.13, R2.7c
void write_ids(sip::Message& message, const Ids& ids);

// A random UUID.
std::string new_conversation_id(Random& random);

// HMAC-SHA1 of the Call-ID under a secret of the device: the first 128 bits in hex.
std::string contribution_id(std::string_view secret, std::string_view call_id);

}  // namespace convene::cpm
