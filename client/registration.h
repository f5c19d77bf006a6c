#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "sip/user_agent.h"

namespace convene::client {

// What the client knows of its binding at the registrar. RFC 3261 10.2
struct Registration {
  bool is_wanted = false;
  bool is_registered = false;
  std::string call_id;                     // of all REGISTERs
  std::uint32_t cseq = 0;                  // of the last one
  std::chrono::seconds expires{0};         // to ask for
  std::optional<sip::RequestId> request;   // under way
  bool asks_again = false;                 // once the one under way is answered
  int failures = 0;                        // in a row
  Deadline due;                            // of the next REGISTER
  std::vector<std::string> service_route;  // RFC 3608
};

// When to renew what lasts for `expires`: half way, or 600 s before the end of what lasts longer
// than 1,200 s. 3GPP TS 24.229 5.1.1.4
std::chrono::seconds renewal_after(std::chrono::seconds expires);

// Before trying again: longer after each failure, and not all clients at once. RFC 5626 4.5
Duration pause_after(int failures, Random& random);

}  // namespace convene::client
