#include "store/imap_store.h"

#include <gmock/gmock.h>

#include "store/test_imap_server.h"

namespace convene::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST_F(ImapStoreTest, connects_when_it_is_asked) {
  EXPECT_EQ(store.deadline(), Deadline{});
  ask(write({small("one")}));
  EXPECT_THAT(take<OpenLink>(), SizeIs(1));
  log_in();
  EXPECT_EQ(sent(), "a2 APPEND \"user/+1555/Default/c/s\" {3+}\r\none\r\n");
  says("a2 OK [APPENDUID 17 5] done\r\n");
  EXPECT_EQ(answer<Written>(), (Written{.uid_validity = 17, .session_info = {}, .objects = {5}}));
}

// R5.1b2, R5.1c: the first object of a new folder is the Session Info Object.
TEST_F(ImapStoreTest, makes_a_session_folder_with_its_session_info) {
  ask(in_session({small("history")}));
  log_in();
  EXPECT_EQ(sent(), "a2 CREATE \"user/+1555/Default/c/s\"\r\n");
  says("a2 OK created\r\n");
  EXPECT_THAT(sent(), HasSubstr("{4+}\r\ninfo\r\n"));
  says("a3 OK [APPENDUID 17 1] done\r\n");
  EXPECT_THAT(sent(), HasSubstr("{7+}\r\nhistory\r\n"));
  says("a4 OK [APPENDUID 17 2] done\r\n");
  EXPECT_EQ(answer<Written>(), (Written{.uid_validity = 17, .session_info = 1, .objects = {2}}));
}

// R5.1b, R5.1c: a folder that is there keeps its Session Info Object.
TEST_F(ImapStoreTest, finds_the_session_info_of_a_folder_that_is_there) {
  ask(in_session({small("history")}));
  log_in();
  sent();
  says("a2 NO [ALREADYEXISTS] Mailbox already exists\r\n");
  EXPECT_EQ(sent(), "a3 EXAMINE \"user/+1555/Default/c/s\"\r\n");
  says("* 3 EXISTS\r\n* OK [UIDVALIDITY 17] ok\r\na3 OK opened\r\n");
  EXPECT_EQ(sent(), "a4 UID SEARCH HEADER \"Content-Type\" \"Application/X-CPM-Session\"\r\n");
  says("* SEARCH 1 3\r\na4 OK\r\n");
  EXPECT_THAT(sent(), HasSubstr("history"));
  says("a5 OK [APPENDUID 17 4] done\r\n");
  EXPECT_EQ(answer<Written>(), (Written{.uid_validity = 17, .session_info = 1, .objects = {4}}));
}

// A13: the folder is there, but what the session was is not.
TEST_F(ImapStoreTest, adds_the_session_info_that_a_folder_lacks) {
  ask(in_session({}));
  log_in();
  says("a2 NO [ALREADYEXISTS] x\r\n* OK [UIDVALIDITY 17] ok\r\na3 OK x\r\n* SEARCH\r\na4 OK\r\n");
  EXPECT_THAT(sent(), HasSubstr("info"));
  says("a5 OK [APPENDUID 17 9] done\r\n");
  EXPECT_EQ(answer<Written>(), (Written{.uid_validity = 17, .session_info = 9, .objects = {}}));
}

// Flow F6.2
TEST_F(ImapStoreTest, creates_a_folder_that_an_append_misses) {
  ask(write({small("one"), small("two")}));
  log_in();
  EXPECT_EQ(sent(), "a2 APPEND \"user/+1555/Default/c/s\" {3+}\r\none {3+}\r\ntwo\r\n");
  says("a2 NO [TRYCREATE] Mailbox doesn't exist\r\n");
  EXPECT_EQ(sent(), "a3 CREATE \"user/+1555/Default/c/s\"\r\n");
  says("a3 OK\r\n");
  sent();
  says("a4 OK [APPENDUID 17 1:2] done\r\n");
  EXPECT_THAT(answer<Written>().objects, ElementsAre(1, 2));
}

TEST_F(ImapStoreTest, does_not_create_without_end) {
  ask(write({small("one")}));
  log_in();
  says("a2 NO [TRYCREATE] x\r\na3 OK\r\na4 NO [TRYCREATE] x\r\n");
  EXPECT_EQ(take<Answered>().at(0).answer.error().fault, Fault::not_found);
}

