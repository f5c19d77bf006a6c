#include "msrp/range_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bitset>
#include <random>

namespace convene::msrp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RangeSet, is_ready_up_to_its_first_gap) {
  RangeSet set;
  EXPECT_EQ(set.ready(), 0U);

  set.add({10, 20});
  EXPECT_EQ(set.ready(), 0U);
  EXPECT_EQ(set.end(), 20U);

  set.add({0, 5});
  EXPECT_EQ(set.ready(), 5U);

  set.add({5, 10});
  EXPECT_EQ(set.ready(), 20U);
  EXPECT_EQ(set.intervals(), 1U);
}

TEST(RangeSet, tells_what_is_missing) {
  RangeSet set;
  set.add({10, 20});
  set.add({30, 40});
  EXPECT_THAT(set.missing({0, 50}),
              ElementsAre(Interval{0, 10}, Interval{20, 30}, Interval{40, 50}));
  EXPECT_THAT(set.missing({12, 35}), ElementsAre(Interval{20, 30}));
  EXPECT_THAT(set.missing({10, 20}), IsEmpty());
  EXPECT_THAT(set.missing({20, 20}), IsEmpty());
}

// Whatever is added in whatever order: the same as one flag for each octet.
TEST(RangeSet, agrees_with_a_flag_for_each_octet) {
  std::mt19937 random{7};
  for (int round = 0; round < 200; ++round) {
    RangeSet set;
    std::bitset<64> flags;
    for (int step = 0; step < 12; ++step) {
      const std::uint64_t a = random() % 64;
      const std::uint64_t b = a + random() % (65 - a);
      std::uint64_t gaps = 0;
      for (const auto& gap : set.missing({a, b})) gaps += gap.end - gap.begin;
      std::uint64_t expected = 0;
      for (auto i = a; i < b; ++i) expected += flags[i] ? 0 : 1;
      EXPECT_EQ(gaps, expected);

      set.add({a, b});
      for (auto i = a; i < b; ++i) flags.set(i);
      EXPECT_EQ(set.octets(), flags.count());
      std::uint64_t ready = 0;
      while (ready < 64 && flags[ready]) ++ready;
      EXPECT_EQ(set.ready(), ready);
    }
  }
}

}  // namespace
}  // namespace convene::msrp
