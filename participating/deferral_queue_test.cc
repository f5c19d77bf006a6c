#include "participating/deferral_queue.h"

#include <gmock/gmock.h>

namespace convene::participating {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* bob = "sip:bob@example.com";
constexpr TimePoint start{1'000s};

class DeferralQueueTest : public testing::Test {
 protected:
  DeferralId add(const std::string& message_id, TimePoint expires = start + 1h,
                 const std::string& user = bob) {
    const auto id = queue.add(user, message_id, 100).value();
    queue.stored(id, expires);
    return id;
  }
  DeferralQueue queue{{.is_durable = true,
                       .max_messages_of_user = 3,
                       .max_octets_of_user = 1'000,
                       .max_messages = 5,
                       .retry = 10min}};
};

TEST_F(DeferralQueueTest, gives_out_one_after_the_other_once_the_user_is_there) {
  const auto first = add("m1");
  const auto second = add("m2");
  EXPECT_EQ(queue.take_next(bob), std::nullopt) << "nobody is there";
  queue.registered(bob);
  EXPECT_EQ(queue.take_next(bob), first);
  EXPECT_EQ(queue.take_next(bob), std::nullopt) << "one is under way";
  queue.drop(first);
  EXPECT_EQ(queue.take_next(bob), second);
  queue.drop(second);
  EXPECT_FALSE(queue.has(bob));
  EXPECT_EQ(queue.deadline(), std::nullopt);
}

TEST_F(DeferralQueueTest, holds_back_what_comes_after_one_that_is_not_stored_yet) {
  const auto first = queue.add(bob, "m1", 100).value();
  const auto second = add("m2");
  queue.registered(bob);
  EXPECT_EQ(queue.take_next(bob), std::nullopt);
  queue.drop(first);
  EXPECT_EQ(queue.take_next(bob), second);
}

TEST_F(DeferralQueueTest, waits_for_the_next_registration_or_a_while_after_a_failure) {
  const auto first = add("m1");
  queue.registered(bob);
  ASSERT_EQ(queue.take_next(bob), first);
  queue.unreachable(first, start);
  EXPECT_EQ(queue.take_next(bob), std::nullopt);
  EXPECT_THAT(queue.take_retries(start + 10min - 1ms), IsEmpty());
  EXPECT_EQ(queue.deadline(), start + 10min);
  EXPECT_THAT(queue.take_retries(start + 10min), ElementsAre(bob));
  EXPECT_EQ(queue.take_next(bob), first) << "the same one: the order is kept";
}

TEST_F(DeferralQueueTest, tries_again_at_once_who_registered_while_one_was_under_way) {
  const auto first = add("m1");
  queue.registered(bob);
  ASSERT_EQ(queue.take_next(bob), first);
  queue.registered(bob);
  queue.unreachable(first, start);
  EXPECT_EQ(queue.take_next(bob), first);
  queue.unreachable(first, start);
  EXPECT_EQ(queue.take_next(bob), std::nullopt) << "once";
}

TEST_F(DeferralQueueTest, knows_a_message_that_is_sent_again) {
  const auto first = add("m1");
  EXPECT_EQ(queue.find(bob, "m1"), first);
  EXPECT_EQ(queue.add(bob, "m1", 100).error().fault, Fault::out_of_order);
  EXPECT_EQ(queue.find("sip:carol@example.com", "m1"), std::nullopt);
}

TEST_F(DeferralQueueTest, takes_so_much_of_a_user_and_so_much_of_all) {
  EXPECT_EQ(queue.add(bob, "large", 1'001).error().fault, Fault::too_large);
  for (const auto* id : {"m1", "m2", "m3"}) add(id);
  EXPECT_EQ(queue.add(bob, "m4", 1).error().fault, Fault::too_large);
  for (const auto* id : {"m1", "m2"}) add(id, start + 1h, "sip:carol@example.com");
  EXPECT_EQ(queue.add("sip:dave@example.com", "m1", 1).error().fault, Fault::closed);
}

TEST_F(DeferralQueueTest, gives_up_what_has_waited_too_long_and_goes_on_with_the_rest) {
  const auto first = add("m1", start + 1min);
  const auto second = add("m2");
  EXPECT_EQ(queue.deadline(), start + 1min);
  EXPECT_THAT(queue.take_expired(start + 1min), ElementsAre(first));
  EXPECT_TRUE(queue.is_given_up(first));
  queue.registered(bob);
  EXPECT_EQ(queue.take_next(bob), second);

  queue.report_later(first, start + 1min);
  EXPECT_THAT(queue.take_expired(start + 11min), ElementsAre(first));
  queue.drop(first);
  EXPECT_EQ(queue.size(), 1);
}

TEST_F(DeferralQueueTest, does_not_give_up_what_is_just_under_way) {
  const auto first = add("m1", start + 1min);
  queue.registered(bob);
  ASSERT_EQ(queue.take_next(bob), first);
  EXPECT_THAT(queue.take_expired(start + 1min), IsEmpty());
  queue.unreachable(first, start + 1min);
  EXPECT_THAT(queue.take_expired(start + 11min), ElementsAre(first));
}

TEST_F(DeferralQueueTest, goes_on_after_a_restart_with_what_was_kept) {
  const WallTime wall{1'000'000s};
  queue.restore({{.id = {7}, .user = bob, .message_id = "m1", .expires = wall + 5s, .octets = 9},
                 {.id = {9}, .user = bob, .message_id = "m2", .expires = wall - 5s, .octets = 9}},
                wall, start);
  EXPECT_THAT(queue.take_expired(start), ElementsAre(DeferralId{9}));
  EXPECT_EQ(queue.deadline(), start + 5s);
  EXPECT_EQ(queue.add(bob, "m3", 1).value(), DeferralId{10}) << "no id is given twice";
}

}  // namespace
}  // namespace convene::participating
