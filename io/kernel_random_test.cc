#include "io/kernel_random.h"

#include <gtest/gtest.h>

#include <set>

namespace convene::io {
namespace {

TEST(KernelRandom, never_gives_the_same_octets_twice) {
  KernelRandom random;
  std::set<std::string> tokens;

  for (int i = 0; i < 10'000; ++i) tokens.insert(random_hex(random, 8));

  EXPECT_EQ(tokens.size(), 10'000);
}

TEST(KernelRandom, fills_more_than_a_block) {
  KernelRandom random;

  const auto text = random_hex(random, 10'000);

  EXPECT_EQ(text.size(), 20'000);
  EXPECT_FALSE(text.ends_with(std::string(64, '0')));
}

}  // namespace
}  // namespace convene::io
