#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "xml/element.h"

namespace convene::xml {
namespace {

using testing::ElementsAre;

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += "<a>";
  for (std::size_t i = 0; i < depth; ++i) text += "</a>";
  return text;
}

Fault fault_of(std::string_view text) {
  const auto parsed = parse_document(text);
  EXPECT_FALSE(parsed) << text.substr(0, 100);
  return parsed ? Fault::closed : parsed.error().fault;
}

TEST(XmlDocument, is_a_tree_whose_names_are_looked_up_without_their_prefix) {
  const auto root = parse_document(
      "<?xml version=\"1.0\"?>\n<x:list xmlns:x=\"urn:l\" xmlns:cp=\"urn:c\">"
      "<x:entry uri=\"sip:bob@example.com\" cp:copyControl='to'/><!-- note --></x:list>\n");
  ASSERT_TRUE(root) << root.error().detail;

  const auto* entry = root->child("entry");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->name, "x:entry");
  EXPECT_EQ(entry->attribute("copyControl"), "to");
  EXPECT_EQ(entry->attribute("cp"), std::nullopt);
  EXPECT_THAT(root->attributes,
              ElementsAre(Attribute{"xmlns:x", "urn:l"}, Attribute{"xmlns:cp", "urn:c"}));
}

TEST(XmlDocument, keeps_text_and_drops_white_space_between_elements) {
  const auto root =
      parse_document("<a>\r\n <b> x &amp;\r\ny </b>\r\n <c><![CDATA[<&lt;]]></c></a>");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->text, "");
  EXPECT_EQ(root->child("b")->text, " x &\ny ");
  EXPECT_EQ(root->child_text("b"), "x &\ny");
  EXPECT_EQ(root->child_text("c"), "<&lt;");
  EXPECT_EQ(root->child_text("d"), std::nullopt);
}

// A bomb needs a DOCTYPE, and so does an external entity.
TEST(XmlDocument, refuses_doctype_outright) {
  EXPECT_EQ(fault_of("<!DOCTYPE a [<!ENTITY lol \"lol\">]><a>&lol;</a>"), Fault::unsupported);
  EXPECT_EQ(fault_of("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"), Fault::unsupported);
  EXPECT_EQ(fault_of("<a>&lol;</a>"), Fault::malformed);
  EXPECT_EQ(fault_of("<a b='&lol;'/>"), Fault::malformed);
}

TEST(XmlDocument, has_limits) {
  EXPECT_TRUE(parse_document(nested(max_depth)));
  EXPECT_EQ(fault_of(nested(max_depth + 1)), Fault::too_large);
  EXPECT_EQ(fault_of(nested(20'000)), Fault::too_large);
  EXPECT_EQ(fault_of("<a>" + std::string(max_octets, 'x') + "</a>"), Fault::too_large);

  std::string wide = "<a>";
  for (std::size_t i = 0; i < max_nodes; ++i) wide += "<b/>";
  EXPECT_EQ(fault_of(wide + "</a>"), Fault::too_large);
}

TEST(XmlDocument, is_refused_when_it_is_not_well_formed) {
  for (const char* text :
       {"", " ", "x", "<a>", "<a></b>", "<a/><b/>", "<a/>x", "x<a/>", "<a b=1/>",
        "<a b='1' b='2'/>", "<a>\x01</a>", "<a>\xFF</a>", "<?xml version='1.0'?>"})
    EXPECT_EQ(fault_of(text), Fault::malformed) << text;
}

TEST(XmlDocument, is_utf8) {
  EXPECT_TRUE(parse_document("\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?><a/>"));
  EXPECT_EQ(fault_of("<?xml version='1.0' encoding='ISO-8859-1'?><a/>"), Fault::unsupported);
  EXPECT_EQ(fault_of(std::string_view{"\xFE\xFF\0<\0a\0/\0>", 10}), Fault::malformed);
}

}  // namespace
}  // namespace convene::xml
