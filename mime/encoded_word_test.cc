#include "mime/encoded_word.h"

#include <gtest/gtest.h>

namespace convene::mime {
namespace {

TEST(EncodedWords, leave_plain_text_alone) {
  EXPECT_EQ(to_encoded_words("Trail Sunday"), "Trail Sunday");
  EXPECT_EQ(from_encoded_words("Trail Sunday = 5?"), "Trail Sunday = 5?");
}

// RFC 2047 2: at most 75 characters to a word, no character cut in two.
TEST(EncodedWords, carry_other_languages) {
  EXPECT_EQ(to_encoded_words("Grüße"), "=?UTF-8?B?R3LDvMOfZQ==?=");
  std::string words;
  for (int i = 0; i < 40; ++i) words += i % 3 == 0 ? "日" : "é";
  const auto text = to_encoded_words(words);
  EXPECT_EQ(from_encoded_words(text), words);
  EXPECT_LE(text.find(' '), 75);
}

// RFC 2047 8
TEST(EncodedWords, of_others_are_read) {
  EXPECT_EQ(from_encoded_words("a =?utf-8?Q?caf=C3=A9_noir?= b"), "a café noir b");
  EXPECT_EQ(from_encoded_words("=?US-ASCII?q?a?= =?utf-8?b?Yg==?="), "ab");
}

TEST(EncodedWords, that_cannot_be_read_stay) {
  for (const auto* text : {"=?", "=?utf-8?B?", "=?utf-8?B?***?=", "=?koi8-r?B?Yg==?=", "=?a?x?b?="})
    EXPECT_EQ(from_encoded_words(text), text);
}

// A text that looks like a word is encoded, so that it is not taken for one.
TEST(EncodedWords, do_not_mistake_a_users_own_words) {
  EXPECT_EQ(from_encoded_words(to_encoded_words("=?utf-8?B?Yg==?=")), "=?utf-8?B?Yg==?=");
}

}  // namespace
}  // namespace convene::mime
