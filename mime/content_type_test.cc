#include "mime/content_type.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::mime {
namespace {

TEST(ContentType, is_a_lower_case_type_with_parameters) {
  const auto type =
      parse_content_type("Multipart/Related; Boundary=b8rel;type=\"application/sdp\"");
  ASSERT_TRUE(type);
  EXPECT_EQ(type->type, "multipart/related");
  EXPECT_TRUE(type->is_multipart());
  EXPECT_EQ(type->param("boundary"), "b8rel");
  EXPECT_EQ(type->param("TYPE"), "application/sdp");
  EXPECT_EQ(type->param("start"), std::nullopt);
  EXPECT_EQ(to_text(*type), "multipart/related;boundary=b8rel;type=\"application/sdp\"");
  EXPECT_EQ(parse_content_type(to_text(*type)), *type);
}

TEST(ContentType, quotes_what_is_no_token) {
  const ContentType type{"text/plain", {{"name", "a \"b\" \\;c"}, {"empty", ""}}};
  EXPECT_EQ(to_text(type), "text/plain;name=\"a \\\"b\\\" \\\\;c\";empty=\"\"");
  EXPECT_EQ(parse_content_type(to_text(type)), type);
}

TEST(ContentType, may_end_with_a_semicolon) {
  EXPECT_EQ(parse_content_type("text/plain;charset=utf8 ; "),
            (ContentType{"text/plain", {{"charset", "utf8"}}}));
}

TEST(ContentType, is_refused_without_a_subtype_or_with_broken_parameters) {
  for (const char* text : {"", "text", "text/", "/plain", "te xt/plain", "text/plain;charset",
                           "text/plain;=b", "text/plain;a=\"b", "text/plain;a=\"b\"c"})
    EXPECT_FALSE(parse_content_type(text)) << text;
}

// RFC 2183 2
// What has been read before the mistake is given back, however long it is.
TEST(ContentType, leaves_nothing_behind_when_it_is_refused) {
  const std::string word(100, 'a');
  EXPECT_FALSE(parse_content_type(word + "/" + word + ";=x"));
  EXPECT_FALSE(parse_content_disposition(word + ";=x"));
}

TEST(ContentDisposition, has_a_type_and_parameters) {
  const auto disposition =
      parse_content_disposition("attachment; filename=\"my plan.txt\"; size=65");
  ASSERT_TRUE(disposition);
  EXPECT_EQ(disposition->type, "attachment");
  EXPECT_EQ(disposition->param("size"), "65");
  EXPECT_EQ(filename_of(*disposition), "my plan.txt");
  EXPECT_EQ(parse_content_disposition("Recipient-List")->type, "recipient-list");
  EXPECT_FALSE(parse_content_disposition(""));
}

// RFC 5987 3.2.2
TEST(ContentDisposition, prefers_the_extended_file_name) {
  const auto disposition = parse_content_disposition(
      "attachment; filename=\"J.txt\"; filename*=UTF-8'de'J%C3%BCrgen.txt");
  ASSERT_TRUE(disposition);
  EXPECT_EQ(filename_of(*disposition), "J\xC3\xBCrgen.txt");
  EXPECT_EQ(filename_of(*parse_content_disposition("a;filename*=latin1''x;filename=y")), "y");
}

}  // namespace
}  // namespace convene::mime
