#include "io/kernel_random.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace convene::io {

namespace {

void ask_kernel(std::span<std::byte> octets) {
  while (!octets.empty()) {
    const auto count = getrandom(octets.data(), octets.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw std::system_error{errno, std::generic_category(), "getrandom"};
    octets = octets.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace

KernelRandom::~KernelRandom() { explicit_bzero(block_.data(), block_.size()); }

void KernelRandom::fill(std::span<std::byte> octets) {
  if (octets.size() > block_.size()) return ask_kernel(octets);
  while (!octets.empty()) {
    if (used_ == block_.size()) {
      ask_kernel(block_);
      used_ = 0;
    }
    const auto taken =
        std::span{block_}.subspan(used_, std::min(octets.size(), block_.size() - used_));
    std::ranges::copy(taken, octets.begin());
    explicit_bzero(taken.data(), taken.size());
    used_ += taken.size();
    octets = octets.subspan(taken.size());
  }
}

}  // namespace convene::io
