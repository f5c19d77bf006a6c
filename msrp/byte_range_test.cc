#include "msrp/byte_range.h"

#include <gtest/gtest.h>

namespace convene::msrp {
namespace {

TEST(ByteRange, reads_a_complete_range) {
  EXPECT_EQ(parse_byte_range("1-8/24"), (ByteRange{.first = 1, .last = 8, .total = 24}));
}

// RFC 4975 7.1.1: an interruptible chunk has "*" as its range-end.
TEST(ByteRange, leaves_an_open_end_empty) {
  EXPECT_EQ(parse_byte_range("1-*/*"), (ByteRange{.first = 1, .last = {}, .total = {}}));
  EXPECT_EQ(parse_byte_range("7-*/24"), (ByteRange{.first = 7, .last = {}, .total = 24}));
  EXPECT_EQ(parse_byte_range("7-8/*"), (ByteRange{.first = 7, .last = 8, .total = {}}));
}

TEST(ByteRange, knows_the_empty_body) {
  EXPECT_EQ(parse_byte_range("1-0/0"), (ByteRange{.first = 1, .last = 0, .total = 0}));
  EXPECT_EQ(parse_byte_range("11-10/10"), (ByteRange{.first = 11, .last = 10, .total = 10}));
}

TEST(ByteRange, refuses_what_the_grammar_does_not_allow) {
  for (const char* text :
       {"", "1", "1-", "1-8", "1-8/", "-8/24", "1-8/24 ", " 1-8/24", "1 -8/24", "1-8/24/24",
        "1--8/24", "+1-8/24", "-1-8/24", "1-8/-24", "*-8/24", "a-b/c", "1-**/24", "0x1-8/24"})
    EXPECT_FALSE(parse_byte_range(text)) << text;
}

TEST(ByteRange, refuses_ranges_that_cannot_be) {
  for (const char* text : {"0-8/24", "0-*/*", "1-25/24", "5-3/10", "3-1/10", "12-*/10"})
    EXPECT_FALSE(parse_byte_range(text)) << text;
}

TEST(ByteRange, is_at_most_two_to_the_40) {
  EXPECT_TRUE(parse_byte_range("1-*/1099511627776"));
  for (const char* text :
       {"1-*/1099511627777", "1-1099511627777/*", "1099511627778-*/*", "9223372036854775808-*/*",
        "1-18446744073709551615/*", "1-*/18446744073709551616", "1-99999999999999999999/*",
        "18446744073709551615-*/*"})
    EXPECT_FALSE(parse_byte_range(text)) << text;
}

TEST(ByteRange, prints_what_it_read) {
  for (const char* text : {"1-8/24", "1-*/*", "1-0/0", "41-*/65", "1-1099511627776/*"})
    EXPECT_EQ(to_text(parse_byte_range(text).value()), text);
}

}  // namespace
}  // namespace convene::msrp
