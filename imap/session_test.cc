#include "imap/session.h"

#include <gmock/gmock.h>

#include "imap/mailbox_data.h"
#include "imap/test_server.h"

namespace convene::imap {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

// RFC 4616 2, RFC 4959; flow F6.2
TEST_F(SessionTest, logs_in_for_another_user) {
  says("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\r\n");
  EXPECT_EQ(sent(), "a1 AUTHENTICATE PLAIN YWxpY2VAZXhhbXBsZS5jb20AY3BtLXBmAHBmc2VjcmV0\r\n");
  says("a1 OK [CAPABILITY IMAP4rev1 UIDPLUS] Logged in\r\n");

  EXPECT_THAT(take<Ready>(), SizeIs(1));
  EXPECT_TRUE(session.has("uidplus"));
}

// RFC 3501 6.2.2
TEST_F(SessionTest, waits_to_be_asked_for_its_credentials) {
  says("* OK hello\r\n");
  EXPECT_EQ(sent(), "a1 CAPABILITY\r\n");
  says("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na1 OK done\r\n");
  EXPECT_EQ(sent(), "a2 AUTHENTICATE PLAIN\r\n");
  says("+ \r\n");
  EXPECT_EQ(sent(), "YWxpY2VAZXhhbXBsZS5jb20AY3BtLXBmAHBmc2VjcmV0\r\n");
  says("a2 OK in\r\n");
  EXPECT_EQ(sent(), "a3 CAPABILITY\r\n");
  says("* CAPABILITY IMAP4rev1 UIDPLUS\r\na3 OK done\r\n");
  EXPECT_TRUE(session.has("UIDPLUS"));
}

// RFC 7628 3.1
TEST_F(SessionTest, logs_in_with_a_token) {
  auto with_token = settings();
  with_token.credentials.bearer_token = "vF9dft4qmT";
  session = Session{with_token, now};
  says("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=OAUTHBEARER] hello\r\n");
  EXPECT_EQ(sent(),
            "a1 AUTHENTICATE OAUTHBEARER "
            "bixhPWFsaWNlQGV4YW1wbGUuY29tLAFhdXRoPUJlYXJlciB2RjlkZnQ0cW1UAQE=\r\n");
  says("+ eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=\r\n");
  EXPECT_EQ(sent(), "\r\n");
  says("a1 NO no\r\n");
  EXPECT_THAT(take<Refused>(), SizeIs(1));
}

// RFC 3501 7.1.4
TEST_F(SessionTest, may_be_known_already) {
  says("* PREAUTH [CAPABILITY IMAP4rev1] hello\r\n");
  EXPECT_TRUE(session.is_ready());
}

TEST_F(SessionTest, says_its_commands_once_it_is_logged_in) {
  submit(noop());
  EXPECT_EQ(sent(), "");
  log_in();
  says("");
  submit(noop());
  says("a2 OK done\r\n");
  EXPECT_EQ(sent(), "a3 NOOP\r\n");
}

// RFC 7888: nothing waits for the server's consent.
TEST_F(SessionTest, pipelines_what_it_appends) {
  log_in();
  submit(append_text("one"));
  submit(append_text("three"));
  EXPECT_EQ(sent(), "a2 APPEND \"F\" {3+}\r\none\r\na3 APPEND \"F\" {5+}\r\nthree\r\n");

  says("a3 OK [APPENDUID 9 2] x\r\na2 OK [APPENDUID 9 1] x\r\n");  // in any order
  const auto done = take<Completed>();
  ASSERT_THAT(done, SizeIs(2));
  EXPECT_EQ(done[0].id, CommandId{2});
  EXPECT_EQ(appended_uids(done[0].outcome->status.code)->uids, std::vector<std::uint32_t>{2});
  EXPECT_EQ(done[1].id, CommandId{1});
}

// RFC 3501 4.3
TEST_F(SessionTest, asks_before_a_literal_where_it_has_to) {
  log_in("IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS");
  submit(append_text("one"));
  submit(append_text("two"));
  EXPECT_EQ(sent(), "a2 APPEND \"F\" {3}\r\n");
  says("+ OK\r\n");
  EXPECT_EQ(sent(), "one\r\na3 APPEND \"F\" {3}\r\n");
}

TEST_F(SessionTest, does_not_send_what_the_server_refused_before) {
  log_in("IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS");
  submit(append_text("one"));
  submit(noop());
  sent();
  says("a2 NO [TRYCREATE] Mailbox doesn't exist\r\n");

  EXPECT_TRUE(take<Completed>().at(0).outcome->status.has_code("TRYCREATE"));
  EXPECT_EQ(sent(), "a3 NOOP\r\n");
}

// A large file is not sent in vain, and is not in memory.
TEST_F(SessionTest, asks_before_a_large_file_and_only_names_it) {
  log_in();
  Message message{.octets = {{"head\r\n", Source{.id = 7, .octets = 1'000'000}, "\r\n"}}};
  submit(append("F", std::vector{message}));
  EXPECT_EQ(sent(), "a2 APPEND \"F\" {1000008}\r\n");
  says("+ OK\r\n");
  EXPECT_EQ(sent(), "head\r\n<7:1000000>\r\n\r\n");
}

// RFC 3501 5.5: what is told belongs to one command only.
TEST_F(SessionTest, gives_data_to_the_command_that_asked) {
  log_in();
  submit(append_text("one"));
  submit(uid_search_header("IMDN-Message-ID", "m1"));
  submit(append_text("two"));
  EXPECT_EQ(sent(), "a2 APPEND \"F\" {3+}\r\none\r\n");
  says("* 4 EXISTS\r\na2 OK x\r\n");
  EXPECT_EQ(sent(), "a3 UID SEARCH HEADER \"IMDN-Message-ID\" \"m1\"\r\n");
  says("* SEARCH 4\r\na3 OK x\r\n");

  const auto done = take<Completed>();
  EXPECT_THAT(done.at(0).outcome->data, SizeIs(0));
  EXPECT_EQ(found_numbers(done.at(1).outcome->data.at(0)), std::vector<std::uint32_t>{4});
  EXPECT_EQ(sent(), "a4 APPEND \"F\" {3+}\r\ntwo\r\n");
}

// RFC 3501 7.1: the codes of an opened mailbox.
TEST_F(SessionTest, learns_about_the_mailbox_it_opens) {
  log_in();
  submit(open("F", Opening::examine, true));
  says("* FLAGS (\\Seen)\r\n* 2 EXISTS\r\n* OK [UIDVALIDITY 17] ok\r\na2 OK [READ-ONLY] done\r\n");

  const auto data = take<Completed>().at(0).outcome->data;
  ASSERT_THAT(data, SizeIs(3));
  EXPECT_EQ(data[2].name, "UIDVALIDITY");
}

TEST_F(SessionTest, logs_out) {
  log_in();
  session.log_out(now, effects);
  EXPECT_EQ(sent(), "a2 LOGOUT\r\n");
  says("* BYE see you\r\na2 OK done\r\n");
  EXPECT_THAT(take<Ended>(), SizeIs(1));
  EXPECT_TRUE(session.has_ended());
}

}  // namespace
}  // namespace convene::imap
