#include "store/outbox.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace convene::store {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class OutboxTest : public testing::Test {
 protected:
  static Outbox::Kept write(std::int64_t id, const std::string& folder = "c",
                            const std::string& account = "alice") {
    return {.id = {id}, .account = account, .folder = {{"Default", folder}}, .octets = 100};
  }
  void keep(std::int64_t id, const std::string& folder = "c",
            const std::string& account = "alice") {
    outbox.kept(write(id, folder, account), now, effects);
  }
  void written(std::int64_t id) { outbox.answered({id}, {}, now, effects); }
  void failed(std::int64_t id, Fault fault = Fault::closed) {
    outbox.answered({id}, fail(fault, "down"), now, effects);
  }
  OutboxEffects take() { return std::exchange(effects, {}); }
  std::vector<std::int64_t> sent() {
    std::vector<std::int64_t> ids;
    for (const auto& effect : take())
      if (const auto* out = std::get_if<WriteOut>(&effect)) ids.push_back(out->id.value);
    return ids;
  }
  void wait(Duration duration) {
    now += duration;
    outbox.wake(now, effects);
  }

  static OutboxEffect first_time(std::int64_t id) { return WriteOut{.id = {id}}; }
  static OutboxEffect again(std::int64_t id) { return WriteOut{.id = {id}, .may_be_there = true}; }
  static OutboxEffect postponed(std::int64_t id) { return Postponed{{id}}; }
  static OutboxEffect forget(std::int64_t id) { return Forget{{id}}; }

  OutboxSettings settings{.max_waiting = 5, .max_octets = 1'000, .max_in_flight = 3};
  KeptLog log;
  Outbox outbox{settings, log};
  OutboxEffects effects;
  TimePoint now{std::chrono::seconds{1'000}};
};

TEST_F(OutboxTest, writes_what_was_kept_and_forgets_it_once_it_is_written) {
  keep(1);
  keep(2);
  EXPECT_THAT(take(), ElementsAre(first_time(1), first_time(2)));
  written(1);
  written(2);
  EXPECT_THAT(take(), ElementsAre(forget(1), forget(2)));
  EXPECT_EQ(outbox.waiting(), 0);
  EXPECT_EQ(outbox.deadline(), std::nullopt);
}

TEST_F(OutboxTest, has_so_many_under_way_and_no_more) {
  for (std::int64_t id = 1; id <= 5; ++id) keep(id);
  EXPECT_THAT(sent(), ElementsAre(1, 2, 3));
  written(2);
  EXPECT_THAT(sent(), ElementsAre(4));
}

TEST_F(OutboxTest, gives_every_folder_its_turn) {
  for (std::int64_t id = 1; id <= 4; ++id) keep(id, "busy");
  keep(5, "other");
  take();
  written(1);
  EXPECT_THAT(sent(), ElementsAre(5));
}

TEST_F(OutboxTest, leaves_a_store_alone_that_is_down_and_then_asks_for_one_write) {
  keep(1);
  keep(2, "d");
  take();
  failed(1);
  failed(2);
  EXPECT_THAT(take(), ElementsAre(postponed(1), postponed(2)));
  keep(3, "e");
  EXPECT_THAT(take(), ElementsAre(postponed(3)));

  wait(999ms);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(outbox.deadline(), now + 1ms);
  wait(1ms);
  EXPECT_THAT(sent(), SizeIs(1));
  failed(1);
  EXPECT_EQ(outbox.deadline(), now + 2s) << "each pause is twice the last";
}

TEST_F(OutboxTest, goes_on_with_all_that_waits_once_the_store_is_back) {
  keep(1);
  keep(2);
  take();
  failed(1);
  failed(2);
  keep(3);
  keep(4, "d");
  take();
  wait(1s);
  EXPECT_THAT(take(), ElementsAre(first_time(4))) << "the other folder's turn";
  written(4);
  EXPECT_THAT(take(), ElementsAre(forget(4), again(1)));
  written(1);
  EXPECT_THAT(take(), ElementsAre(forget(1), again(2), first_time(3)));
}

TEST_F(OutboxTest, keeps_the_order_of_a_folder_when_only_the_first_failed) {
  keep(1);
  keep(2);
  take();
  failed(1);
  keep(3);
  take();
  written(2);  // that was under way
  EXPECT_THAT(take(), ElementsAre(forget(2), again(1), first_time(3)));
}

TEST_F(OutboxTest, does_not_hold_up_others_for_a_folder_that_is_refused) {
  keep(1);
  take();
  failed(1, Fault::unsupported);
  EXPECT_THAT(take(), ElementsAre(postponed(1)));
  keep(2);
  keep(3, "d");
  EXPECT_THAT(take(), ElementsAre(postponed(2), first_time(3)));

  wait(60s);
  EXPECT_THAT(take(), ElementsAre(again(1)));
  failed(1, Fault::unsupported);
  EXPECT_EQ(outbox.deadline(), now + 120s);
  EXPECT_EQ(std::ranges::count(log.text(), '\n'), 1) << "said once: " << log.text();
}

TEST_F(OutboxTest, asks_first_for_one_of_those_that_an_earlier_process_left) {
  auto first = write(1);
  auto second = write(2, "d");
  first.was_tried = second.was_tried = true;
  outbox.restored({first, second}, now, effects);
  EXPECT_THAT(take(), ElementsAre(again(1)));
  written(1);
  EXPECT_THAT(take(), ElementsAre(forget(1), again(2)));
}

TEST_F(OutboxTest, has_room_for_so_many_writes_and_so_many_octets) {
  EXPECT_TRUE(outbox.has_room(1'000));
  EXPECT_FALSE(outbox.has_room(1'001));
  keep(1);
  EXPECT_FALSE(outbox.has_room(901));
  for (std::int64_t id = 2; id <= 5; ++id) keep(id);
  EXPECT_FALSE(outbox.has_room(0));
  written(1);
  EXPECT_TRUE(outbox.has_room(0));
}

TEST_F(OutboxTest, erases_after_what_is_under_way_and_writes_nothing_until_then) {
  for (std::int64_t id = 1; id <= 3; ++id) keep(id, "c", "alice");
  keep(4, "c", "alice");
  take();
  outbox.erase("alice", effects);
  EXPECT_THAT(take(), ElementsAre(forget(4)));
  keep(5, "new", "alice");
  written(1);
  failed(2);
  written(3);
  EXPECT_THAT(take(), ElementsAre(postponed(5), forget(1), forget(2), forget(3),
                                  OutboxEffect{EraseNow{"alice"}}));
  wait(10s);
  EXPECT_THAT(take(), IsEmpty());
  outbox.erased("alice", now, effects);
  EXPECT_THAT(take(), ElementsAre(first_time(5)));
}

}  // namespace
}  // namespace convene::store
