#include "sip/invite_client_transaction.h"

#include "sip/test_transactions.h"

namespace convene::sip {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

struct InviteClientTransactionTest : ClientSide<InviteClientTransaction> {
  InviteClientTransactionTest() : ClientSide{"INVITE"} {}
};

// RFC 3261 17.1.1.2: timer A doubles without limit, timer B is 64*T1.
TEST_F(InviteClientTransactionTest, repeats_the_invite_until_it_gives_up_over_udp) {
  begin(over_udp);
  EXPECT_THAT(diary(over_udp, start + 60s),
              ElementsAre(Pair(500, "INVITE"), Pair(1500, "INVITE"), Pair(3500, "INVITE"),
                          Pair(7500, "INVITE"), Pair(15500, "INVITE"), Pair(31500, "INVITE"),
                          Pair(32000, "timed out"), Pair(32000, "ended")));
}

TEST_F(InviteClientTransactionTest, only_waits_over_tcp) {
  begin(over_tcp);
  EXPECT_THAT(diary(over_tcp, start + 60s),
              ElementsAre(Pair(32000, "timed out"), Pair(32000, "ended")));
}

TEST_F(InviteClientTransactionTest, is_silent_after_a_provisional_response) {
  begin(over_udp);
  receive(over_udp, 100, start + 100ms);
  receive(over_udp, 180, start + 200ms);
  EXPECT_THAT(take(), ElementsAre("tell 100", "tell 180"));
  EXPECT_THAT(diary(over_udp, start + 100s), IsEmpty());
}

// RFC 3261 16.6 (11), 16.7 (2): timer C begins anew with each provisional response but 100.
TEST_F(InviteClientTransactionTest, loses_patience_three_minutes_after_the_last_sign_of_life) {
  begin(over_udp);
  receive(over_udp, 180, start + 60s);
  receive(over_udp, 100, start + 100s);
  take();
  EXPECT_THAT(diary(over_udp, start + 1000s), ElementsAre(Pair(240000, "patience ended")));
}

// RFC 3261 9.1: 64*T1 after the CANCEL there is nothing to wait for.
TEST_F(InviteClientTransactionTest, gives_up_when_a_cancelled_invite_stays_unanswered) {
  begin(over_udp);
  receive(over_udp, 180, start);
  over_udp.expect_cancellation(start + 10s);
  receive(over_udp, 180, start + 12s);
  take();
  EXPECT_THAT(diary(over_udp, start + 1000s),
              ElementsAre(Pair(42000, "timed out"), Pair(42000, "ended")));
}

// RFC 3261 17.1.1.3: ACK in the transaction, with the To of the response.
TEST_F(InviteClientTransactionTest, acknowledges_a_failure) {
  begin(over_udp);
  receive(over_udp, 486, start + 1s);

  ASSERT_EQ(effects.size(), 2U);
  const auto& ack = std::get<Transmit>(effects[0]).message;
  EXPECT_EQ(ack.method(), "ACK");
  EXPECT_EQ(ack.uri(), "sip:bob@biloxi.example.com");
  EXPECT_EQ(ack.header(Name::via), request_of("INVITE").header(Name::via));
  EXPECT_EQ(ack.header(Name::to), response_of("INVITE", 486).header(Name::to));
  EXPECT_EQ(ack.header(Name::cseq), "2 ACK");
  EXPECT_THAT(take(), ElementsAre("ACK", "tell 486"));
}

// RFC 3261 17.1.1.2: timer D is 32 s.
TEST_F(InviteClientTransactionTest, acknowledges_every_copy_of_a_failure_for_32_seconds) {
  begin(over_udp);
  receive(over_udp, 180, start);
  receive(over_udp, 486, start + 1s);
  take();

  receive(over_udp, 486, start + 2s);
  EXPECT_THAT(take(), ElementsAre("ACK"));
  receive(over_udp, 200, start + 3s);
  EXPECT_THAT(take(), IsEmpty());

  EXPECT_THAT(diary(over_udp, start + 100s), ElementsAre(Pair(33000, "ended")));
}

TEST_F(InviteClientTransactionTest, ends_at_once_after_a_failure_over_tcp) {
  begin(over_tcp);
  receive(over_tcp, 603, start + 1s);
  EXPECT_THAT(take(), ElementsAre("ACK", "tell 603", "ended"));
}

// RFC 6026 7.2: accepted for timer M, over any transport; every 2xx goes to the user.
TEST_F(InviteClientTransactionTest, tells_every_success_for_64_times_T1) {
  begin(over_tcp);
  receive(over_tcp, 200, start + 1s);
  receive(over_tcp, 200, start + 2s);
  EXPECT_THAT(take(), ElementsAre("tell 200", "tell 200"));
  EXPECT_EQ(over_tcp.state(), InviteClientTransaction::State::accepted);

  receive(over_tcp, 486, start + 3s);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_THAT(diary(over_tcp, start + 100s), ElementsAre(Pair(33000, "ended")));
}

TEST_F(InviteClientTransactionTest, accepts_after_a_provisional_response_too) {
  begin(over_udp);
  receive(over_udp, 180, start + 1s);
  receive(over_udp, 200, start + 2s);
  EXPECT_THAT(take(), ElementsAre("tell 180", "tell 200"));
  EXPECT_THAT(diary(over_udp, start + 100s), ElementsAre(Pair(34000, "ended")));
}

// RFC 3261 17.1.4
TEST_F(InviteClientTransactionTest, ends_when_the_invite_cannot_be_sent) {
  begin(over_tcp);
  over_tcp.fail_transport(effects);
  EXPECT_THAT(take(), ElementsAre("transport failed", "ended"));
}

TEST_F(InviteClientTransactionTest, ends_silently_when_the_ack_cannot_be_sent) {
  begin(over_udp);
  receive(over_udp, 486, start + 1s);
  take();
  over_udp.fail_transport(effects);
  EXPECT_THAT(take(), ElementsAre("ended"));
}

TEST_F(InviteClientTransactionTest, goes_on_waiting_when_the_transport_breaks_while_ringing) {
  begin(over_tcp);
  receive(over_tcp, 180, start + 1s);
  take();
  over_tcp.fail_transport(effects);
  EXPECT_THAT(take(), IsEmpty());
}

}  // namespace
}  // namespace convene::sip
