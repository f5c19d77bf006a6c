#include "sip/grammar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace convene::sip {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> elements(std::string_view text) {
  std::vector<std::string> found;
  for_each_element(text, ',', [&](std::string_view element) { found.emplace_back(element); });
  return found;
}

// RFC 3261 25.1
TEST(Token, has_its_own_characters_only) {
  EXPECT_TRUE(is_token("aZ09-.!%*_+`'~"));
  for (const char* text : {"", "a b", "a:b", "a/b", "a@b", "\"a\"", "a,b", "\xC3\xA9", "a=b"}) {
    EXPECT_FALSE(is_token(text)) << text;
  }
}

TEST(ForEachElement, trims_and_keeps_empty_ones_between) {
  EXPECT_THAT(elements(" a ,\tb, ,c"), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(elements(","), ElementsAre("", ""));
  EXPECT_THAT(elements("  "), IsEmpty());
}

TEST(ForEachElement, sees_no_comma_in_quotes_and_brackets) {
  EXPECT_THAT(elements(R"("a,\",b" <c,d>, <e,"f>,g)"),
              ElementsAre(R"("a,\",b" <c,d>)", R"(<e,"f>)", "g"));
  EXPECT_THAT(elements("\"open, quote"), ElementsAre("\"open, quote"));
  EXPECT_THAT(elements("<open, bracket"), ElementsAre("<open, bracket"));
}

TEST(QuotedLength, ends_at_the_quote_that_is_not_escaped) {
  EXPECT_EQ(quoted_length(R"("a\"b" c)"), 6U);
  EXPECT_EQ(quoted_length(R"("")"), 2U);
  for (const char* text : {"", "a", "\"", "\"a", R"("a\")", R"("\)"}) {
    EXPECT_EQ(quoted_length(text), std::nullopt) << text;
  }
}

TEST(Unquote, drops_quotes_and_escapes) {
  EXPECT_EQ(unquote(R"("a\"b\\c")"), R"(a"b\c)");
  EXPECT_EQ(unquote(R"("")"), "");
}

}  // namespace
}  // namespace convene::sip