// What failed may have been done: it is looked for before it is stored again.
TEST_F(ImapStoreTest, does_not_store_a_repetition_twice) {
  auto what = write({small("one"), small("two")});
  what.objects[0].imdn_message_id = "m1";
  what.objects[1].imdn_message_id = "m2";
  what.may_be_there = true;
  ask(std::move(what));
  log_in();
  says("* OK [UIDVALIDITY 17] ok\r\na2 OK opened\r\n* SEARCH 7\r\na3 OK\r\n* SEARCH\r\na4 OK\r\n");
  const auto said = sent();
  EXPECT_THAT(said, HasSubstr("UID SEARCH HEADER \"IMDN-Message-ID\" \"m1\""));
  EXPECT_THAT(said, HasSubstr("{3+}\r\ntwo\r\n"));
  EXPECT_THAT(said, testing::Not(HasSubstr("one")));
  says("a5 OK [APPENDUID 17 8] x\r\n");
  EXPECT_THAT(answer<Written>().objects, ElementsAre(7, 8));
}

// RFC 3502 is an extension.
TEST_F(ImapStoreTest, appends_one_by_one_where_it_has_to) {
  ask(write({small("one"), small("two")}));
  log_in({1}, "IMAP4rev1 SASL-IR LITERAL+ UIDPLUS AUTH=PLAIN");
  EXPECT_THAT(sent(), HasSubstr("{3+}\r\none\r\n"));
  says("a2 OK [APPENDUID 17 1] x\r\n");
  EXPECT_THAT(sent(), HasSubstr("{3+}\r\ntwo\r\n"));
  says("a3 OK [APPENDUID 17 2] x\r\n");
  EXPECT_THAT(answer<Written>().objects, ElementsAre(1, 2));
}

TEST_F(ImapStoreTest, sends_a_file_by_name) {
  Object file{.pieces = {"head", FileContent{.body = {7}, .octets = 57}, "tail"}};
  ask(write({file}));
  log_in();
  EXPECT_EQ(sent(), "a2 APPEND \"user/+1555/Default/c/s\" {84+}\r\nhead<file 7 of 57>tail\r\n");
}

// Writes to different folders do not wait for one another.
TEST_F(ImapStoreTest, pipelines_across_folders) {
  auto other = write({small("two")});
  other.folder.path[2] = "t";
  ask(write({small("one")}));
  ask(other);
  log_in();
  EXPECT_EQ(sent(),
            "a2 APPEND \"user/+1555/Default/c/s\" {3+}\r\none\r\n"
            "a3 APPEND \"user/+1555/Default/c/t\" {3+}\r\ntwo\r\n");
}

// RFC 3502: what came meanwhile goes in one command, and each request is told its own UIDs.
TEST_F(ImapStoreTest, stores_together_what_waited_for_the_same_folder) {
  ask(write({small("one")}));
  log_in();
  sent();
  const auto second = ask(write({small("two")}));
  const auto third = ask(write({small("three"), small("four")}));
  says("a2 OK [APPENDUID 17 1] x\r\n");
  take<Answered>();
  EXPECT_THAT(sent(), HasSubstr("{3+}\r\ntwo {5+}\r\nthree {4+}\r\nfour\r\n"));

  says("a3 OK [APPENDUID 17 2:4] x\r\n");
  const auto answers = take<Answered>();
  ASSERT_THAT(answers, SizeIs(2));
  EXPECT_EQ(answers[0].id, second);
  EXPECT_THAT(std::get<Written>(*answers[0].answer).objects, ElementsAre(2));
  EXPECT_EQ(answers[1].id, third);
  EXPECT_THAT(std::get<Written>(*answers[1].answer).objects, ElementsAre(3, 4));
}

TEST_F(ImapStoreTest, tells_everyone_when_what_they_shared_failed) {
  ask(write({small("one")}));
  log_in();
  ask(write({small("two")}));
  ask(write({small("three")}));
  says("a2 OK [APPENDUID 17 1] x\r\na3 NO [OVERQUOTA] full\r\n");
  const auto answers = take<Answered>();
  ASSERT_THAT(answers, SizeIs(3));
  EXPECT_EQ(answers[1].answer.error().fault, Fault::too_large);
  EXPECT_EQ(answers[2].answer.error().fault, Fault::too_large);
}

// What makes the folder goes alone, and nothing overtakes it there.
TEST_F(ImapStoreTest, keeps_the_order_within_a_folder) {
  ask(write({small("one")}));
  log_in();
  sent();
  ask(in_session({}));
  ask(write({small("two")}));
  says("a2 OK [APPENDUID 17 1] x\r\n");
  EXPECT_EQ(sent(), "a3 CREATE \"user/+1555/Default/c/s\"\r\n");
}

}  // namespace
}  // namespace convene::store
