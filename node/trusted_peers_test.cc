#include "node/trusted_peers.h"

#include <gtest/gtest.h>

namespace convene::node {
namespace {

TEST(TrustedPeers, are_nobody_by_default) { EXPECT_FALSE(TrustedPeers{}.contains("127.0.0.1")); }

TEST(TrustedPeers, are_known_by_address_and_by_network) {
  const auto peers = *TrustedPeers::parse(std::vector<std::string>{"192.0.2.10", "2001:db8::/32"});
  EXPECT_TRUE(peers.contains("192.0.2.10"));
  EXPECT_FALSE(peers.contains("192.0.2.11"));
  EXPECT_TRUE(peers.contains("2001:db8::5"));
  EXPECT_FALSE(peers.contains("core.example"));
}

TEST(TrustedPeers, are_refused_when_they_are_no_addresses) {
  EXPECT_FALSE(TrustedPeers::parse(std::vector<std::string>{"core.example"}));
}

}  // namespace
}  // namespace convene::node
