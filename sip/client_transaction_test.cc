#include "sip/client_transaction.h"

#include "sip/test_transactions.h"

namespace convene::sip {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

struct ClientTransactionTest : ClientSide<ClientTransaction> {
  ClientTransactionTest() : ClientSide{"MESSAGE"} {}
};

// RFC 3261 17.1.2.2: timer E doubles up to T2, timer F is 64*T1.
TEST_F(ClientTransactionTest, repeats_its_request_until_it_gives_up_over_udp) {
  begin(over_udp);
  EXPECT_THAT(diary(over_udp, start + 60s),
              ElementsAre(Pair(500, "MESSAGE"), Pair(1500, "MESSAGE"), Pair(3500, "MESSAGE"),
                          Pair(7500, "MESSAGE"), Pair(11500, "MESSAGE"), Pair(15500, "MESSAGE"),
                          Pair(19500, "MESSAGE"), Pair(23500, "MESSAGE"), Pair(27500, "MESSAGE"),
                          Pair(31500, "MESSAGE"), Pair(32000, "timed out"), Pair(32000, "ended")));
  EXPECT_EQ(over_udp.state(), ClientTransaction::State::terminated);
}

TEST_F(ClientTransactionTest, only_waits_over_tcp) {
  begin(over_tcp);
  EXPECT_THAT(diary(over_tcp, start + 60s),
              ElementsAre(Pair(32000, "timed out"), Pair(32000, "ended")));
}

// RFC 3261 17.1.2.2: while proceeding, timer E is T2.
TEST_F(ClientTransactionTest, repeats_every_T2_after_a_provisional_response) {
  begin(over_udp);
  receive(over_udp, 100, start + 100ms);
  EXPECT_THAT(take(), ElementsAre("tell 100"));

  EXPECT_THAT(diary(over_udp, start + 9s),
              ElementsAre(Pair(500, "MESSAGE"), Pair(4500, "MESSAGE"), Pair(8500, "MESSAGE")));
  receive(over_udp, 183, start + 9s);
  EXPECT_THAT(take(), ElementsAre("tell 183"));
}

TEST_F(ClientTransactionTest, times_out_after_a_provisional_response_too) {
  begin(over_tcp);
  receive(over_tcp, 100, start + 100ms);
  take();
  EXPECT_THAT(diary(over_tcp, start + 60s),
              ElementsAre(Pair(32000, "timed out"), Pair(32000, "ended")));
}

// RFC 3261 17.1.2.2: timer K is T4, and absorbs what comes again.
TEST_F(ClientTransactionTest, tells_one_final_response_and_absorbs_its_copies_for_T4) {
  begin(over_udp);
  receive(over_udp, 200, start + 1s);
  EXPECT_THAT(take(), ElementsAre("tell 200"));

  receive(over_udp, 200, start + 2s);
  EXPECT_THAT(take(), IsEmpty());

  EXPECT_THAT(diary(over_udp, start + 60s), ElementsAre(Pair(6000, "ended")));
}

TEST_F(ClientTransactionTest, takes_a_final_response_while_proceeding) {
  begin(over_udp);
  receive(over_udp, 100, start + 100ms);
  receive(over_udp, 486, start + 200ms);
  EXPECT_THAT(take(), ElementsAre("tell 100", "tell 486"));
  EXPECT_EQ(over_udp.state(), ClientTransaction::State::completed);
}

TEST_F(ClientTransactionTest, ends_at_once_after_the_final_response_over_tcp) {
  begin(over_tcp);
  receive(over_tcp, 404, start + 1s);
  EXPECT_THAT(take(), ElementsAre("tell 404", "ended"));
}

// RFC 3261 17.1.4
TEST_F(ClientTransactionTest, ends_when_its_request_cannot_be_sent) {
  begin(over_tcp);
  over_tcp.fail_transport(effects);
  EXPECT_THAT(take(), ElementsAre("transport failed", "ended"));

  begin(over_udp);
  receive(over_udp, 100, start + 100ms);
  take();
  over_udp.fail_transport(effects);
  EXPECT_THAT(take(), ElementsAre("transport failed", "ended"));
}

TEST_F(ClientTransactionTest, does_not_mind_a_broken_transport_once_it_is_answered) {
  begin(over_udp);
  receive(over_udp, 200, start + 1s);
  take();
  over_udp.fail_transport(effects);
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(ClientTransactionTest, does_nothing_when_woken_early) {
  begin(over_udp);
  over_udp.wake(start + 499ms, effects);
  EXPECT_THAT(take(), IsEmpty());
}

}  // namespace
}  // namespace convene::sip
