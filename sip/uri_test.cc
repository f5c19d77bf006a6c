#include "sip/uri.h"

#include <gtest/gtest.h>

namespace convene::sip {
namespace {

TEST(ParseUri, takes_a_sip_uri_apart) {
  const auto uri =
      parse_uri("sips:alice:secret@example.com:5061;transport=tcp;lr?subject=x&priority=urgent");

  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->scheme, "sips");
  EXPECT_EQ(uri->user, "alice");
  EXPECT_EQ(uri->password, "secret");
  EXPECT_EQ(uri->host, "example.com");
  EXPECT_EQ(uri->port, 5061);
  EXPECT_EQ(uri->params.value("transport"), "tcp");
  EXPECT_TRUE(uri->params.has("lr"));
  EXPECT_EQ(uri->headers, "subject=x&priority=urgent");
}

TEST(ParseUri, needs_only_a_host) {
  const auto uri = parse_uri("SIP:example.com");

  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->scheme, "sip");
  EXPECT_EQ(uri->user, "");
  EXPECT_EQ(uri->host, "example.com");
  EXPECT_EQ(uri->port, 0);
}

// RFC 3261 25.1: user-unreserved = "&" / "=" / "+" / "$" / "," / ";" / "?" / "/"
TEST(ParseUri, finds_the_at_sign_before_anything_else) {
  const auto uri = parse_uri("sip:a?b;c,d/e&f=g@example.com;lr");

  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->user, "a?b;c,d/e&f=g");
  EXPECT_EQ(to_text(uri->params), ";lr");
}

TEST(ParseUri, takes_ipv6_references) {
  const auto uri = parse_uri("sip:bob@[2001:db8::10]:5070");

  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->host, "2001:db8::10");
  EXPECT_EQ(uri->port, 5070);
  EXPECT_EQ(to_text(*uri), "sip:bob@[2001:db8::10]:5070");
}

// RFC 3966 3
TEST(ParseUri, takes_tel_uris) {
  const auto uri = parse_uri("tel:+1-201-555-0123;ext=22;phone-context=example.com");

  ASSERT_TRUE(uri);
  EXPECT_TRUE(uri->is_tel());
  EXPECT_EQ(uri->user, "+1-201-555-0123");
  EXPECT_EQ(uri->host, "");
  EXPECT_EQ(uri->params.value("ext"), "22");
  for (const char* text : {"tel:911", "tel:*31#", "tel:(0)5.5;phone-context=+44",
                           "tel:7042;phone-context=example.com"}) {
    EXPECT_TRUE(parse_uri(text)) << text;
  }
}

TEST(ParseUri, keeps_the_opaque_part_of_other_schemes) {
  const auto uri = parse_uri("urn:service:sos");

  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->scheme, "urn");
  EXPECT_EQ(uri->opaque, "service:sos");
  EXPECT_EQ(to_text(*uri), "urn:service:sos");
}

TEST(ParseUri, refuses_what_is_no_uri) {
  for (const char* text : {"",
                           "sip",
                           "sip:",
                           ":a",
                           "1sip:a@b",
                           "si p:a@b",
                           "sip:@b",
                           "sip:a@",
                           "sip::pw@b",
                           "sip:a@b:",
                           "sip:a@b:0",
                           "sip:a@b:65536",
                           "sip:a@b:x",
                           "sip:a@b:-1",
                           "sip:a b@c",
                           "sip:a@b c",
                           "sip:a@b;x y",
                           "sip:a@b;;x",
                           "sip:a@b;",
                           "sip:a@b?",
                           "sip:a@b?x y",
                           "sip:a@b@c",
                           "sip:a@b;x=\"y\"",
                           "sip:a@b;x=<y>",
                           "sip:<a>@b",
                           "<sip:a@b>",
                           "sip:a%4@b",
                           "sip:a%zz@b",
                           "sip:a%@b",
                           "sip:a@[::1",
                           "sip:a@[::1]x",
                           "sip:a@[]",
                           "sip:a@[1.2.3.4]",
                           "sip:a@[::g]",
                           "sip:a@::1",
                           "sip:a@b\r\nc",
                           "sip:a\\b@c",
                           "sip:a@b,c",
                           "sip:\xC3\xA9@b",
                           "tel:",
                           "tel:+",
                           "tel:-",
                           "tel:abcg",
                           "tel:1+2",
                           "tel:+1@b",
                           "tel:+1?x",
                           "urn:",
                           "urn:a b",
                           "urn:a<b",
                           "urn:%4"}) {
    EXPECT_FALSE(parse_uri(text)) << text;
  }
  EXPECT_FALSE(parse_uri(std::string_view{"sip:a\0b@c", 9}));
}

TEST(ParseUri, prints_what_it_parsed) {
  for (const char* text :
       {"sip:alice@example.com", "sips:alice:pw@example.com:5061;transport=tcp;lr?subject=x",
        "sip:[::1]", "sip:%00@host5.example.com",
        "sip:bob@example.com;gr=urn:uuid:00000000-0000-1000-8000-00A95A0E128",
        "tel:+1-201-555-0123;ext=22", "tel:*31#", "http://www.example.com", "sip:a@b;x=;y"}) {
    const auto uri = parse_uri(text);
    ASSERT_TRUE(uri) << text;
    EXPECT_EQ(to_text(*uri), text);
  }
}

TEST(UriText, never_leaves_its_place) {
  auto uri = parse_uri("sip:example.com").value();
  uri.user = "a b";
  uri.params.add("x", "1>;tag=2\r\n");

  EXPECT_EQ(to_text(uri), "sip:a%20b@example.com;x=1%3E%3Btag=2%0D%0A");
}

TEST(ParseHostPort, takes_names_and_addresses) {
  EXPECT_EQ(parse_host_port("example.com"), (HostPort{"example.com", 0}));
  EXPECT_EQ(parse_host_port("192.0.2.1:5060"), (HostPort{"192.0.2.1", 5060}));
  EXPECT_EQ(parse_host_port("[::1]:5060"), (HostPort{"::1", 5060}));
  EXPECT_EQ(parse_host_port(" example.com : 5060 "), (HostPort{"example.com", 5060}));
  EXPECT_EQ(to_text(HostPort{"::1", 5060}), "[::1]:5060");
  EXPECT_EQ(to_text(HostPort{"example.com", 0}), "example.com");
}

TEST(ParseHostPort, refuses_what_is_neither) {
  for (const char* text : {"", "[", "]", "[]", ":", ":5060", "a:", "a:b", "a b", "[::1]5060",
                           "a:5060:5061", "a:99999", "a/b", "::1"}) {
    EXPECT_FALSE(parse_host_port(text)) << text;
  }
}

}  // namespace
}  // namespace convene::sip
