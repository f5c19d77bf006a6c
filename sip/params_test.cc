#include "sip/params.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::sip {
namespace {

TEST(Params, are_flags_or_values) {
  const auto params = parse_params(";lr;transport=tcp");

  ASSERT_TRUE(params);
  EXPECT_TRUE(params->has("lr"));
  EXPECT_EQ(params->value("lr"), std::nullopt);
  EXPECT_EQ(params->value("TRANSPORT"), "tcp");
  EXPECT_FALSE(params->has("maddr"));
}

// RFC 3261 7.3.1: LWS is allowed around SEMI and EQUAL.
TEST(Params, may_have_blanks_around_their_signs) {
  const auto params = parse_params(" ;  tag \t = 1918181833n ; q = 0.33 ");

  ASSERT_TRUE(params);
  EXPECT_EQ(to_text(*params), ";tag=1918181833n;q=0.33");
}

TEST(Params, lose_quotes_and_escapes_and_get_them_back) {
  const auto params = parse_params(R"(;text="a \"b\" \\ c;d,e")");

  ASSERT_TRUE(params);
  EXPECT_EQ(params->value("text"), R"(a "b" \ c;d,e)");
  EXPECT_EQ(to_text(*params), R"(;text="a \"b\" \\ c;d,e")");
}

// A2: a repeated parameter is kept for the feature tags.
TEST(Params, may_repeat_a_name) {
  const auto params = parse_params(R"(;+g.3gpp.iari-ref="a";+g.3gpp.iari-ref="b")");

  ASSERT_TRUE(params);
  EXPECT_EQ(params->all().size(), 2U);
  EXPECT_EQ(params->value("+g.3gpp.iari-ref"), "a");
}

TEST(Params, take_hosts_and_urns_unquoted) {
  const auto params = parse_params(";received=2001:db8::9:255;maddr=[::1];gr=urn:uuid:00-1;x=a=");

  ASSERT_TRUE(params);
  EXPECT_EQ(params->value("received"), "2001:db8::9:255");
  EXPECT_EQ(params->value("maddr"), "[::1]");
  EXPECT_EQ(params->value("gr"), "urn:uuid:00-1");
  EXPECT_EQ(params->value("x"), "a=");
}

TEST(Params, of_an_empty_text_are_none) {
  ASSERT_TRUE(parse_params(""));
  EXPECT_TRUE(parse_params("  ")->empty());
  EXPECT_EQ(to_text(Params{}), "");
}

// RFC 4475 3.1.2.1
TEST(Params, without_a_name_are_malformed) {
  for (const char* text : {";", ";;", ";a;;b", ";=b", "a", ";a=b c", ";a b", ";a=\"b", ";a=\"b\"c",
                           ";a=<b>", ";a,b", ";\"a\""}) {
    EXPECT_FALSE(parse_params(text)) << text;
  }
}

TEST(Params, have_a_limit) {
  std::string text;
  for (int i = 0; i < 128; ++i) text += ";a";

  EXPECT_TRUE(parse_params(text));
  EXPECT_EQ(parse_params(text + ";a").error().fault, Fault::too_large);
}

TEST(Params, keep_an_empty_value) {
  const auto params = parse_params(R"(;a=;b="")");

  ASSERT_TRUE(params);
  EXPECT_EQ(params->value("a"), "");
  EXPECT_EQ(to_text(*params), R"(;a=;b="")");
}

TEST(Params, are_set_in_place_and_removed_by_name) {
  auto params = parse_params(";tag=1;lr;x=2").value();

  params.set("TAG", "3");
  params.set("new", "4");
  params.remove("LR");

  EXPECT_EQ(to_text(params), ";tag=3;x=2;new=4");
}

TEST(Params, quote_a_value_that_would_end_its_parameter) {
  Params params;
  params.add("isfocus");
  params.add("tag", "a;b");
  params.add_quoted("text", "plain");

  EXPECT_EQ(to_text(params), R"(;isfocus;tag="a;b";text="plain")");
}

// RFC 3261 25.1: quoted-pair = "\" (%x00-09 / %x0B-0C / %x0E-7F)
TEST(Quote, escapes_controls_and_blanks_line_ends) {
  EXPECT_EQ(quote(""), "\"\"");
  EXPECT_EQ(quote("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(quote(std::string_view{"\0\x7F", 2}), (std::string_view{"\"\\\0\\\x7F\"", 6}));
  EXPECT_EQ(quote("a\r\nVia: x"), "\"a  Via: x\"");
  EXPECT_EQ(quote("\xC3\xA9\t"), "\"\xC3\xA9\t\"");
}

}  // namespace
}  // namespace convene::sip
