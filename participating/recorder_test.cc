#include "participating/recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_side.h"

namespace convene::participating {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct RecorderTest : testing::Test {
  static store::Write write() { return {.account = "alice", .folder = {{"Default", "c"}}}; }
  void wake(Duration time) {
    now += time;
    recorder.wake(now, asks);
  }
  static store::Answer down() { return fail(Fault::closed, "the store is down"); }

  SeededRandom random{1};
  KeptLog log;
  Calendar calendar{TimePoint{}, {}};
  TimePoint now{};
  HistoryPolicy policy{.max_waiting = 2};
  msrp::MemoryBodies bodies;
  Recorder recorder{policy, Surroundings{random, log, calendar}, bodies};
  std::vector<store::Ask> asks;
};

TEST_F(RecorderTest, asks_again_for_what_was_not_kept_after_a_pause_that_grows) {
  recorder.write(write(), asks);
  recorder.answered(asks.at(0).id, down(), now);
  EXPECT_EQ(recorder.deadline(), now + 5s);
  wake(5s);
  ASSERT_THAT(asks, SizeIs(2));
  EXPECT_NE(asks[1].id, asks[0].id);
  EXPECT_TRUE(std::get<store::Write>(asks[1].request).may_be_there);
  EXPECT_THAT(log.text(), HasSubstr("not kept"));

  recorder.answered(asks[1].id, down(), now);
  EXPECT_EQ(recorder.deadline(), now + 10s);
}

// requests.h: from then on it reaches the store without us.
TEST_F(RecorderTest, leaves_what_is_kept_to_the_store) {
  recorder.write(write(), asks);
  recorder.kept(asks.at(0).id);
  recorder.answered(asks[0].id, down(), now);
  EXPECT_EQ(recorder.waiting(), 0U);
  wake(1h);
  EXPECT_THAT(asks, SizeIs(1));
}

TEST_F(RecorderTest, says_when_it_loses_what_is_too_much) {
  EXPECT_TRUE(recorder.write(write(), asks));
  EXPECT_TRUE(recorder.write(write(), asks));
  EXPECT_FALSE(recorder.write(write(), asks));
  EXPECT_THAT(log.text(), HasSubstr("history is lost"));
}

TEST_F(RecorderTest, is_done_with_what_was_answered) {
  const auto id = recorder.write(write(), asks);
  EXPECT_TRUE(recorder.waits_for(*id));
  recorder.answered(*id, store::Written{}, now);
  EXPECT_FALSE(recorder.waits_for(*id));
  EXPECT_EQ(recorder.deadline(), std::nullopt);
}

}  // namespace
}  // namespace convene::participating
