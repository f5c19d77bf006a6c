#include "sip/date.h"

#include <gtest/gtest.h>

namespace convene::sip {
namespace {

// RFC 3261 20.17
TEST(Date, is_that_of_rfc_1123) {
  const auto time = parse_date("Sat, 22 Nov 2025 10:05:00 GMT");
  ASSERT_TRUE(time);
  EXPECT_EQ(to_rfc3339(*time), "2025-11-22T10:05:00Z");
  EXPECT_TRUE(parse_date("Thu, 29 Feb 2024 23:59:59 GMT"));
}

TEST(Date, is_nothing_else) {
  for (const auto* text : {"", "3600", "Sun, 22 Nov 2025 10:05:00 GMT",
                           "Sat, 22 Nov 2025 10:05:00 UTC", "Sat, 31 Jun 2025 10:05:00 GMT",
                           "Sat, 22 Nov 2025 25:05:00 GMT", "Sat, 22 nov 2025 10:05:00 GMT",
                           "Sat, xx Nov 2025 10:05:00 GMT", "Saturday, 22 November 2025 GMT"})
    EXPECT_FALSE(parse_date(text)) << text;
}

}  // namespace
}  // namespace convene::sip
