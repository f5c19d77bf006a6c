#include "xml/characters.h"

#include <gtest/gtest.h>

namespace convene::xml {
namespace {

TEST(XmlCharacters, resolve_the_five_entities_and_numbers) {
  EXPECT_EQ(resolve_references("&lt;&gt;&amp;&apos;&quot;&#65;&#x1F600;"),
            "<>&'\"A\xF0\x9F\x98\x80");
}

TEST(XmlCharacters, know_no_other_entity) {
  for (const char* text :
       {"&lol;", "&", "&;", "a & b", "&#0;", "&#x;", "&#xD800;", "&#1;", "&#-1;", "&#99999999999;"})
    EXPECT_FALSE(resolve_references(text)) << text;
}

// A display name must not be able to break the document that carries it.
TEST(XmlCharacters, replace_what_xml_cannot_carry) {
  EXPECT_EQ(escape_text("a\x1B[2J\xFF z"), "a\xEF\xBF\xBD[2J\xEF\xBF\xBD z");
  EXPECT_EQ(escape_text(std::string_view{"\0", 1}), "\xEF\xBF\xBD");
  EXPECT_EQ(escape_attribute("\"<&>\r\n\t"), "&quot;&lt;&amp;&gt;&#13;&#10;&#9;");
}

TEST(XmlCharacters, are_utf8_without_control_characters) {
  EXPECT_TRUE(is_legal("J\xC3\xBCrgen\r\n\t"));
  EXPECT_FALSE(is_legal("\xC0\x80"));
  EXPECT_FALSE(is_legal("\xEF\xBF\xBF"));
  EXPECT_FALSE(is_legal("\x7F\x01"));
  EXPECT_FALSE(is_legal("\xE2\x82"));
}

}  // namespace
}  // namespace convene::xml
