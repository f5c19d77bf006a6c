#include "mime/headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::mime {
namespace {

using testing::ElementsAre;

Fault fault_of(std::string_view text) {
  const auto block = parse_header_block(text);
  EXPECT_FALSE(block) << text.substr(0, 100);
  return block ? Fault::closed : block.error().fault;
}

TEST(MimeHeaders, are_found_without_regard_to_case_and_kept_in_order) {
  const auto block = parse_header_block("Content-Type: text/plain\r\nX-New:  a b \r\n\r\nbody\r\n");
  ASSERT_TRUE(block);
  EXPECT_EQ(block->headers.value("content-type"), "text/plain");
  EXPECT_THAT(block->headers.all(),
              ElementsAre(Header{"Content-Type", "text/plain"}, Header{"X-New", "a b"}));
  EXPECT_EQ(block->rest, "body\r\n");
  EXPECT_EQ(to_text(block->headers), "Content-Type: text/plain\r\nX-New: a b\r\n");
}

TEST(MimeHeaders, may_end_in_bare_lf_and_without_a_body) {
  const auto bare = parse_header_block("Content-Type: text/plain\n\nbody");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->rest, "body");
  EXPECT_TRUE(bare->has_empty_line);

  const auto open = parse_header_block("Content-Length: 0\r\n");
  ASSERT_TRUE(open);
  EXPECT_FALSE(open->has_empty_line);
  EXPECT_EQ(open->rest, "");
}

// RFC 5322 2.2.3
TEST(MimeHeaders, are_unfolded) {
  const auto block = parse_header_block("Content-Type: multipart/mixed;\r\n\tboundary=b\r\n\r\n");
  ASSERT_TRUE(block);
  EXPECT_EQ(block->headers.value("Content-Type"), "multipart/mixed; boundary=b");
}

TEST(MimeHeaders, are_replaced_and_removed) {
  Headers headers{{"A", "1"}, {"B", "2"}, {"a", "3"}};
  headers.set("a", "4");
  headers.remove("b");
  headers.set("C", "5");
  EXPECT_THAT(headers.all(), ElementsAre(Header{"A", "4"}, Header{"a", "3"}, Header{"C", "5"}));
}

TEST(MimeHeaders, have_limits) {
  std::string many;
  for (std::size_t i = 0; i < max_headers; ++i) many += "A: b\r\n";
  EXPECT_TRUE(parse_header_block(many + "\r\n"));
  EXPECT_EQ(fault_of(many + "A: b\r\n\r\n"), Fault::too_large);
  EXPECT_EQ(fault_of("A: " + std::string(max_header_octets, 'x')), Fault::too_large);
}

TEST(MimeHeaders, are_refused_when_they_are_none) {
  for (const char* text : {"no colon\r\n\r\n", ": x\r\n\r\n", " folded: first\r\n\r\n",
                           "A B: x\r\n\r\n", "A: b\rC: d\r\n\r\n"})
    EXPECT_EQ(fault_of(text), Fault::malformed) << text;
}

TEST(MimeHeaders, cannot_be_injected_by_a_value) {
  EXPECT_EQ(to_text(Headers{{"Subject", "a\r\nEvil: b"}}), "Subject: a  Evil: b\r\n");
}

}  // namespace
}  // namespace convene::mime
