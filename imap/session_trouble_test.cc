#include <gmock/gmock.h>

#include "imap/test_server.h"

namespace convene::imap {
namespace {

using testing::SizeIs;
using namespace std::chrono_literals;

using SessionTroubleTest = SessionTest;

TEST_F(SessionTroubleTest, ends_when_nothing_is_greeted) {
  EXPECT_EQ(session.deadline(), now + 60s);
  session.wake(now + 60s, effects);
  EXPECT_EQ(take<Ended>().at(0).why.fault, Fault::timed_out);
}

// RFC 3501 7.1.5
TEST_F(SessionTroubleTest, ends_with_a_bye_in_the_middle) {
  log_in();
  const auto first = submit(append_text("one"));
  const auto second = submit(noop());
  says("* BYE shutting down\r\n");

  const auto done = take<Completed>();
  ASSERT_THAT(done, SizeIs(2));
  EXPECT_EQ(done[0].id, first);
  EXPECT_EQ(done[0].outcome.error().fault, Fault::closed);
  EXPECT_EQ(done[1].id, second);
  EXPECT_THAT(take<Ended>(), SizeIs(1));
  EXPECT_EQ(session.deadline(), Deadline{});
}

TEST_F(SessionTroubleTest, ends_with_the_connection) {
  log_in();
  submit(append_text("one"));
  session.closed("reset by peer", effects);
  EXPECT_THAT(take<Completed>(), SizeIs(1));
  EXPECT_THAT(take<Ended>(), SizeIs(1));
  submit(noop());
  EXPECT_EQ(take<Completed>().at(0).outcome.error().fault, Fault::closed);
}

// A wrong secret is told apart from a server that is down: nobody may try again at once.
TEST_F(SessionTroubleTest, tells_when_it_is_not_believed) {
  says("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\r\n");
  submit(noop());
  says("a1 NO [AUTHENTICATIONFAILED] Authentication failed.\r\n");
  EXPECT_EQ(take<Refused>().at(0).why, "Authentication failed.");
  EXPECT_THAT(take<Completed>(), SizeIs(1));
}

// RFC 5530 3
TEST_F(SessionTroubleTest, does_not_mistake_a_busy_server_for_a_wrong_secret) {
  says("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\r\n");
  says("a1 NO [UNAVAILABLE] later\r\n");
  EXPECT_THAT(take<Refused>(), SizeIs(0));
  EXPECT_THAT(take<Ended>(), SizeIs(1));
}

// RFC 3501 11.1: no secret through a network that anyone can read.
TEST_F(SessionTroubleTest, does_not_say_its_secret_where_others_hear_it) {
  auto open = settings();
  open.keeps_secrets = false;
  session = Session{open, now};
  says("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\r\n");
  EXPECT_EQ(sent(), "");
  EXPECT_EQ(take<Ended>().at(0).why.fault, Fault::unsupported);
}

TEST_F(SessionTroubleTest, is_patient_while_octets_move) {
  log_in();
  submit(append_text("one"));
  session.sent(now + 50s);
  session.wake(now + 100s, effects);
  EXPECT_FALSE(session.has_ended());
  session.wake(now + 110s, effects);
  EXPECT_TRUE(session.has_ended());
}

TEST_F(SessionTroubleTest, has_no_deadline_while_nothing_is_asked) {
  log_in();
  EXPECT_EQ(session.deadline(), Deadline{});
}

TEST_F(SessionTroubleTest, ends_with_a_server_that_speaks_nonsense) {
  for (const auto* nonsense : {"a9 OK done\r\n", "+ go on\r\n", "a1 BYE x\r\n", "* LIST (\r\n",
                               "\r\n", "* 1 FETCH {99999999}\r\n"}) {
    session = Session{settings(), now};
    effects.clear();
    log_in();
    says(nonsense);
    EXPECT_TRUE(session.has_ended()) << nonsense;
  }
}

TEST_F(SessionTroubleTest, does_not_take_an_answer_before_the_question_is_over) {
  log_in("IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS");
  submit(append_text("one"));
  says("a2 OK [APPENDUID 1 1] done\r\n");
  EXPECT_EQ(take<Completed>().at(0).outcome.error().fault, Fault::malformed);
  EXPECT_EQ(take<Ended>().at(0).why.fault, Fault::malformed);
}

TEST_F(SessionTroubleTest, collects_only_so_much_for_one_command) {
  auto small = settings();
  small.collected_octets = 1'000;
  session = Session{small, now};
  log_in();
  submit(uid_fetch("1:*", "(FLAGS)"));
  for (int i = 0; i < 40 && !session.has_ended(); ++i) says("* 1 FETCH (FLAGS ())\r\n");
  EXPECT_EQ(take<Ended>().at(0).why.fault, Fault::too_large);
}

TEST_F(SessionTroubleTest, lets_only_so_many_commands_wait) {
  auto small = settings();
  small.max_waiting = 2;
  session = Session{small, now};
  for (int i = 0; i < 3; ++i) submit(noop());
  EXPECT_EQ(take<Completed>().at(0).outcome.error().fault, Fault::too_large);
}

TEST_F(SessionTroubleTest, keeps_only_so_many_under_way) {
  auto small = settings();
  small.max_under_way = 1;
  session = Session{small, now};
  log_in();
  submit(append_text("one"));
  submit(append_text("two"));
  EXPECT_EQ(sent(), "a2 APPEND \"F\" {3+}\r\none\r\n");
  says("a2 OK x\r\n");
  EXPECT_EQ(sent(), "a3 APPEND \"F\" {3+}\r\ntwo\r\n");
}

}  // namespace
}  // namespace convene::imap
