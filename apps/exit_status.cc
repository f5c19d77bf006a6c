#include "apps/exit_status.h"

#include <cstdio>

#include "base/text.h"

namespace convene::apps {

int exit_status_of(const Result<>& outcome) {
  if (outcome) return exit_status::fine;
  const auto& error = outcome.error();
  std::fprintf(stderr, "convene: %s\n", printable(error.detail).c_str());
  return error.fault == Fault::malformed ? exit_status::bad_usage : exit_status::cannot_start;
}

}  // namespace convene::apps
