#include "client/file_intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "client/test_body_store.h"
#include "cpm/file_transfer_offer.h"

namespace convene::client {
namespace {

const std::string plan =
    "Trail plan: meet 08:30 at the north gate, bring water and a map.\n";  // flow F3
const std::string wrapper =
    "From: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\n\r\n"
    "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=\"plan.txt\"\r\n\r\n";

struct FileIntakeTest : testing::Test {
  FileIntake::Expected expected() const {
    return {.type = "text/plain", .size = plan.size(), .sha1 = digest_of(Digest::sha1, plan)};
  }

  TestBodyStore bodies;
};

TEST_F(FileIntakeTest, gives_a_raw_file_of_the_right_size_and_hash) {
  FileIntake intake{bodies, expected()};
  const auto body = bodies.with(plan);

  ASSERT_TRUE(intake.begin(body, "text/plain", plan.size()));
  ASSERT_TRUE(intake.grow(10));
  EXPECT_EQ(intake.octets(), 10);
  const auto file = intake.finish(plan.size());

  ASSERT_TRUE(file);
  EXPECT_EQ(*file, body);
}

// Conversation 14.3: the wrapper is taken off before hashing.
TEST_F(FileIntakeTest, takes_off_a_cpim_wrapper) {
  FileIntake intake{bodies, expected()};
  const auto whole = wrapper + plan;

  ASSERT_TRUE(intake.begin(bodies.with(whole), "message/cpim", whole.size()));
  ASSERT_TRUE(intake.grow(20));
  const auto file = intake.finish(whole.size());

  ASSERT_TRUE(file) << file.error().detail;
  EXPECT_EQ(bodies.octets(*file), plan);
  EXPECT_EQ(bodies.bodies(), 1);
}

TEST_F(FileIntakeTest, refuses_a_message_of_another_size_at_once) {
  FileIntake intake{bodies, expected()};
  EXPECT_EQ(intake.begin(bodies.with(plan), "text/plain", plan.size() + 1).error().fault,
            Fault::malformed);
}

TEST_F(FileIntakeTest, refuses_more_octets_than_were_offered) {
  FileIntake intake{bodies, expected()};
  const auto longer = plan + "and more";
  ASSERT_TRUE(intake.begin(bodies.with(longer), "text/plain", std::nullopt));
  EXPECT_FALSE(intake.grow(longer.size()));
}

TEST_F(FileIntakeTest, refuses_fewer_octets_than_were_offered) {
  FileIntake intake{bodies, expected()};
  const auto shorter = plan.substr(1);
  ASSERT_TRUE(intake.begin(bodies.with(shorter), "text/plain", std::nullopt));
  EXPECT_EQ(intake.finish(shorter.size()).error().fault, Fault::malformed);
}

TEST_F(FileIntakeTest, refuses_a_file_of_another_hash) {
  auto other = plan;
  other[0] = 't';
  {
    FileIntake intake{bodies, expected()};
    ASSERT_TRUE(intake.begin(bodies.with(other), "text/plain", other.size()));
    EXPECT_EQ(intake.finish(other.size()).error().detail, "another hash than was offered");
  }
  EXPECT_EQ(bodies.bodies(), 0);
}

TEST_F(FileIntakeTest, refuses_octets_of_another_type) {
  FileIntake intake{bodies, expected()};
  EXPECT_EQ(intake.begin(bodies.with(plan), "image/png", plan.size()).error().fault,
            Fault::unsupported);
}

// RFC 5547 8.7: one file is one message.
TEST_F(FileIntakeTest, refuses_a_second_message) {
  FileIntake intake{bodies, expected()};
  ASSERT_TRUE(intake.begin(bodies.with(plan), "text/plain", plan.size()));
  EXPECT_EQ(intake.begin(bodies.with(plan), "text/plain", plan.size()).error().fault,
            Fault::out_of_order);
  EXPECT_EQ(bodies.bodies(), 1);
}

TEST_F(FileIntakeTest, refuses_a_wrapper_without_end) {
  FileIntake intake{bodies, expected()};
  const std::string endless(plan.size() + 100, 'x');
  ASSERT_TRUE(intake.begin(bodies.with(endless), "message/cpim", endless.size()));
  EXPECT_FALSE(intake.finish(endless.size()));
}

}  // namespace
}  // namespace convene::client
