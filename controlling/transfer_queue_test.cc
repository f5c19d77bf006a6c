#include "controlling/transfer_queue.h"

#include <gtest/gtest.h>

namespace convene::controlling {
namespace {

constexpr WaitingLeg first{.transfer = {1}, .leg = {1}};
constexpr WaitingLeg second{.transfer = {2}, .leg = {2}};

// CPM 9.3.1 (5), R3.8
TEST(TransferQueue, lets_the_next_begin_when_one_has_ended) {
  TransferQueue queue;
  queue.begin("bob");
  queue.wait("bob", first);
  queue.wait("bob", second);
  EXPECT_EQ(queue.next(1), std::nullopt);

  queue.end("bob");

  EXPECT_EQ(queue.next(1), first);
  EXPECT_EQ(queue.next(1), std::nullopt);
  EXPECT_EQ(queue.running("bob"), 1U);
  EXPECT_EQ(queue.queued("bob"), 1U);
}

TEST(TransferQueue, forgets_who_has_given_up) {
  TransferQueue queue;
  queue.begin("bob");
  queue.wait("bob", first);
  queue.withdraw("bob", first);
  queue.end("bob");
  EXPECT_EQ(queue.next(1), std::nullopt);
  EXPECT_EQ(queue.running("bob"), 0U);
}

TEST(TransferQueue, counts_everybody_apart) {
  TransferQueue queue;
  queue.begin("bob");
  EXPECT_EQ(queue.running("carol"), 0U);
  EXPECT_EQ(queue.queued("carol"), 0U);
}

}  // namespace
}  // namespace convene::controlling
