#include "sim/history.h"

#include <gmock/gmock.h>

#include "sim/test_node.h"
#include "store/message_object.h"
#include "store/test_objects.h"

namespace convene::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class HistoryTest : public testing::Test {
 protected:
  HistoryTest() { world.add("pf", "10.0.0.1", make_test_node); }

  static store::Write write(std::string id, bool may_be_there = false) {
    auto headers = store::alices_headers();
    headers.imdn_message_id = std::move(id);
    auto session =
        store::make_session_info_object(store::session_headers(), store::trail_session());
    auto message = store::make_message_object(headers, "Content-Type: text/plain\r\n\r\nHello");
    return {.account = "alice",
            .folder = store::session_folder({}, headers.ids, ""),
            .session_info = std::move(session),
            .objects = {std::move(message)},
            .may_be_there = may_be_there};
  }
  void ask(std::uint64_t id, store::Request request) {
    world.perform("pf", [&](node::Node&, TimePoint, node::Effects& out) {
      out.push_back(store::Ask{.id = {id}, .request = std::move(request)});
    });
  }
  TestNode& pf() { return world.get<TestNode>("pf"); }
  History& history() { return world.history("pf"); }

  World world;
};

// R5.1b2, R5.1c
TEST_F(HistoryTest, tells_that_a_write_is_kept_and_then_its_uids) {
  history().delay = 2s;
  ask(1, write("m1"));
  world.run_for(1s);
  EXPECT_THAT(pf().heard, ElementsAre("kept 1"));

  world.run_for(1s + 1ms);
  EXPECT_THAT(pf().heard, ElementsAre("kept 1", "answered 1"));
  const auto written = std::get<store::Written>(*pf().answers.at(0));
  EXPECT_EQ(written.session_info, 1);
  EXPECT_THAT(written.objects, ElementsAre(2));
}

TEST_F(HistoryTest, writes_what_it_kept_once_the_store_is_back) {
  history().fault = History::Fault::refuses;
  ask(1, write("m1"));
  world.run_for(1s);
  EXPECT_THAT(pf().heard, ElementsAre("kept 1", "failed 1"));
  EXPECT_EQ(history().waiting(), 1);

  history().fault = History::Fault::none;
  ask(2, write("m1", true));
  world.run_for(1s);
  EXPECT_EQ(std::get<store::Written>(*pf().answers.at(1)).objects.at(0), 2) << "not there twice";
  EXPECT_EQ(history().waiting(), 0);
}

TEST_F(HistoryTest, has_what_was_kept_when_the_machine_comes_back) {
  history().delay = 1s;
  ask(1, write("m1"));
  world.run_for(10ms);
  world.restart("pf");
  world.run_for(2s);
  EXPECT_THAT(pf().heard, IsEmpty()) << "an answer to another process";
  EXPECT_THAT(history().accounts.at("alice"), SizeIs(1));
}

TEST_F(HistoryTest, says_nothing_while_it_hangs_and_keeps_nothing_on_a_full_disk) {
  history().fault = History::Fault::hangs;
  ask(1, write("m1"));
  ask(2, store::ListFolders{.account = "alice"});
  world.run_for(60s);
  EXPECT_THAT(pf().heard, ElementsAre("kept 1"));

  world.disk("pf").fault = Disk::Fault::refuses;
  ask(3, write("m2"));
  world.run_for(1s);
  EXPECT_THAT(pf().heard, ElementsAre("kept 1", "failed 3"));
}

TEST_F(HistoryTest, is_no_store_at_all_when_it_is_disowned) {
  history().fault = History::Fault::disowned;
  ask(1, write("m1"));
  world.run_for(1s);
  EXPECT_THAT(pf().heard, ElementsAre("failed 1"));
}

TEST_F(HistoryTest, reads_back_what_was_written_with_its_files) {
  const auto body = world.bodies("pf").adopt(store::plan);
  auto what = write("m1");
  what.objects = {
      store::make_file_transfer_history_object(
          store::transfer_headers(),
          store::trail_transfer(store::FileContent{.body = body, .octets = store::plan.size()}),
          "cpm")
          .value()};
  ask(1, what);
  world.run_for(1s);
  world.bodies("pf").drop(body);
  ask(2, store::Read{.account = "alice", .folder = what.folder, .uid = 2});
  ask(3, store::Search{.account = "alice",
                       .folder = what.folder,
                       .header = "imdn-message-id",
                       .value = "f-9QmZt41kLw"});
  world.run_for(1s);
  EXPECT_THAT(std::get<store::Octets>(*pf().answers.at(1)).octets,
              testing::HasSubstr("VHJhaWwgcGxhbjog"));
  EXPECT_THAT(std::get<store::Uids>(*pf().answers.at(2)), ElementsAre(2));
}

}  // namespace
}  // namespace convene::sim
