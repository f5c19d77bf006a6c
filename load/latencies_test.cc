#include "load/latencies.h"

#include <gtest/gtest.h>

namespace convene::load {
namespace {

using namespace std::chrono_literals;

TEST(Latencies, of_nothing_are_nothing) {
  EXPECT_EQ(Latencies{}.at(0.5), 0us);
  EXPECT_EQ(Latencies{}.largest(), 0us);
}

TEST(Latencies, know_the_longest_exactly) {
  Latencies latencies;
  latencies.add(1234567us);
  latencies.add(3us);
  EXPECT_EQ(latencies.largest(), 1234567us);
  EXPECT_EQ(latencies.at(1), 1234567us);
}

TEST(Latencies, are_right_to_three_percent_whatever_their_size) {
  for (auto taken = 1us; taken < 3600s; taken += taken / 7 + 1us) {
    Latencies latencies;
    for (int i = 0; i < 100; ++i) latencies.add(taken);
    latencies.add(2 * 3600s);
    const auto told = std::chrono::duration_cast<std::chrono::microseconds>(latencies.at(0.5));
    EXPECT_GE(told, taken);
    EXPECT_LE(told.count(), taken.count() + taken.count() / 31 + 1);
  }
}

TEST(Latencies, one_in_a_hundred_is_beyond_the_ninety_ninth) {
  Latencies latencies;
  for (int i = 0; i < 99; ++i) latencies.add(1ms);
  latencies.add(1s);
  EXPECT_LT(latencies.at(0.99), 2ms);
  EXPECT_EQ(latencies.at(0.995), 1s);
}

TEST(Latencies, longer_than_an_hour_stay_in_the_last_bucket) {
  Latencies latencies;
  latencies.add(240h);
  EXPECT_EQ(latencies.count(), 1U);
  EXPECT_GE(latencies.at(0.5), 1h);
}

}  // namespace
}  // namespace convene::load
