#pragma once

#include "base/time.h"
#include "msrp/uri.h"

namespace convene::client {

// What the client knows of the MSRP relay that acts for it. RFC 4976 5
struct Relay {
  msrp::Path use_path;  // how peers come to us; empty: not yet, or no more
  int failures = 0;     // in a row
  Deadline due;         // of the next attempt

  bool is_ready() const { return !use_path.empty(); }
};

}  // namespace convene::client
