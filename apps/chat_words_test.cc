#include "apps/chat_words.h"

#include <gtest/gtest.h>

namespace convene::apps {
namespace {

using enum ChatWord::What;

TEST(ChatWord, says_what_is_no_command) {
  EXPECT_EQ(read_chat_word("half past eight"), (ChatWord{say, "half past eight"}));
  EXPECT_EQ(read_chat_word("//etc is a folder"), (ChatWord{say, "/etc is a folder"}));
}

TEST(ChatWord, knows_the_commands) {
  EXPECT_EQ(read_chat_word("/send my plan.txt "), (ChatWord{send, "my plan.txt"}));
  EXPECT_EQ(read_chat_word("/add carol dave"), (ChatWord{add, "carol dave"}));
  EXPECT_EQ(read_chat_word("/remove dave"), (ChatWord{remove, "dave"}));
  EXPECT_EQ(read_chat_word("/disconnect"), (ChatWord{disconnect, ""}));
  EXPECT_EQ(read_chat_word("/rejoin now"), (ChatWord{rejoin, "now"}));
  EXPECT_EQ(read_chat_word("/restart"), (ChatWord{restart, ""}));
  EXPECT_EQ(read_chat_word("/quit"), (ChatWord{quit, ""}));
  EXPECT_EQ(read_chat_word("/fly away").what, unknown);
}

TEST(ChatWord, ignores_an_empty_line) { EXPECT_EQ(read_chat_word("  ").what, nothing); }

}  // namespace
}  // namespace convene::apps
