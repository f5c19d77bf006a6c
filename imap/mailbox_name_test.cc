#include "imap/mailbox_name.h"

#include <gtest/gtest.h>

namespace convene::imap {
namespace {

// RFC 3501 5.1.3, with its examples
TEST(MailboxName, is_written_in_modified_utf_7) {
  EXPECT_EQ(to_mailbox_name("~peter/mail/台北/日本語"), "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
  EXPECT_EQ(from_mailbox_name("~peter/mail/&U,BTFw-/&ZeVnLIqe-"), "~peter/mail/台北/日本語");
  EXPECT_EQ(to_mailbox_name("Default/a@b.c;d"), "Default/a@b.c;d");
  EXPECT_EQ(to_mailbox_name("a&b"), "a&-b");
}

TEST(MailboxName, comes_back_whatever_it_holds) {
  for (const auto* name : {"", "&", "&-", "é", "a\tb", "😀 x 😀", "Grüße & mehr", "\x7f"})
    EXPECT_EQ(from_mailbox_name(to_mailbox_name(name)), name);
}

TEST(MailboxName, that_is_badly_written_stays) {
  for (const auto* name : {"&", "&U", "&*-", "a&2AA-", "&3AA-"})
    EXPECT_EQ(from_mailbox_name(name), name);
}

// RFC 3501 4.3
TEST(MailboxName, cannot_leave_its_quotes) {
  EXPECT_EQ(quoted("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_FALSE(can_be_quoted("a\r\nA1 LOGOUT"));
  EXPECT_TRUE(can_be_quoted(to_mailbox_name("a\r\nA1 LOGOUT")));
}

}  // namespace
}  // namespace convene::imap
