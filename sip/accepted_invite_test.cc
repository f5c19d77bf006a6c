#include "sip/accepted_invite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::sip {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Effect = AcceptedInvite::Effect;

constexpr TimePoint start{};

Message success() {
  auto response = Message::response(200);
  response.add(Name::cseq, "4 INVITE");
  return response;
}

struct AcceptedInviteTest : testing::Test {
  AcceptedInvite accepted{ServerTransactionId{1}, success(), Timers{}, start};
};

// RFC 3261 13.3.1.4: T1, doubling to T2, for 64*T1.
TEST_F(AcceptedInviteTest, is_repeated_until_64_times_T1) {
  std::vector<int> repeated;
  while (accepted.state() == AcceptedInvite::State::waiting) {
    const auto now = *accepted.deadline();
    if (accepted.wake(now) == Effect::retransmit) {
      repeated.push_back(static_cast<int>(now.time_since_epoch().count()));
    } else {
      EXPECT_EQ(now, start + 32s);
    }
  }
  EXPECT_THAT(repeated,
              ElementsAre(500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500));
  EXPECT_EQ(accepted.state(), AcceptedInvite::State::given_up);
}

TEST_F(AcceptedInviteTest, is_silent_once_acknowledged) {
  EXPECT_TRUE(accepted.acknowledge(4));
  EXPECT_FALSE(accepted.acknowledge(4));
  EXPECT_EQ(accepted.deadline(), Deadline{});
  EXPECT_EQ(accepted.wake(start + 32s), Effect::nothing);
}

TEST_F(AcceptedInviteTest, is_not_acknowledged_by_the_ack_to_another_invite) {
  EXPECT_FALSE(accepted.acknowledge(3));
  EXPECT_EQ(accepted.state(), AcceptedInvite::State::waiting);
}

}  // namespace
}  // namespace convene::sip
