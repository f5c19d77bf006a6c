#include <gmock/gmock.h>

#include "store/test_imap_server.h"

namespace convene::store {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

using ImapTroubleTest = ImapStoreTest;

// A wrong secret: each failed login is slow, and too many lock the account.
TEST_F(ImapTroubleTest, does_not_storm_a_server_that_refuses_its_secret) {
  ask(write({small("one")}));
  store.connected({1}, now, effects);
  says(
      "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n"
      "a1 NO [AUTHENTICATIONFAILED] Authentication failed.\r\n");
  EXPECT_EQ(take<Answered>().at(0).answer.error().fault, Fault::closed);
  EXPECT_THAT(take<CloseLink>(), SizeIs(1));
  take<OpenLink>();

  for (int i = 0; i < 59; ++i, now += 1s) ask(write({small("one")}));
  EXPECT_THAT(take<OpenLink>(), IsEmpty());
  EXPECT_THAT(take<Answered>(), SizeIs(59));

  now += 1s;
  ask(write({small("one")}));
  EXPECT_THAT(take<OpenLink>(), SizeIs(1));
  EXPECT_EQ(log.text(),
            "warning  store  the store does not believe us: Authentication failed.  "
            "next_attempt_s=60\n");
}

TEST_F(ImapTroubleTest, waits_longer_each_time_that_nobody_is_there) {
  std::uint64_t link = 0;
  for (const auto pause : {1s, 2s, 4s, 5s, 5s, 5s, 5s, 5s}) {
    ask(write({small("one")}));
    EXPECT_THAT(take<OpenLink>(), SizeIs(1)) << pause.count();
    store.closed({++link}, "connection refused", now, effects);
    now += pause - 1ms;
    ask(write({small("one")}));
    EXPECT_THAT(take<OpenLink>(), IsEmpty()) << pause.count();
    now += 1ms;
  }
  EXPECT_THAT(take<Answered>(), SizeIs(16));
}

TEST_F(ImapTroubleTest, recovers_by_itself) {
  ask(write({small("one")}));
  store.closed({1}, "connection refused", now, effects);
  now += 1s;
  effects.clear();
  ask(write({small("two")}));
  log_in({2});
  says("a2 OK [APPENDUID 17 1] x\r\n", {2});
  EXPECT_THAT(answer<Written>().objects, testing::ElementsAre(1));
}

// Restarted in the middle: what was under way is told to have failed, and the next one connects
// anew.
TEST_F(ImapTroubleTest, answers_everything_when_the_server_goes) {
  ask(write({small("one")}));
  log_in();
  ask(write({small("two")}));
  says("* BYE restarting\r\n");
  EXPECT_THAT(take<Answered>(), SizeIs(2));
  take<OpenLink>();
  ask(write({small("three")}));
  EXPECT_THAT(take<OpenLink>(), SizeIs(1));
}

TEST_F(ImapTroubleTest, gives_up_a_server_that_does_not_answer) {
  ask(write({small("one")}));
  log_in();
  EXPECT_EQ(store.deadline(), now + 60s);
  now += 60s;
  store.wake(now, effects);
  EXPECT_EQ(take<Answered>().at(0).answer.error().fault, Fault::timed_out);
  EXPECT_THAT(take<CloseLink>(), SizeIs(1));
  EXPECT_EQ(store.links(), 0);
}

TEST_F(ImapTroubleTest, gives_up_a_server_that_does_not_take_the_connection) {
  ask(write({small("one")}));
  now += 60s;
  store.wake(now, effects);
  EXPECT_EQ(take<Answered>().at(0).answer.error().fault, Fault::timed_out);
}

TEST_F(ImapTroubleTest, says_goodbye_when_nobody_needs_it) {
  ask(write({small("one")}));
  log_in();
  says("a2 OK [APPENDUID 17 1] x\r\n");
  sent();
  now += 30s;
  store.wake(now, effects);
  EXPECT_EQ(sent(), "a3 LOGOUT\r\n");
  says("* BYE x\r\na3 OK x\r\n");
  EXPECT_THAT(take<CloseLink>(), SizeIs(1));
  EXPECT_EQ(store.links(), 0);
  EXPECT_EQ(store.deadline(), Deadline{});
}

// RFC 5530 3
TEST_F(ImapTroubleTest, tells_a_full_store_from_one_that_is_down) {
  ask(write({small("one")}));
  log_in();
  says("a2 NO [OVERQUOTA] Quota exceeded\r\n");
  EXPECT_EQ(take<Answered>().at(0).answer.error().fault, Fault::too_large);
}

TEST_F(ImapTroubleTest, lets_only_so_much_wait) {
  auto few = settings();
  few.max_waiting = 2;
  ImapStore small_store{few, log};
  for (std::uint64_t i = 1; i <= 3; ++i)
    small_store.ask({{i}, write({small("one")})}, now, effects);
  EXPECT_EQ(take<Answered>().at(0).answer.error().fault, Fault::too_large);
}

// Flow F6.2: one login per user, acting for it.
TEST_F(ImapTroubleTest, logs_in_for_each_user_where_it_has_to) {
  auto own = settings();
  own.access = ImapAccess::per_user;
  own.paths.prefix = "";
  own.max_links = 1;
  store = ImapStore{own, log};
  ask(write({small("one")}));
  log_in();
  EXPECT_THAT(greeting, HasSubstr("KzE1NTUAY3BtcGYAc2VjcmV0"));  // +1555 NUL cpmpf NUL secret
  EXPECT_THAT(sent(), HasSubstr("APPEND \"Default/c/s\""));

  auto other = write({small("two")});
  other.account = "+1556";
  ask(other);  // no room, and the other one is at work
  EXPECT_EQ(take<Answered>().at(0).answer.error().fault, Fault::closed);
  says("a2 OK [APPENDUID 17 1] x\r\n");
  effects.clear();
  ask(other);  // in place of the one that is idle
  EXPECT_THAT(take<CloseLink>(), SizeIs(1));
  EXPECT_THAT(take<OpenLink>(), SizeIs(1));
}

}  // namespace
}  // namespace convene::store
