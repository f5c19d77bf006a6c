#include "base/spelling.h"

#include <gtest/gtest.h>

namespace convene {
namespace {

TEST(Spelling, counts_letters_that_differ) {
  EXPECT_EQ(letters_between("receives", "receives"), 0U);
  EXPECT_EQ(letters_between("recieves", "receives"), 2U);
  EXPECT_EQ(letters_between("", "says"), 4U);
  EXPECT_EQ(letters_between("say", "says"), 1U);
}

TEST(Spelling, is_forgiven_up_to_a_third) {
  EXPECT_TRUE(may_mean("recieves", "receives"));
  EXPECT_FALSE(may_mean("sings", "leaves"));
}

}  // namespace
}  // namespace convene
