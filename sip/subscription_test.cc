#include "sip/subscription.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::sip {
namespace {

using namespace std::chrono_literals;
using Effect = Subscriber::Effect;

constexpr TimePoint start{};

SubscriptionState active(std::optional<std::chrono::seconds> expires = {}) {
  return {.state = "active", .expires = expires, .reason = {}, .retry_after = {}};
}
SubscriptionState terminated(std::string reason) {
  return {.state = "terminated", .expires = {}, .reason = std::move(reason), .retry_after = {}};
}

struct SubscriberTest : testing::Test {
  Subscriber subscriber{Timers{}, start};
};

// RFC 6665 4.1.2.4: timer N.
TEST_F(SubscriberTest, gives_up_when_no_notify_comes_for_64_times_T1) {
  subscriber.accept(3600s, start);
  EXPECT_EQ(subscriber.deadline(), start + 32s);
  EXPECT_EQ(subscriber.wake(start + 32s), Effect::ended);
  EXPECT_TRUE(subscriber.is_terminated());
}

// RFC 6665 4.1.2.2
TEST_F(SubscriberTest, refreshes_while_there_is_time_for_an_answer) {
  subscriber.accept(3600s, start);
  subscriber.notify(active(), start);
  EXPECT_EQ(subscriber.deadline(), start + 3568s);
  EXPECT_EQ(subscriber.wake(start + 3568s), Effect::refresh);

  subscriber.accept(3600s, start + 3569s);
  EXPECT_EQ(subscriber.deadline(), start + 3569s + 3568s);
}

TEST_F(SubscriberTest, refreshes_a_brief_subscription_at_half_time) {
  subscriber.accept(40s, start);
  subscriber.notify(active(), start);
  EXPECT_EQ(subscriber.deadline(), start + 20s);
}

TEST_F(SubscriberTest, ends_when_the_refresh_is_never_answered) {
  subscriber.accept(3600s, start);
  subscriber.notify(active(), start);
  EXPECT_EQ(subscriber.wake(start + 3568s), Effect::refresh);
  EXPECT_EQ(subscriber.wake(start + 3600s), Effect::ended);
}

// RFC 6665 4.1.3: the expiry of a NOTIFY may shorten the subscription, not lengthen it.
TEST_F(SubscriberTest, obeys_a_notify_that_shortens) {
  subscriber.accept(3600s, start);
  subscriber.notify(active(600s), start);
  EXPECT_EQ(subscriber.deadline(), start + 568s);
  subscriber.notify(active(5000s), start);
  EXPECT_EQ(subscriber.deadline(), start + 568s);
}

TEST_F(SubscriberTest, runs_from_a_notify_that_overtakes_the_answer) {
  subscriber.notify(active(600s), start);
  EXPECT_EQ(subscriber.state(), Subscriber::State::active);
  EXPECT_EQ(subscriber.deadline(), start + 568s);
}

TEST_F(SubscriberTest, is_pending_until_it_is_authorised) {
  subscriber.notify({.state = "pending", .expires = 60s, .reason = {}, .retry_after = {}}, start);
  EXPECT_EQ(subscriber.state(), Subscriber::State::pending);
  subscriber.notify(active(60s), start);
  EXPECT_EQ(subscriber.state(), Subscriber::State::active);
}

TEST_F(SubscriberTest, ends_with_a_notify_that_says_so) {
  subscriber.accept(3600s, start);
  subscriber.notify(terminated("noresource"), start);
  EXPECT_TRUE(subscriber.is_terminated());
  EXPECT_EQ(subscriber.deadline(), Deadline{});
}

// RFC 6665 4.1.2.2: only 481 ends a subscription whose refresh failed.
TEST_F(SubscriberTest, survives_a_refused_refresh_unless_it_was_forgotten) {
  subscriber.accept(3600s, start);
  subscriber.notify(active(), start);
  subscriber.refuse(503);
  EXPECT_FALSE(subscriber.is_terminated());
  subscriber.refuse(481);
  EXPECT_TRUE(subscriber.is_terminated());
}

TEST_F(SubscriberTest, ends_when_the_first_subscribe_is_refused) {
  subscriber.refuse(403);
  EXPECT_TRUE(subscriber.is_terminated());
}

// RFC 6665 4.1.3
TEST(Resubscription, depends_on_the_reason) {
  EXPECT_FALSE(resubscription(terminated("rejected")).is_welcome);
  EXPECT_FALSE(resubscription(terminated("noresource")).is_welcome);
  EXPECT_TRUE(resubscription(terminated("deactivated")).is_welcome);
  auto probation = terminated("probation");
  probation.retry_after = 30s;
  EXPECT_EQ(resubscription(probation), (Resubscription{.is_welcome = true, .after = 30s}));
}

// RFC 6665 4.2.1.1
TEST(GrantedExpiry, is_never_more_than_was_asked_for) {
  const SubscriptionLimits limits;
  EXPECT_EQ(granted_expiry(600s, limits), 600s);
  EXPECT_EQ(granted_expiry(std::nullopt, limits), 3600s);
  EXPECT_EQ(granted_expiry(1'000'000s, limits), 86400s);
  EXPECT_EQ(granted_expiry(5s, limits), std::nullopt);
  EXPECT_EQ(granted_expiry(0s, limits), 0s);
}

// RFC 6665 4.2.2
TEST(NotifierTest, counts_down) {
  Notifier notifier{Notifier::State::active, 600s, start};
  EXPECT_EQ(notifier.subscription_state(start + 200s), active(400s));
  notifier.refresh(600s, start + 200s);
  EXPECT_EQ(notifier.deadline(), start + 800s);

  EXPECT_FALSE(notifier.wake(start + 799s));
  EXPECT_TRUE(notifier.wake(start + 800s));
  EXPECT_FALSE(notifier.wake(start + 801s));
  EXPECT_EQ(notifier.subscription_state(start + 800s), terminated("timeout"));
}

TEST(NotifierTest, sends_one_last_notify_to_a_fetch) {
  const Notifier notifier{Notifier::State::active, 0s, start};
  EXPECT_TRUE(notifier.is_terminated());
  EXPECT_EQ(notifier.subscription_state(start), terminated("timeout"));
}

TEST(NotifierTest, says_why_it_ends) {
  Notifier notifier{Notifier::State::pending, 600s, start};
  notifier.authorise();
  EXPECT_EQ(notifier.state(), Notifier::State::active);
  notifier.end("noresource");
  EXPECT_EQ(notifier.subscription_state(start), terminated("noresource"));
  EXPECT_EQ(notifier.deadline(), Deadline{});
}

}  // namespace
}  // namespace convene::sip
