#include "client/delivery_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::client {
namespace {

using ::testing::ElementsAre;

const std::string bob = "sip:bob@example.com";
const std::string carol = "sip:carol@example.com";

imdn::Notification says(imdn::Disposition disposition, imdn::Status status) {
  imdn::Notification report;
  report.disposition = disposition;
  report.status = status;
  return report;
}
const auto delivered = says(imdn::Disposition::delivery, imdn::Status::delivered);
const auto failed = says(imdn::Disposition::delivery, imdn::Status::failed);
const auto displayed = says(imdn::Disposition::display, imdn::Status::displayed);

// R4.1h, RFC 5438
TEST(DeliveryStates, know_for_each_recipient_what_was_reported) {
  DeliveryStates states;
  states.remember(
      {.id = "m1", .group = GroupId{1}, .recipients = {{.recipient = bob}, {.recipient = carol}}},
      10);

  EXPECT_TRUE(states.take("m1", bob, delivered));
  EXPECT_TRUE(states.take("m1", bob, displayed));

  EXPECT_THAT(states.find("m1")->recipients,
              ElementsAre(Delivery{.recipient = bob,
                                   .delivery = imdn::Status::delivered,
                                   .display = imdn::Status::displayed},
                          Delivery{.recipient = carol}));
}

TEST(DeliveryStates, take_in_who_was_not_known_to_be_there) {
  DeliveryStates states;
  states.remember({.id = "m1", .group = GroupId{1}, .recipients = {}}, 10);

  EXPECT_TRUE(states.take("m1", bob, delivered));

  EXPECT_EQ(states.find("m1")->recipients.size(), 1U);
}

TEST(DeliveryStates, hear_the_same_once) {
  DeliveryStates states;
  states.remember({.id = "m1", .group = GroupId{1}, .recipients = {}}, 10);

  EXPECT_TRUE(states.take("m1", bob, failed));
  EXPECT_FALSE(states.take("m1", bob, failed));
  EXPECT_TRUE(states.take("m1", bob, delivered)) << "later it came through";
  EXPECT_FALSE(states.take("m1", bob, failed));
  EXPECT_FALSE(states.take("m1", bob, delivered));
}

TEST(DeliveryStates, know_nothing_of_other_messages) {
  DeliveryStates states;
  states.remember({.id = "m1", .group = GroupId{1}, .recipients = {}}, 1);
  states.remember({.id = "m2", .group = GroupId{1}, .recipients = {}}, 1);

  EXPECT_FALSE(states.take("m1", bob, delivered)) << "forgotten";
  EXPECT_EQ(states.find("m1"), nullptr);
}

// Reliability: once per imdn.Message-ID
TEST(SeenMessages, are_new_once) {
  SeenMessages seen;

  EXPECT_TRUE(seen.is_new(bob, "m1", 2));
  EXPECT_FALSE(seen.is_new(bob, "m1", 2));
  EXPECT_TRUE(seen.is_new(carol, "m1", 2)) << "another's id is another message";
  EXPECT_TRUE(seen.is_new(carol, "m2", 2));
  EXPECT_TRUE(seen.is_new(bob, "m1", 2)) << "forgotten";
}

}  // namespace
}  // namespace convene::client
