#include "imap/sequence_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::imap {
namespace {

using testing::ElementsAre;

// RFC 3501 9
TEST(SequenceSet, is_numbers_and_ranges) {
  EXPECT_THAT(*parse_sequence_set("2,4:7,9"), ElementsAre(2, 4, 5, 6, 7, 9));
  EXPECT_THAT(*parse_sequence_set("7:4"), ElementsAre(4, 5, 6, 7));
  EXPECT_EQ(to_sequence_set({2, 4, 5, 6, 7, 9}), "2,4:7,9");
  EXPECT_EQ(to_sequence_set({}), "");
}

TEST(SequenceSet, that_is_none_is_refused) {
  for (const auto* bad : {"", "0", "a", "1:", ":2", "*", "1,", "4294967296", "-1"})
    EXPECT_EQ(parse_sequence_set(bad).error().fault, Fault::malformed) << bad;
}

// A few octets must not become gigabytes.
TEST(SequenceSet, does_not_stand_for_more_than_we_want) {
  EXPECT_EQ(parse_sequence_set("1:4294967295").error().fault, Fault::too_large);
  EXPECT_EQ(parse_sequence_set("1:900000,1:900000").error().fault, Fault::too_large);
}

}  // namespace
}  // namespace convene::imap
