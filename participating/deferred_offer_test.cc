#include "participating/deferred_offer.h"

#include <gtest/gtest.h>

#include "sip/date.h"

namespace convene::participating {
namespace {

using namespace std::chrono_literals;

const WallTime that_day = sip::parse_date("Sat, 22 Nov 2025 10:05:00 GMT").value();

std::chrono::seconds lifetime(std::string_view message_expires) {
  auto request = sip::Message::request("MESSAGE", "sip:bob@example.com");
  if (!message_expires.empty()) request.add(sip::Name::message_expires, message_expires);
  return lifetime_of(request, that_day, 24h);
}

// Conversation 2: both forms, capped by policy.
TEST(Deferral, lasts_as_long_as_message_expires_says) {
  EXPECT_EQ(lifetime("90"), 90s);
  EXPECT_EQ(lifetime("Sat, 22 Nov 2025 11:05:00 GMT"), 1h);
}

TEST(Deferral, lasts_no_longer_than_it_may) {
  EXPECT_EQ(lifetime(""), 24h);
  EXPECT_EQ(lifetime("31536000"), 24h);
  EXPECT_EQ(lifetime("Sun, 22 Nov 2026 10:05:00 GMT"), 24h);
  EXPECT_EQ(lifetime("for ever"), 24h);
}

TEST(Deferral, is_over_at_once_on_a_day_that_is_past) {
  EXPECT_EQ(lifetime("Fri, 21 Nov 2025 10:05:00 GMT"), 0s);
}

}  // namespace
}  // namespace convene::participating
