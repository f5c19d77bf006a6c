#pragma once

#include <array>
#include <cstddef>

#include "base/random.h"

namespace convene::io {

// The kernel's generator, asked for a block at a time. Octets that were given out are wiped.
class KernelRandom final : public Random {
 public:
  KernelRandom() = default;
  ~KernelRandom() override;
  void fill(std::span<std::byte> octets) override;

 private:
  std::array<std::byte, 4'096> block_{};
  std::size_t used_ = sizeof block_;
};

}  // namespace convene::io
