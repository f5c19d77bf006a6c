#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "sim/world.h"

namespace convene::sim {

// For tests only. The seed that CONVENE_SEED names, else this one: to run a failure again.
inline std::uint64_t seed_of_run(std::uint64_t otherwise) {
  const char* const named = std::getenv("CONVENE_SEED");
  return named ? std::strtoull(named, nullptr, 0) : otherwise;
}

// For tests only: when the test fails, says which seed it was, what the nodes said last and what
// was sent last. Lives shorter than the world.
class FailureReport {
 public:
  explicit FailureReport(const World& world) : world_{world} {}
  ~FailureReport() {
    if (!testing::Test::HasFailure()) return;
    const auto& wire = world_.wire();
    const auto shown = static_cast<std::ptrdiff_t>(std::min<std::size_t>(wire.size(), 20));
    const auto& log = world_.log();
    std::cerr << "seed " << world_.seed() << " (again: CONVENE_SEED=" << world_.seed()
              << "), virtual time " << (world_.now() - world_.start()).count() << " ms\n"
              << "--- the log's end\n"
              << log.substr(log.size() - std::min<std::size_t>(log.size(), 4'000))
              << "--- sent last\n"
              << to_text({wire.end() - shown, wire.end()}, world_.start());
  }
  FailureReport(const FailureReport&) = delete;
  FailureReport& operator=(const FailureReport&) = delete;

 private:
  const World& world_;
};

}  // namespace convene::sim
