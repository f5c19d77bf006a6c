#include "sip/server_transaction.h"

#include "sip/test_transactions.h"

namespace convene::sip {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

struct ServerTransactionTest : TransactionTest {
  void respond(ServerTransaction& transaction, int status, TimePoint now) {
    transaction.respond(response_of("MESSAGE", status), now, effects);
  }

  ServerTransaction over_udp{Transport::udp, Timers{}};
  ServerTransaction over_tcp{Transport::tcp, Timers{}};
};

// RFC 3261 17.2.2: while trying, further copies of the request are discarded.
TEST_F(ServerTransactionTest, ignores_a_repeated_request_before_any_response) {
  over_udp.receive_again(effects);
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(ServerTransactionTest, answers_a_repeated_request_with_its_last_response) {
  respond(over_udp, 100, start);
  over_udp.receive_again(effects);
  EXPECT_THAT(take(), ElementsAre("100", "100"));

  respond(over_udp, 183, start);
  respond(over_udp, 200, start);
  over_udp.receive_again(effects);
  EXPECT_THAT(take(), ElementsAre("183", "200", "200"));
}

TEST_F(ServerTransactionTest, drops_a_second_final_response) {
  respond(over_udp, 200, start);
  take();
  respond(over_udp, 500, start);
  EXPECT_THAT(take(), IsEmpty());
}

// RFC 3261 17.2.2: timer J is 64*T1 over unreliable transports.
TEST_F(ServerTransactionTest, remembers_its_answer_for_32_seconds_over_udp) {
  respond(over_udp, 200, start);
  take();
  EXPECT_THAT(diary(over_udp, start + 100s), ElementsAre(Pair(32000, "ended")));
}

TEST_F(ServerTransactionTest, ends_at_once_over_tcp) {
  respond(over_tcp, 200, start);
  EXPECT_THAT(take(), ElementsAre("200", "ended"));
}

TEST_F(ServerTransactionTest, waits_for_its_user_without_end) {
  EXPECT_EQ(over_udp.deadline(), Deadline{});
}

}  // namespace
}  // namespace convene::sip
