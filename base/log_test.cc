#include "base/log.h"

#include <gtest/gtest.h>

namespace convene {
namespace {

TEST(Log, shows_one_line_whatever_a_peer_put_into_it) {
  EXPECT_EQ(
      log_line(Level::info, "controlling", "subject changed", {{"subject", "x\r\nerror  forged"}}),
      "info  controlling  subject changed  subject=x\\x0D\\x0Aerror  forged");
}

TEST(Log, masks_who_it_was) {
  EXPECT_EQ(masked("sip:bob@ims.example"), "sip:b***@ims.example");
  EXPECT_EQ(masked("tel:+15550102"), "tel:+155***");
}

}  // namespace
}  // namespace convene
