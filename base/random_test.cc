#include "base/random.h"

#include <gtest/gtest.h>

namespace convene {
namespace {

TEST(Random, repeats_itself_for_the_same_seed) {
  SeededRandom one{7};
  SeededRandom other{7};
  EXPECT_EQ(random_token(one, 40), random_token(other, 40));
}

TEST(Random, draws_tokens_of_the_asked_length) {
  SeededRandom random{1};
  EXPECT_EQ(random_token(random, 33).size(), 33U);
  EXPECT_EQ(random_hex(random, 16).size(), 32U);
}

// RFC 4122 4.4: version in the 13th digit, variant in the 17th.
TEST(Random, makes_version_4_uuids) {
  SeededRandom random{3};
  for (int i = 0; i < 50; ++i) {
    const auto uuid = random_uuid(random);
    ASSERT_EQ(uuid.size(), 36U);
    EXPECT_EQ(uuid[14], '4');
    EXPECT_TRUE(std::string{"89ab"}.contains(uuid[19])) << uuid;
  }
}

TEST(Random, stays_below_the_bound) {
  SeededRandom random{5};
  for (int i = 0; i < 1000; ++i) EXPECT_LT(random_below(random, 3), 3U);
}

}  // namespace
}  // namespace convene
