#include "imap/mailbox_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::imap {
namespace {

using testing::ElementsAre;

Data data(std::string_view text) { return std::get<Data>(parse_response(text).value()); }

// RFC 3501 7.2.2
TEST(MailboxData, reads_a_listed_mailbox) {
  const auto listed = listed_mailbox(data("* LIST (\\HasNoChildren) \"/\" \"Default/&ZeVnLIqe-\""));
  EXPECT_EQ(listed->name, "Default/日本語");
  EXPECT_TRUE(listed->can_be_selected());
  EXPECT_FALSE(listed_mailbox(data("* LIST (\\NonExistent) \"/\" a"))->can_be_selected());
}

// RFC 3501 7.2.4, RFC 7162 3.1.7
TEST(MailboxData, reads_the_status_of_a_mailbox) {
  EXPECT_EQ(mailbox_status(data("* STATUS {3}\r\na b (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 17 "
                                "HIGHESTMODSEQ 715194045007)")),
            (MailboxStatus{.name = "a b",
                           .messages = 3,
                           .uid_next = 4,
                           .uid_validity = 17,
                           .highest_modseq = 715'194'045'007}));
}

// RFC 3501 7.4.2, RFC 7162 3.1.2
TEST(MailboxData, reads_what_was_fetched_in_any_order) {
  EXPECT_EQ(fetched(data("* 12 FETCH (RFC822.SIZE 44 MODSEQ (9) BODY[]<0> {4}\r\na\r\n) UID 7 "
                         "FLAGS (\\Seen ft-complete))")),
            (Fetched{.uid = 7,
                     .flags = {"\\Seen", "ft-complete"},
                     .modseq = 9,
                     .size = 44,
                     .octets = "a\r\n)"}));
}

// RFC 3501 7.2.5, RFC 4731 3.1
TEST(MailboxData, reads_what_was_found) {
  EXPECT_THAT(*found_numbers(data("* SEARCH 2 84 (MODSEQ 917)")), ElementsAre(2, 84));
  EXPECT_THAT(*found_numbers(data("* SEARCH")), ElementsAre());
  EXPECT_THAT(*found_numbers(data("* ESEARCH (TAG \"a1\") UID COUNT 3 ALL 1:2,9")),
              ElementsAre(1, 2, 9));
  EXPECT_FALSE(found_numbers(data("* ESEARCH ALL 1:4294967295")));
}

// RFC 4315 3
TEST(MailboxData, reads_the_uids_of_what_was_appended) {
  const auto status =
      std::get<Status>(parse_response("a1 OK [APPENDUID 38505 3955:3957] x").value());
  EXPECT_EQ(appended_uids(status.code),
            (AppendedUids{.uid_validity = 38'505, .uids = {3'955, 3'956, 3'957}}));
  EXPECT_FALSE(appended_uids({}));
}

TEST(MailboxData, makes_nothing_of_what_makes_no_sense) {
  EXPECT_FALSE(listed_mailbox(data("* LIST a b")));
  EXPECT_FALSE(mailbox_status(data("* STATUS a")));
  EXPECT_FALSE(fetched(data("* 1 FETCH")));
  EXPECT_EQ(fetched(data("* 1 FETCH (UID)"))->uid, 0);
  EXPECT_EQ(fetched(data("* 1 FETCH (UID 99999999999 MODSEQ ())"))->uid, 0);
}

}  // namespace
}  // namespace convene::imap
