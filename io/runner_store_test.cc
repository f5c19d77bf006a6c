#include <gmock/gmock.h>

#include "io/message_store.h"
#include "io/test_node.h"

namespace convene::io {
namespace {

using testing::ElementsAre;

// Answers when it is told to, as a store that is far away.
struct SlowStore final : MessageStore {
  void ask(store::Request, Told told) override { asked.push_back(std::move(told)); }
  std::vector<Told> asked;
};

class RunnerStore : public testing::Test {
 protected:
  void ask(std::uint64_t id, store::Request request) {
    running.perform(store::Ask{.id = {id}, .request = std::move(request)});
  }

  Loop loop;
  SlowStore history;
  RunningNode running{loop};
};

TEST_F(RunnerStore, carries_what_a_node_asks_to_its_message_store_and_the_answer_back) {
  running.runner.keep_history_in(&history);
  ask(7, store::Write{.account = "alice"});
  ask(8, store::ListFolders{.account = "alice"});
  history.asked.at(1)(store::Folders{});
  history.asked.at(0)(store::Written{.uid_validity = 5});
  EXPECT_THAT(running.node.heard, ElementsAre("answered 8", "kept 7", "answered 7"));
  EXPECT_EQ(std::get<store::Written>(*running.node.answers.at(1)).uid_validity, 5);
}

TEST_F(RunnerStore, keeps_nothing_that_the_store_refuses) {
  running.runner.keep_history_in(&history);
  ask(7, store::Write{.account = "alice"});
  history.asked.at(0)(fail(Fault::closed, "down"));
  EXPECT_THAT(running.node.heard, ElementsAre("failed 7"));
}

TEST_F(RunnerStore, refuses_everything_without_a_store) {
  ask(7, store::Write{.account = "alice"});
  EXPECT_TRUE(loop.run_until([&] { return !running.node.answers.empty(); }));
  EXPECT_THAT(running.node.heard, ElementsAre("failed 7"));
}

}  // namespace
}  // namespace convene::io
