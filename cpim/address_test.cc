#include <gtest/gtest.h>

#include "cpim/message.h"

namespace convene::cpim {
namespace {

// RFC 3862 3.1
TEST(CpimAddress, is_a_display_name_and_a_uri) {
  EXPECT_EQ(parse_address("\"Alice\" <sip:alice@example.com>"),
            (Address{"Alice", "sip:alice@example.com"}));
  EXPECT_EQ(parse_address("<sip:bob@example.com>"), (Address{"", "sip:bob@example.com"}));
  EXPECT_EQ(to_text(Address{"Alice", "sip:alice@example.com"}),
            "\"Alice\" <sip:alice@example.com>");
  EXPECT_EQ(to_text(Address{"", "sip:bob@example.com"}), "<sip:bob@example.com>");
}

TEST(CpimAddress, may_lack_quotes_and_brackets) {
  EXPECT_EQ(parse_address(" Alice B. <sip:alice@example.com> "),
            (Address{"Alice B.", "sip:alice@example.com"}));
  EXPECT_EQ(parse_address("tel:+15550101"), (Address{"", "tel:+15550101"}));
}

TEST(CpimAddress, escapes_its_display_name) {
  const Address address{"\"A\\\r\n<x>\"", "sip:a@b"};
  EXPECT_EQ(to_text(address), R"("\"A\\\r\n<x>\"" <sip:a@b>)");
  EXPECT_EQ(parse_address(to_text(address)), address);
}

TEST(CpimAddress, is_refused_without_a_readable_uri) {
  for (const char* text : {"", "<>", "\"Alice\"", "\"Alice <sip:a@b>", "<sip:a@b", "<sip:a b>",
                           "<sip:a@b> x", "Alice Bob", "\"A\" sip:a@b", "<sip:a\"@b>"})
    EXPECT_FALSE(parse_address(text)) << text;
}

}  // namespace
}  // namespace convene::cpim
