#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene {
namespace {

using testing::ElementsAre;

TEST(Text, compares_without_regard_to_case) {
  EXPECT_TRUE(iequals("Content-Type", "content-TYPE"));
  EXPECT_FALSE(iequals("a", "ab"));
}

TEST(Text, splits_at_every_separator) {
  EXPECT_THAT(split("a,,b", ','), ElementsAre("a", "", "b"));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(Text, takes_lines_that_end_either_way) {
  std::string_view text = "one\r\ntwo\nthree";
  EXPECT_EQ(take_line(text), "one");
  EXPECT_EQ(take_line(text), "two");
  EXPECT_EQ(take_line(text), "three");
  EXPECT_EQ(text, "");
}

TEST(Text, reads_only_whole_numbers) {
  EXPECT_EQ(to_number("042"), 42U);
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "99999999999999999999"})
    EXPECT_FALSE(to_number(text)) << text;
}

TEST(Text, decodes_what_it_encodes) {
  const std::string text = "a b%\"\r\n/\xC3\xA9";
  EXPECT_EQ(percent_decode(percent_encode(text, "/")), text);
  EXPECT_EQ(percent_decode("urn%3aurn-7%3A3gpp"), "urn:urn-7:3gpp");
  EXPECT_FALSE(percent_decode("%4"));
  EXPECT_FALSE(percent_decode("%zz"));
}

// A display name must not be able to clear the terminal or start a new log line.
TEST(Text, makes_control_characters_visible) {
  EXPECT_EQ(printable("a\r\nb"), "a\\x0D\\x0Ab");
  EXPECT_EQ(printable("\x1B[2J"), "\\x1B[2J");
  EXPECT_EQ(printable("\xE2\x80\xAEgpj.exe"), "\\xE2\\x80\\xAEgpj.exe");
  EXPECT_EQ(printable("J\xC3\xBCrgen"), "J\xC3\xBCrgen");
  EXPECT_EQ(printable("\xFF"), "\\xFF");
}

TEST(Text, knows_utf8) {
  EXPECT_TRUE(is_utf8("\xF0\x9F\x98\x80 ok"));
  EXPECT_FALSE(is_utf8("\xC0\x80"));
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
}

}  // namespace
}  // namespace convene
