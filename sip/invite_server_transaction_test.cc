#include "sip/invite_server_transaction.h"

#include "sip/test_transactions.h"

namespace convene::sip {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

struct InviteServerTransactionTest : TransactionTest {
  void respond(InviteServerTransaction& transaction, int status, TimePoint now) {
    transaction.respond(response_of("INVITE", status), now, effects);
  }

  InviteServerTransaction over_udp{Transport::udp, Timers{}, response_of("INVITE", 100), start};
  InviteServerTransaction over_tcp{Transport::tcp, Timers{}, response_of("INVITE", 100), start};
};

// RFC 3261 17.2.1: 100 within 200 ms when the user has nothing to say.
TEST_F(InviteServerTransactionTest, says_trying_after_200_ms) {
  EXPECT_THAT(diary(over_udp, start + 100s), ElementsAre(Pair(200, "100")));
}

TEST_F(InviteServerTransactionTest, need_not_say_trying_when_the_user_was_quick) {
  respond(over_udp, 180, start + 100ms);
  EXPECT_THAT(take(), ElementsAre("180"));
  EXPECT_THAT(diary(over_udp, start + 100s), IsEmpty());
}

TEST_F(InviteServerTransactionTest, answers_a_repeated_invite_with_its_last_provisional_response) {
  over_udp.receive_again(effects);
  EXPECT_THAT(take(), IsEmpty());

  over_udp.wake(start + 200ms, effects);
  over_udp.receive_again(effects);
  EXPECT_THAT(take(), ElementsAre("100", "100"));

  respond(over_udp, 180, start + 1s);
  over_udp.receive_again(effects);
  EXPECT_THAT(take(), ElementsAre("180", "180"));
}

// RFC 3261 17.2.1: timer G doubles up to T2, timer H is 64*T1.
TEST_F(InviteServerTransactionTest, repeats_a_failure_until_it_gives_up_over_udp) {
  respond(over_udp, 486, start);
  take();
  EXPECT_THAT(diary(over_udp, start + 60s),
              ElementsAre(Pair(500, "486"), Pair(1500, "486"), Pair(3500, "486"), Pair(7500, "486"),
                          Pair(11500, "486"), Pair(15500, "486"), Pair(19500, "486"),
                          Pair(23500, "486"), Pair(27500, "486"), Pair(31500, "486"),
                          Pair(32000, "no ACK"), Pair(32000, "ended")));
}

TEST_F(InviteServerTransactionTest, sends_a_failure_once_over_tcp) {
  respond(over_tcp, 486, start);
  EXPECT_THAT(take(), ElementsAre("486"));
  EXPECT_THAT(diary(over_tcp, start + 60s),
              ElementsAre(Pair(32000, "no ACK"), Pair(32000, "ended")));
}

TEST_F(InviteServerTransactionTest, answers_a_repeated_invite_with_the_failure) {
  respond(over_udp, 486, start);
  over_udp.receive_again(effects);
  EXPECT_THAT(take(), ElementsAre("486", "486"));
}

// RFC 3261 17.2.1: confirmed for timer I, T4 over unreliable transports.
TEST_F(InviteServerTransactionTest, absorbs_acks_for_T4_over_udp) {
  respond(over_udp, 486, start);
  take();
  over_udp.receive_ack(start + 1s, effects);
  over_udp.receive_ack(start + 2s, effects);
  over_udp.receive_again(effects);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(over_udp.state(), InviteServerTransaction::State::confirmed);
  EXPECT_THAT(diary(over_udp, start + 60s), ElementsAre(Pair(6000, "ended")));
}

TEST_F(InviteServerTransactionTest, ends_with_the_ack_over_tcp) {
  respond(over_tcp, 486, start);
  take();
  over_tcp.receive_ack(start + 1s, effects);
  EXPECT_THAT(take(), ElementsAre("ended"));
}

// RFC 6026 7.1: accepted for timer L, over any transport.
TEST_F(InviteServerTransactionTest, absorbs_the_invite_for_64_times_T1_after_a_success) {
  respond(over_tcp, 200, start);
  take();
  over_tcp.receive_again(effects);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_THAT(diary(over_tcp, start + 60s), ElementsAre(Pair(32000, "ended")));
}

// RFC 6026 7.1: the user repeats its 2xx, and hears of the ACK.
TEST_F(InviteServerTransactionTest, lets_the_user_repeat_its_success_and_gives_it_the_ack) {
  respond(over_udp, 180, start);
  respond(over_udp, 200, start);
  respond(over_udp, 200, start + 500ms);
  respond(over_udp, 486, start + 600ms);
  EXPECT_THAT(take(), ElementsAre("180", "200", "200"));

  over_udp.receive_ack(start + 1s, effects);
  EXPECT_THAT(take(), ElementsAre("tell ACK"));
  EXPECT_THAT(diary(over_udp, start + 60s), ElementsAre(Pair(32000, "ended")));
}

TEST_F(InviteServerTransactionTest, ignores_an_ack_before_any_answer) {
  over_udp.receive_ack(start, effects);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(over_udp.state(), InviteServerTransaction::State::proceeding);
}

TEST_F(InviteServerTransactionTest, knows_how_a_response_would_begin_until_it_is_answered) {
  ASSERT_NE(over_udp.provisional(), nullptr);
  EXPECT_EQ(over_udp.provisional()->status(), 100);
  respond(over_udp, 180, start);
  EXPECT_EQ(over_udp.provisional()->status(), 180);
  respond(over_udp, 200, start);
  EXPECT_EQ(over_udp.provisional(), nullptr);
}

}  // namespace
}  // namespace convene::sip
