#include "base/time.h"

#include <gtest/gtest.h>

namespace convene {
namespace {

using namespace std::chrono_literals;
constexpr WallTime moment = std::chrono::sys_days{2025y / 11 / 22} + 10h + 5min;

TEST(Time, prints_the_form_of_cpim) { EXPECT_EQ(to_rfc3339(moment), "2025-11-22T10:05:00Z"); }

// RFC 3261 20.17
TEST(Time, prints_the_form_of_the_date_header) {
  EXPECT_EQ(to_sip_date(moment), "Sat, 22 Nov 2025 10:05:00 GMT");
}

// RFC 5322 3.3
TEST(Time, prints_the_form_of_mail) {
  EXPECT_EQ(to_mail_date(moment), "Sat, 22 Nov 2025 10:05:00 +0000");
}

TEST(Time, moves_the_wall_clock_with_our_own) {
  const Calendar calendar{TimePoint{5s}, moment};
  EXPECT_EQ(calendar.at(TimePoint{8s}), moment + 3s);
}

TEST(Time, takes_the_earlier_of_two_deadlines) {
  EXPECT_EQ(earliest(TimePoint{2s}, TimePoint{1s}), TimePoint{1s});
  EXPECT_EQ(earliest({}, TimePoint{1s}), TimePoint{1s});
  EXPECT_EQ(earliest({}, {}), Deadline{});
}

}  // namespace
}  // namespace convene
