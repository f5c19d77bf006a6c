#pragma once

#include "tests/lab.h"

namespace convene::tests {

// The cast's Participating Functions, which keep what is for who is away.
inline LabSettings deferring() {
  LabSettings settings;
  settings.participating.emplace();
  settings.participating->deferral.is_durable = true;
  return settings;
}

}  // namespace convene::tests
