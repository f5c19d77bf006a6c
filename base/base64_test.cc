#include "base/base64.h"

#include <gtest/gtest.h>

namespace convene {
namespace {

// RFC 4648 10.
TEST(Base64, agrees_with_the_published_vectors) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [octets, text] : vectors) {
    EXPECT_EQ(to_base64(octets), text);
    EXPECT_EQ(from_base64(text), octets);
  }
}

TEST(Base64, reads_across_line_ends) { EXPECT_EQ(from_base64("Zm9v\r\nYmFy\r\n"), "foobar"); }

TEST(Base64, refuses_what_is_not_base64) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "Zm9v=", "Z!9v", "Zg==Zg=="})
    EXPECT_FALSE(from_base64(text)) << text;
}

TEST(Base64, keeps_every_octet_value) {
  std::string octets;
  for (int i = 0; i < 256; ++i) octets += static_cast<char>(i);
  EXPECT_EQ(from_base64(to_base64(octets)), octets);
}

}  // namespace
}  // namespace convene
