#include "apps/text_rules.h"

#include <gtest/gtest.h>

namespace convene::apps {
namespace {

TEST(TextRules, know_addresses_with_ports) {
  for (const char* right :
       {"127.0.0.1:5060", "localhost:0", "[::1]:2855", "cf.ims.example:65535"}) {
    EXPECT_FALSE(host_port(right)) << right;
  }
  for (const char* wrong : {"", "127.0.0.1", "::1", "::1:5060", "host:", "host:65536", ":5060",
                            "a b:1", "[host]:1", "[::1]", "host:-1"}) {
    EXPECT_TRUE(host_port(wrong)) << wrong;
  }
  EXPECT_FALSE(host_port_or_nothing(""));
}

TEST(TextRules, know_networks) {
  EXPECT_FALSE(network("192.0.2.0/24"));
  EXPECT_FALSE(network("2001:db8::1"));
  EXPECT_TRUE(network("192.0.2.0/33"));
  EXPECT_EQ(network("proxy"), "'proxy' is no address or network such as 192.0.2.0/24");
}

TEST(TextRules, know_sip_uris) {
  EXPECT_FALSE(sip_uri("sip:isf.ims.example;transport=tcp"));
  EXPECT_TRUE(sip_uri("sip:"));
  EXPECT_TRUE(sip_uri("tel:+1555"));
  EXPECT_TRUE(sip_uri("sip:a b"));
  EXPECT_TRUE(sip_uri(""));
  EXPECT_FALSE(sip_uri_or_nothing(""));
}

TEST(TextRules, know_content_types_and_services) {
  EXPECT_FALSE(content_type("application/im-iscomposing+xml"));
  EXPECT_FALSE(content_type("*"));
  EXPECT_TRUE(content_type("text"));
  EXPECT_TRUE(content_type("text/plain; charset=utf-8"));
  EXPECT_FALSE(file_transfer_service("ftthumb"));
  EXPECT_TRUE(file_transfer_service("fthttp"));
}

TEST(TextRules, keep_texts_on_one_line) {
  EXPECT_FALSE(any_text("a directory"));
  EXPECT_TRUE(any_text("a\nb"));
}

}  // namespace
}  // namespace convene::apps
