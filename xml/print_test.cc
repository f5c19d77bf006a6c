#include <gtest/gtest.h>

#include "xml/element.h"

namespace convene::xml {
namespace {

TEST(XmlPrinting, indents_by_one_blank_from_the_third_level_on) {
  Element when = leaf("when", "10:05");
  Element info{.name = "info", .attributes = {}, .children = {when}, .text = "", .one_line = true};
  Element user{.name = "user",
               .attributes = {{"entity", "a\"b"}},
               .children = {leaf("status", "<"), info},
               .text = ""};
  Element users{.name = "users", .attributes = {}, .children = {user}, .text = ""};
  const Element root{
      .name = "root", .attributes = {}, .children = {users, leaf("empty", "")}, .text = ""};

  EXPECT_EQ(to_text(root),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
            "<root>\r\n"
            "<users>\r\n"
            " <user entity=\"a&quot;b\">\r\n"
            "  <status>&lt;</status>\r\n"
            "  <info><when>10:05</when></info>\r\n"
            " </user>\r\n"
            "</users>\r\n"
            "<empty/>\r\n"
            "</root>");
  EXPECT_EQ(parse_document(to_text(root)), root);
}

TEST(XmlPrinting, gives_back_mixed_content_and_layout) {
  for (const char* text :
       {"<a>x<b/>y</a>", "<a><b><c/></b></a>", "<a>\n<b><c/></b></a>", "<a><b>\n<c/></b></a>",
        "<a> </a>", "<a><b>x\ny</b></a>", "<a>&#13;</a>"}) {
    const auto parsed = parse_document(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parse_document(to_text(*parsed)), *parsed) << text;
  }
}

}  // namespace
}  // namespace convene::xml
