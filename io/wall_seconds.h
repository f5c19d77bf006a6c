#pragma once

#include <cstdint>

#include "base/time.h"

namespace convene::io {

// A time on the wall, as the database has it: seconds since 1970.
inline std::int64_t seconds(WallTime time) { return time.time_since_epoch().count(); }
inline WallTime wall_time(std::int64_t seconds) { return WallTime{std::chrono::seconds{seconds}}; }

}  // namespace convene::io
