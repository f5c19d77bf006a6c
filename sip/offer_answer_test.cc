#include "sip/offer_answer.h"

#include <gtest/gtest.h>

namespace convene::sip {
namespace {

using State = OfferAnswer::State;

struct OfferAnswerTest : testing::Test {
  OfferAnswer machine;
};

// RFC 3264 4: one offer at a time, whoever makes it.
TEST_F(OfferAnswerTest, takes_no_second_offer_before_the_answer) {
  EXPECT_TRUE(machine.send_offer());
  EXPECT_FALSE(machine.send_offer());
  EXPECT_FALSE(machine.receive_offer());
  EXPECT_EQ(machine.state(), State::offer_sent);

  machine.end_ours();
  EXPECT_TRUE(machine.receive_offer());
  EXPECT_FALSE(machine.send_offer());
  machine.end_theirs();
  EXPECT_EQ(machine.state(), State::stable);
}

TEST_F(OfferAnswerTest, is_not_ended_by_the_other_side) {
  machine.send_offer();
  machine.end_theirs();
  EXPECT_EQ(machine.state(), State::offer_sent);
}

}  // namespace
}  // namespace convene::sip
