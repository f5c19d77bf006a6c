#include "msrp/uri.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::msrp {
namespace {

Uri uri(std::string_view text) { return parse_uri(text).value(); }

// RFC 4975 6
TEST(MsrpUri, reads_every_part) {
  EXPECT_EQ(uri("msrps://bob@[2001:DB8::1]:8493/asfd34;TCP;x=1;y"), (Uri{.is_secure = true,
                                                                         .user = "bob",
                                                                         .host = "2001:DB8::1",
                                                                         .port = 8493,
                                                                         .session_id = "asfd34",
                                                                         .transport = "TCP",
                                                                         .parameters = ";x=1;y"}));
}

TEST(MsrpUri, reads_a_relay_without_port_and_session) {
  Uri relay;
  relay.host = "relay.example";
  EXPECT_EQ(uri("msrp://relay.example;tcp"), relay);
}

TEST(MsrpUri, prints_what_it_read) {
  for (const char* text :
       {"msrp://192.0.2.20:2855/cf-bob01;tcp", "msrps://bob@[2001:db8::1]:8493/as/fd+3=;tcp;x=1",
        "msrp://a.example;tcp", "msrp://a.example/s;sctp"})
    EXPECT_EQ(to_text(uri(text)), text);
}

// RFC 4975 6.1
TEST(MsrpUri, equals_another_whatever_the_case_of_scheme_host_and_transport_and_the_user) {
  EXPECT_TRUE(are_equivalent(uri("MSRP://Bob@Host.Example:8000/s1;TCP"),
                             uri("msrp://alice@host.example:8000/s1;tcp;x=1")));
}

// RFC 4975 6.1
TEST(MsrpUri, differs_in_scheme_host_port_session_or_transport) {
  const auto one = uri("msrp://host.example:8000/s1;tcp");
  for (const char* other : {"msrps://host.example:8000/s1;tcp", "msrp://host.exampl:8000/s1;tcp",
                            "msrp://host.example:8001/s1;tcp", "msrp://host.example/s1;tcp",
                            "msrp://host.example:8000/S1;tcp", "msrp://host.example:8000;tcp",
                            "msrp://host.example:8000/s1;sctp"})
    EXPECT_FALSE(are_equivalent(one, uri(other))) << other;
}

// RFC 4975 6.1: IP literals by value.
TEST(MsrpUri, compares_addresses_by_value) {
  EXPECT_TRUE(
      are_equivalent(uri("msrp://[2001:db8:0:0::1]/s;tcp"), uri("msrp://[2001:DB8::1]/s;tcp")));
  EXPECT_FALSE(
      are_equivalent(uri("msrp://[2001:db8::2]/s;tcp"), uri("msrp://[2001:db8::1]/s;tcp")));
}

TEST(MsrpUri, refuses_what_the_grammar_does_not_allow) {
  for (const std::string text : {"",
                                 "msrp",
                                 "msrp://",
                                 "msrp://;tcp",
                                 "msrp://host",
                                 "msrp://host/s",
                                 "msrp://host/;tcp",
                                 "msrp://host/s;",
                                 "sip:host;tcp",
                                 "msrp://host:0/s;tcp",
                                 "msrp://host:65536/s;tcp",
                                 "msrp://host:x/s;tcp",
                                 "msrp://host:/s;tcp",
                                 "msrp://[2001:db8::1/s;tcp",
                                 "msrp://ho st/s;tcp",
                                 "msrp://host/s s;tcp",
                                 "msrp://host/s<;tcp",
                                 "msrp://host/s;tcp;<",
                                 "msrp://host/s;t p",
                                 "msrp://h\r\n/s;tcp",
                                 "msrp://@/s;tcp",
                                 "msrp://host]/s;tcp"})
    EXPECT_FALSE(parse_uri(text)) << text;
}

TEST(MsrpUri, has_at_most_512_octets) {
  const std::string frame = "msrp://h/;tcp";
  const auto of_size = [&](std::size_t size) {
    return "msrp://h/" + std::string(size - frame.size(), 's') + ";tcp";
  };
  EXPECT_TRUE(parse_uri(of_size(512)));
  EXPECT_FALSE(parse_uri(of_size(513)));
}

// RFC 4976: behind relays a path has several URIs, the next hop first.
TEST(MsrpPath, keeps_the_order_of_its_hops) {
  const std::string text = "msrp://relay.example:9000/r1;tcp msrp://bob.example:9/b1;tcp";
  const auto path = parse_path(text).value();
  EXPECT_THAT(path, testing::ElementsAre(uri("msrp://relay.example:9000/r1;tcp"),
                                         uri("msrp://bob.example:9/b1;tcp")));
  EXPECT_EQ(to_text(path), text);
}

TEST(MsrpPath, has_one_to_eight_hops) {
  std::string text;
  EXPECT_FALSE(parse_path(text));
  EXPECT_FALSE(parse_path("  "));
  for (int hop = 0; hop < 8; ++hop) text += "msrp://h/s;tcp ";
  EXPECT_TRUE(parse_path(text));
  EXPECT_FALSE(parse_path(text + "msrp://h/s;tcp"));
}

}  // namespace
}  // namespace convene::msrp
