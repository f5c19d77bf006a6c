#include "imap/value.h"

#include <gtest/gtest.h>

namespace convene::imap {
namespace {

Value atom(std::string text) { return {.text = std::move(text)}; }
Value text(std::string octets) { return {.kind = Value::Kind::string, .text = std::move(octets)}; }
Value list(std::vector<Value> items) {
  return {.kind = Value::Kind::list, .items = std::move(items)};
}

// RFC 3501 4
TEST(ImapValues, are_atoms_strings_and_lists) {
  EXPECT_EQ(parse_values(R"((\HasNoChildren) "/" NIL {3})"
                         "\r\na\"b)")
                .error()
                .fault,
            Fault::malformed);
  EXPECT_EQ(parse_values("(\\Seen x) \"a \\\"b\\\\\" nil {3}\r\n)\r\n 12"),
            (std::vector{list({atom("\\Seen"), atom("x")}), text("a \"b\\"),
                         Value{.kind = Value::Kind::nil}, text(")\r\n"), atom("12")}));
}

// RFC 3501 6.4.5
TEST(ImapValues, keep_a_section_together) {
  EXPECT_EQ(parse_values("(BODY[HEADER.FIELDS (DATE FROM)]<0> \"x\")"),
            (std::vector{list({atom("BODY[HEADER.FIELDS (DATE FROM)]<0>"), text("x")})}));
}

TEST(ImapValues, that_are_not_whole_are_refused) {
  for (const auto* bad : {"(", ")", "(a", "\"a", "\"a\\", "{3}\r\nab", "{3}", "a[", "(a))", "\r"})
    EXPECT_EQ(parse_values(bad).error().fault, Fault::malformed) << bad;
}

TEST(ImapValues, are_not_nested_without_end) {
  EXPECT_EQ(parse_values(std::string(17, '(') + std::string(17, ')')).error().fault,
            Fault::too_large);
  EXPECT_TRUE(parse_values(std::string(16, '(') + std::string(16, ')')));
}

}  // namespace
}  // namespace convene::imap
