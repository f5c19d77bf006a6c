#include "io/socket_address.h"

#include <gtest/gtest.h>

namespace convene::io {
namespace {

TEST(SocketAddress, reads_numeric_hosts_only) {
  EXPECT_EQ(host_port_of(numeric_address("127.0.0.1", 5060).value()),
            (sip::HostPort{"127.0.0.1", 5060}));
  EXPECT_EQ(host_port_of(numeric_address("::1", 5061).value()), (sip::HostPort{"::1", 5061}));
  EXPECT_FALSE(numeric_address("localhost", 5060));
  EXPECT_FALSE(numeric_address("", 5060) && !is_wildcard(*numeric_address("", 5060)));
}

TEST(SocketAddress, shows_a_mapped_ipv4_address_as_ipv4) {
  EXPECT_EQ(host_port_of(numeric_address("::ffff:192.0.2.7", 2855).value()),
            (sip::HostPort{"192.0.2.7", 2855}));
}

TEST(SocketAddress, knows_wildcards) {
  EXPECT_TRUE(is_wildcard(numeric_address("0.0.0.0", 0).value()));
  EXPECT_TRUE(is_wildcard(numeric_address("::", 0).value()));
  EXPECT_FALSE(is_wildcard(numeric_address("127.0.0.1", 0).value()));
}

TEST(SocketAddress, names_an_address_of_this_machine) {
  EXPECT_TRUE(numeric_address(primary_address(AF_INET), 0));
  EXPECT_TRUE(numeric_address(primary_address(AF_INET6), 0));
}

}  // namespace
}  // namespace convene::io
