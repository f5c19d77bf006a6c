#include "base/ip_address.h"

#include <gtest/gtest.h>

namespace convene {
namespace {

TEST(IpAddress, has_one_value_for_all_spellings) {
  EXPECT_EQ(parse_ip("2001:DB8:0:0::1"), parse_ip("2001:db8::0:1"));
  EXPECT_EQ(parse_ip("::ffff:192.0.2.1"), parse_ip("192.0.2.1"));
  EXPECT_NE(parse_ip("::1"), parse_ip("127.0.0.1"));
}

TEST(IpAddress, knows_loopback) {
  EXPECT_TRUE(parse_ip("127.0.0.9")->is_loopback());
  EXPECT_TRUE(parse_ip("::1")->is_loopback());
  EXPECT_FALSE(parse_ip("192.0.2.1")->is_loopback());
}

TEST(IpAddress, refuses_what_is_none) {
  for (const char* text : {"", "1.2.3", "1.2.3.256", "1.2.3.4.5", "::1::", "1:2:3:4:5:6:7:8:9",
                           "example.com", "[::1]", "12345::", ":::"})
    EXPECT_FALSE(parse_ip(text)) << text;
}

TEST(IpNetwork, contains_its_addresses_only) {
  const auto lab = *parse_ip_network("192.0.2.0/25");
  EXPECT_TRUE(lab.contains(*parse_ip("192.0.2.127")));
  EXPECT_FALSE(lab.contains(*parse_ip("192.0.2.128")));
  EXPECT_TRUE(parse_ip_network("2001:db8::/32")->contains(*parse_ip("2001:db8:ffff::1")));
  EXPECT_FALSE(parse_ip_network("10.0.0.0/33"));
}

TEST(IpNetwork, may_be_a_single_address) {
  EXPECT_TRUE(parse_ip_network("::1")->contains(*parse_ip("::1")));
  EXPECT_FALSE(parse_ip_network("10.0.0.1")->contains(*parse_ip("10.0.0.2")));
}

}  // namespace
}  // namespace convene
