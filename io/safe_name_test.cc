#include "io/safe_name.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace convene::io {
namespace {

TEST(SafeName, keeps_ordinary_names) {
  EXPECT_EQ(safe_name("photo.jpg"), "photo.jpg");
  EXPECT_EQ(safe_name("Zoë's holiday (1) 北京.tar.gz"), "Zoë's holiday (1) 北京.tar.gz");
}

TEST(SafeName, never_leaves_its_directory) {
  EXPECT_EQ(safe_name("../../etc/passwd"), "passwd");
  EXPECT_EQ(safe_name("..\\..\\windows\\system.ini"), "system.ini");
  EXPECT_EQ(safe_name("/"), "file");
  EXPECT_EQ(safe_name(".."), "file");
  EXPECT_EQ(safe_name("a/.."), "file");
  EXPECT_EQ(safe_name("directory/"), "directory");
}

TEST(SafeName, is_never_hidden) {
  EXPECT_EQ(safe_name(".bashrc"), "bashrc");
  EXPECT_EQ(safe_name(" . .x"), "x");
}

TEST(SafeName, has_no_control_characters) {
  EXPECT_EQ(safe_name(std::string_view{"a\0b.txt", 7}), "ab.txt");
  EXPECT_EQ(safe_name("a\r\n\x1b[31mb\u0085.txt"), "a[31mb.txt");
  EXPECT_EQ(safe_name("\x7f"), "file");
}

TEST(SafeName, reads_from_left_to_right) {
  EXPECT_EQ(safe_name("invoice\u202Efdp.exe"), "invoicefdp.exe");
  EXPECT_EQ(safe_name("\u2066a\u200Fb\uFEFF.txt"), "ab.txt");
}

TEST(SafeName, is_no_device_of_windows) {
  EXPECT_EQ(safe_name("CON"), "_CON");
  EXPECT_EQ(safe_name("aux.tar.gz"), "_aux.tar.gz");
  EXPECT_EQ(safe_name("com1"), "_com1");
  EXPECT_EQ(safe_name("LPT².txt"), "_LPT².txt");
  EXPECT_EQ(safe_name("console.txt"), "console.txt");
  EXPECT_EQ(safe_name("a:b*c?.txt. "), "a_b_c_.txt");
}

TEST(SafeName, is_cut_at_a_character_and_keeps_its_extension) {
  std::string long_name;
  while (long_name.size() < 4'096) long_name += "é";

  const auto name = safe_name(long_name + ".jpeg");

  EXPECT_LE(name.size(), max_name_octets);
  EXPECT_GE(name.size(), max_name_octets - 1);
  EXPECT_TRUE(is_utf8(name));
  EXPECT_TRUE(name.ends_with("é.jpeg"));
  EXPECT_LE(safe_name(std::string(4'096, '.') + std::string(4'096, 'x')).size(), max_name_octets);
}

TEST(SafeName, is_utf8_whatever_came) { EXPECT_EQ(safe_name("a\xff\xc3.txt"), "a__.txt"); }

TEST(NumberedName, puts_the_number_before_the_extension) {
  EXPECT_EQ(numbered_name("photo.jpg", 0), "photo.jpg");
  EXPECT_EQ(numbered_name("photo.jpg", 2), "photo (2).jpg");
  EXPECT_EQ(numbered_name("README", 1), "README (1)");
}

}  // namespace
}  // namespace convene::io
