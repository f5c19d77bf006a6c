#pragma once

#include "base/log.h"
#include "base/random.h"
#include "base/time.h"

namespace convene {

// What a machine is given instead of taking it from the world. All three outlive every machine that
// holds them.
struct Surroundings {
  Random& random;
  Log& log;
  const Calendar& calendar;
};

}  // namespace convene
