#pragma once

#include "base/time.h"

namespace convene::sip {

// RFC 3261 17.1.1.1; a test may shrink them.
struct Timers {
  Duration t1{500};
  Duration t2{4'000};
  Duration t4{5'000};
  Duration timer_c{180'000};  // a UAC's or proxy's patience after a provisional response
};

}  // namespace convene::sip
