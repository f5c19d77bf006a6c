#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "sip/hop.h"
#include "sip/transaction_layer.h"

namespace convene::sip {

constexpr std::size_t max_salvaged_octets = 8'192;  // of an unreadable request are looked at
constexpr std::size_t max_salvaged_vias = 16;       // a longer way back is none

// What is answered to octets that parse_message() or the Framer refused with `why`: 513 when they
// were too many, else 400 (RFC 3261 21.4.1, 21.5.7), with the headers that a response needs as far
// as they can be found. Nothing when there is nobody to tell: a response, an ACK, what is not SIP,
// no readable Via. RFC 3261 8.1.1, 8.2
std::optional<Send> answer_unreadable(std::string_view octets, const Error& why,
                                      const Source& source);

}  // namespace convene::sip
