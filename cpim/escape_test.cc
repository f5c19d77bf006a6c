#include <gtest/gtest.h>

#include "cpim/message.h"

namespace convene::cpim {
namespace {

// RFC 3862 2.3
TEST(CpimEscapes, are_resolved) {
  EXPECT_EQ(unescape(R"(a\"b\\c\'d\te\nf\rg\bh)"), "a\"b\\c'd\te\nf\rg\bh");
  EXPECT_EQ(unescape(R"(J\u00FCrgen \u20ac)"), "J\xC3\xBCrgen \xE2\x82\xAC");
  EXPECT_EQ(unescape(R"(\uD83D\uDE00)"), "\xF0\x9F\x98\x80");
}

TEST(CpimEscapes, that_are_none_stay_as_they_stand) {
  EXPECT_EQ(unescape(R"(\x \u12 \uzzzz \)"), R"(\x \u12 \uzzzz \)");
}

TEST(CpimEscapes, cannot_make_a_nul_or_half_a_character) {
  EXPECT_EQ(unescape(R"(\u0000\uD83D\uDE)"), "\xEF\xBF\xBD\xEF\xBF\xBD\\uDE");
}

TEST(CpimEscapes, are_written_for_control_characters) {
  const std::string text = "a\r\n\t\b\x1B\x7F\\\"\xC3\xBC";
  EXPECT_EQ(escape(text), "a\\r\\n\\t\\b\\u001B\\u007F\\\\\"\xC3\xBC");
  EXPECT_EQ(unescape(escape(text)), text);
}

}  // namespace
}  // namespace convene::cpim
