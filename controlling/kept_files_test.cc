#include "controlling/kept_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_side.h"

// G-29: what of broken files the focus keeps, and how long.
namespace convene::controlling {
namespace {

using namespace std::chrono_literals;

struct KeptFilesTest : testing::Test {
  static std::string hash(char of) { return std::string(20, of); }
  static sdp::FileSelector selector(char of, std::uint64_t size = 100) {
    return {.size = size, .hashes = {{.algorithm = "sha-1", .octets = hash(of)}}};
  }
  void keep(char of, std::uint64_t octets = 10) {
    FileTransferPlan plan{.group = {7},
                          .focus = {},
                          .transaction = {},
                          .request = sip::Message::response(200),
                          .invitation = {},
                          .sender = {.address = "sip:alice@example.com"},
                          .offer = {},
                          .targets = {}};
    KeptFile file{
        .plan = std::move(plan), .sha1 = hash(of), .size = 100, .rest = {}, .refused = {}};
    file.rest.body = bodies.create({}).value();
    file.rest.octets = octets;
    file.rest.held = {{"sip:bob@example.com", 4}};
    kept.keep(std::move(file), now, policy, bodies);
  }
  bool has(char of) const {
    return kept.of_sender({7}, {}, "sip:alice@example.com", selector(of)) != nullptr;
  }

  FileTransferPolicy policy;
  msrp::MemoryBodies bodies;
  KeptFiles kept;
  TimePoint now = msrp::test_start;
};

TEST_F(KeptFilesTest, are_known_by_group_sender_size_and_hash) {
  keep('a');
  EXPECT_TRUE(has('a'));
  EXPECT_FALSE(has('b'));
  EXPECT_FALSE(kept.of_sender({8}, {}, "sip:alice@example.com", selector('a')));
  EXPECT_FALSE(kept.of_sender({7}, {}, "sip:carol@example.com", selector('a')));
  EXPECT_FALSE(kept.of_sender({7}, {}, "sip:alice@example.com", selector('a', 99)));
}

TEST_F(KeptFilesTest, are_given_to_those_who_had_accepted) {
  keep('a');
  EXPECT_TRUE(kept.of_receiver({7}, "sip:bob@example.com", selector('a')));
  EXPECT_FALSE(kept.of_receiver({7}, "sip:dave@example.com", selector('a')));
}

TEST_F(KeptFilesTest, are_forgotten_after_their_time) {
  keep('a');
  EXPECT_EQ(kept.deadline(), now + policy.keep_files);
  kept.forget(now + policy.keep_files, bodies);
  EXPECT_FALSE(has('a'));
  EXPECT_EQ(bodies.bodies(), 0U);
}

TEST_F(KeptFilesTest, are_few) {
  policy.max_kept_files = 2;
  for (const char one : {'a', 'b', 'c'}) keep(one);
  EXPECT_FALSE(has('a'));
  EXPECT_TRUE(has('b') && has('c'));
  EXPECT_EQ(bodies.bodies(), 2U);
}

TEST_F(KeptFilesTest, are_small) {
  policy.max_kept_octets = 50;
  keep('a', 30);
  keep('b', 30);
  EXPECT_FALSE(has('a'));
  EXPECT_TRUE(has('b'));
  keep('c', 51);
  EXPECT_EQ(bodies.bodies(), 0U);
}

TEST_F(KeptFilesTest, are_somebody_else_s_once_they_are_taken) {
  keep('a');
  const auto* found = kept.of_sender({7}, {}, "sip:alice@example.com", selector('a'));
  EXPECT_EQ(kept.take(found).rest.octets, 10U);
  EXPECT_EQ(kept.size(), 0U);
  EXPECT_EQ(bodies.bodies(), 1U);
}

}  // namespace
}  // namespace convene::controlling
