#include "imap/command.h"

#include <gtest/gtest.h>

namespace convene::imap {
namespace {

std::string text_of(const Command& command) {
  std::string text;
  for (const auto& part : command.parts) {
    if (const auto* words = std::get_if<std::string>(&part)) text += *words;
    if (const auto* literal = std::get_if<Literal>(&part))
      text += "<" + std::to_string(size_of(*literal)) + ">";
  }
  return text;
}

// RFC 3501 6.3.11, RFC 3502 6.3.11
TEST(AppendCommand, carries_one_or_more_messages) {
  const Message seen{.flags = {"\\Seen", "ft-complete"},
                     .octets = {{"abc", Source{.id = 1, .octets = 10}}}};
  const Message plain{.octets = {{"abcd"}}};
  EXPECT_EQ(text_of(append("Default/a", std::vector{seen})),
            "APPEND \"Default/a\" (\\Seen ft-complete) <13>");
  EXPECT_EQ(text_of(append("Default/a", std::vector{seen, plain})),
            "APPEND \"Default/a\" (\\Seen ft-complete) <13> <4>");
}

TEST(Command, asks_for_what_a_client_syncs) {
  EXPECT_EQ(text_of(list_with_status("", "Default/*")),
            "LIST \"\" \"Default/*\" RETURN (STATUS (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ))");
  EXPECT_EQ(text_of(open("a", Opening::select, true)), "SELECT \"a\" (CONDSTORE)");
  EXPECT_EQ(text_of(open("a", Opening::examine, false)), "EXAMINE \"a\"");
  EXPECT_EQ(text_of(uid_fetch("1:9", "(UID FLAGS)", 7)),
            "UID FETCH 1:9 (UID FLAGS) (CHANGEDSINCE 7)");
  EXPECT_EQ(text_of(uid_store("3", FlagChange::add, std::vector<std::string>{"\\Seen"})),
            "UID STORE 3 +FLAGS.SILENT (\\Seen)");
}

// A peer's words never become a command.
TEST(Command, quotes_what_it_is_given) {
  EXPECT_EQ(text_of(create("a\"\r\nx DELETE INBOX")), "CREATE \"a\\\"&AA0ACg-x DELETE INBOX\"");
  EXPECT_EQ(text_of(uid_search_header("IMDN-Message-ID", "a\r\nb")),
            "UID SEARCH HEADER \"IMDN-Message-ID\" <4>");
  EXPECT_EQ(text_of(uid_search_header("IMDN-Message-ID", "é")),
            "UID SEARCH HEADER \"IMDN-Message-ID\" <2>");
  const Message bad{.flags = {"a) x", "\\", "b\r\n", "ok"}, .octets = {{"a"}}};
  EXPECT_EQ(text_of(append("a", std::vector{bad})), "APPEND \"a\" (ok) <1>");
}

}  // namespace
}  // namespace convene::imap
