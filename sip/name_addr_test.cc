#include "sip/name_addr.h"

#include <gtest/gtest.h>

namespace convene::sip {
namespace {

TEST(ParseNameAddr, takes_display_name_uri_and_parameters_apart) {
  const auto address =
      parse_name_addr(R"("Alice \"A\" <Smith>" <sip:alice@example.com;lr>;tag=a1)");

  ASSERT_TRUE(address);
  EXPECT_EQ(address->display, R"(Alice "A" <Smith>)");
  EXPECT_EQ(to_text(address->uri), "sip:alice@example.com;lr");
  EXPECT_EQ(to_text(address->params), ";tag=a1");
}

// RFC 3261 20.10: without <> everything after ";" belongs to the header.
TEST(ParseNameAddr, gives_the_parameters_of_a_bare_uri_to_the_header) {
  const auto address = parse_name_addr("  sip:+19725552222@gw1.example.net;unknownparam ; tag = 1");

  ASSERT_TRUE(address);
  EXPECT_TRUE(address->uri.params.empty());
  EXPECT_EQ(to_text(address->params), ";unknownparam;tag=1");
}

// RFC 3261 20.10: "the URI MUST be enclosed in < and > if it holds a comma, question mark or
// semicolon".
TEST(ParseNameAddr, refuses_a_bare_uri_that_needs_brackets) {
  EXPECT_FALSE(parse_name_addr("sip:user@example.com?Route=%3Csip:sip.example.com%3E"));
  EXPECT_FALSE(parse_name_addr("sip:a,b@example.com"));
}

TEST(ParseNameAddr, takes_unquoted_display_names) {
  EXPECT_EQ(parse_name_addr("Alice van Dam <sip:a@b>")->display, "Alice van Dam");
  EXPECT_EQ(parse_name_addr("caller<sip:caller@example.com>;tag=323")->display, "caller");
  EXPECT_EQ(parse_name_addr("Jos\xC3\xA9 (work) <sip:a@b>")->display, "Jos\xC3\xA9 (work)");
  EXPECT_EQ(parse_name_addr("<sip:a@b>")->display, "");
  EXPECT_EQ(parse_name_addr("\"\"<sip:a@b>")->display, "");
}

TEST(ParseNameAddr, finds_the_brackets_behind_a_quoted_display_name) {
  const auto address = parse_name_addr(R"("a <sip:evil@example.org> \" b"<sip:a@b>)");

  ASSERT_TRUE(address);
  EXPECT_EQ(to_text(address->uri), "sip:a@b");
}

TEST(ParseNameAddr, refuses_what_is_no_address) {
  for (const char* text :
       {"", " ", "*", "<>", "<sip:a@b", "sip:a@b>", "< sip:a@b >", "\"Mr. J. User <sip:a@b>",
        "Bell, Alexander <sip:a@b>", "\"a\" b <sip:a@b>", "\"a\" sip:a@b", "a\"b\" <sip:a@b>",
        "a;b <sip:a@b>", "<sip:a@b> x", "<sip:a@b>;", "<sip:a@b>;tag=\"x", "<sip:a@b>, <sip:c@d>",
        "Alice", "sip:a@b c"}) {
    EXPECT_FALSE(parse_name_addr(text)) << text;
  }
}

TEST(NameAddrText, always_has_brackets) {
  EXPECT_EQ(to_text(*parse_name_addr("sip:a@b;tag=1")), "<sip:a@b>;tag=1");
  EXPECT_EQ(to_text(*parse_name_addr("Bob \t<tel:+1-2>")), "\"Bob\" <tel:+1-2>");
}

TEST(NameAddrText, parses_to_the_same) {
  for (const char* text : {R"("\\\"," <sip:a:b@c:1;lr?x=y>;tag="q;,")", "<urn:service:sos>",
                           "x y <tel:911>;a;b=c", "\"\\a\" <sip:a@b>"}) {
    const auto address = parse_name_addr(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(parse_name_addr(to_text(*address)), address) << text;
  }
}

}  // namespace
}  // namespace convene::sip
