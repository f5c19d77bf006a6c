#include "sip/tag.h"

#include <gtest/gtest.h>

namespace convene::sip {
namespace {

// RFC 3261 19.3, 20.10: without <> the parameters belong to the header.
TEST(Tag, is_a_parameter_of_the_header) {
  EXPECT_EQ(tag_of("\"A;tag=no\" <sip:a@example.com;tag=no>;x=1;tag=yes"), "yes");
  EXPECT_EQ(tag_of("sip:a@example.com;tag=yes"), "yes");
  EXPECT_EQ(tag_of("<sip:a@example.com;tag=no>"), "");
  EXPECT_EQ(tag_of("no address"), "");
}

TEST(Tag, can_be_given_and_taken) {
  EXPECT_EQ(with_tag("<sip:a@example.com>", "1"), "<sip:a@example.com>;tag=1");
  EXPECT_EQ(with_tag("<sip:a@example.com>;tag=0", "1"), "<sip:a@example.com>;tag=1");
  EXPECT_EQ(without_params("\"A\" <sip:a@example.com>;tag=0;x"), "\"A\" <sip:a@example.com>");
}

}  // namespace
}  // namespace convene::sip
