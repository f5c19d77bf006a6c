#include <gmock/gmock.h>

#include "store/test_imap_server.h"

namespace convene::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using ImapReadTest = ImapStoreTest;

const Folder session{{"Default", "c", "s"}};

// RFC 5819 2
TEST_F(ImapReadTest, lists_folders_with_their_state) {
  ask(ListFolders{.account = "+1555"});
  log_in();
  EXPECT_EQ(sent(), "a2 EXAMINE \"user/+1555/Default\"\r\n");
  says("a2 NO no such mailbox\r\n");
  EXPECT_EQ(sent(),
            "a3 LIST \"\" \"user/+1555/Default/*\" RETURN (STATUS (MESSAGES UIDNEXT UIDVALIDITY "
            "HIGHESTMODSEQ))\r\n");
  says(
      "* LIST (\\NonExistent) \"/\" user/+1555/Default/c\r\n"
      "* LIST (\\HasNoChildren) \"/\" user/+1555/Default/c/s\r\n"
      "* STATUS user/+1555/Default/c/s (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 17 HIGHESTMODSEQ 9)\r\n"
      "a3 OK done\r\n");
  EXPECT_THAT(
      answer<Folders>(),
      ElementsAre(FolderState{
          .folder = session, .objects = 3, .uid_next = 4, .uid_validity = 17, .modseq = 9}));
}

// RFC 7162 3.1.4
TEST_F(ImapReadTest, lists_what_changed) {
  ask(ListObjects{.account = "+1555", .folder = session, .changed_since = 5});
  log_in();
  EXPECT_EQ(sent(), "a2 EXAMINE \"user/+1555/Default/c/s\" (CONDSTORE)\r\n");
  says("* 2 EXISTS\r\na2 OK opened\r\n");
  EXPECT_EQ(sent(), "a3 UID FETCH 1:* (UID FLAGS RFC822.SIZE MODSEQ) (CHANGEDSINCE 5)\r\n");
  says(
      "* 2 FETCH (UID 9 FLAGS (\\Seen \\Recent) MODSEQ (8) RFC822.SIZE 70)\r\n"
      "* 1 FETCH (UID 7 FLAGS () MODSEQ (6) RFC822.SIZE 50)\r\na3 OK\r\n");
  EXPECT_THAT(answer<ObjectStates>(),
              ElementsAre(ObjectState{.uid = 7, .modseq = 6, .octets = 50},
                          ObjectState{.uid = 9, .flags = {"\\Seen"}, .modseq = 8, .octets = 70}));
}

// A large object is read a window at a time: it is never in memory.
TEST_F(ImapReadTest, reads_a_window_of_an_object) {
  ask(Read{.account = "+1555", .folder = session, .uid = 7, .offset = 100, .most = 4});
  log_in();
  says("a2 OK opened\r\n");
  EXPECT_THAT(sent(), HasSubstr("a3 UID FETCH 7 (UID BODY.PEEK[]<100.4>)\r\n"));
  says("* 1 FETCH (UID 7 BODY[]<100> {4}\r\nab\r\n)\r\na3 OK\r\n");
  EXPECT_EQ(answer<Octets>().octets, "ab\r\n");
}

TEST_F(ImapReadTest, knows_what_is_not_there) {
  ask(Read{.account = "+1555", .folder = session, .uid = 7});
  log_in();
  says("a2 OK opened\r\na3 OK nothing\r\n");
  EXPECT_EQ(take<Answered>().at(0).answer.error().fault, Fault::not_found);
  ask(Search{.account = "+1555", .folder = session, .header = "Subject", .value = "x"});
  says("a4 NO no such mailbox\r\n");
  EXPECT_EQ(take<Answered>().at(0).answer.error().fault, Fault::not_found);
}

// Only one mailbox is open at a time: what is asked of one is not answered by another.
TEST_F(ImapReadTest, asks_one_question_after_the_other) {
  ask(Search{.account = "a", .folder = session, .header = "Subject", .value = "x"});
  ask(Search{.account = "b", .folder = session, .header = "Subject", .value = "y"});
  log_in();
  EXPECT_THAT(sent(), testing::Not(HasSubstr("user/b/")));
  says("a2 OK\r\n* SEARCH 1\r\na3 OK\r\n");
  EXPECT_THAT(answer<Uids>(), ElementsAre(1));
  EXPECT_THAT(sent(), HasSubstr("EXAMINE \"user/b/Default/c/s\""));
}

TEST_F(ImapReadTest, changes_flags) {
  ask(ChangeFlags{.account = "+1555", .folder = session, .uids = {1, 2, 3}, .flags = {"\\Seen"}});
  log_in();
  says("a2 OK\r\na3 OK\r\n");
  EXPECT_THAT(sent(), HasSubstr("SELECT \"user/+1555/Default/c/s\" (CONDSTORE)\r\n"
                                "a3 UID STORE 1:3 +FLAGS.SILENT (\\Seen)\r\n"));
  answer<Done>();
}

TEST_F(ImapReadTest, erases_the_deepest_folder_first) {
  ask(Erase{.account = "+1555"});
  log_in();
  says(
      "a2 NO x\r\n* LIST () \"/\" user/+1555/Default/c\r\n* LIST () \"/\" "
      "user/+1555/Default/c/s\r\na3 OK\r\n"
      "a4 OK\r\na5 OK\r\na6 NO [NONEXISTENT] x\r\n");
  EXPECT_THAT(sent(), HasSubstr("a4 DELETE \"user/+1555/Default/c/s\"\r\n"
                                "a5 DELETE \"user/+1555/Default/c\"\r\n"
                                "a6 DELETE \"user/+1555/Default\"\r\n"));
  answer<Done>();
}

}  // namespace
}  // namespace convene::store
