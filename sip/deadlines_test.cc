#include "sip/deadlines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::sip {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr TimePoint start{};

struct DeadlinesTest : testing::Test {
  Deadlines deadlines;
};

TEST_F(DeadlinesTest, know_the_earliest) {
  EXPECT_EQ(deadlines.earliest(), Deadline{});
  deadlines.set(1, start + 5s);
  deadlines.set(2, start + 3s);
  EXPECT_EQ(deadlines.earliest(), start + 3s);
}

TEST_F(DeadlinesTest, forget_what_was_set_before) {
  deadlines.set(1, start + 3s);
  deadlines.set(1, start + 9s);
  EXPECT_EQ(deadlines.earliest(), start + 9s);
  deadlines.set(1, {});
  deadlines.set(2, {});
  EXPECT_EQ(deadlines.earliest(), Deadline{});
  EXPECT_EQ(deadlines.size(), 0U);
}

TEST_F(DeadlinesTest, give_out_all_that_are_due_once) {
  deadlines.set(1, start + 3s);
  deadlines.set(2, start + 2s);
  deadlines.set(3, start + 4s);
  EXPECT_THAT(deadlines.take_due(start + 3s), ElementsAre(2, 1));
  EXPECT_THAT(deadlines.take_due(start + 3s), IsEmpty());
  EXPECT_EQ(deadlines.earliest(), start + 4s);
}

}  // namespace
}  // namespace convene::sip
