#include "io/erasure.h"

#include <gmock/gmock.h>

#include "io/outbox_repository.h"
#include "io/test_history.h"

namespace convene::io {
namespace {

class ErasureTest : public HistoryOnDisk {
 protected:
  // As another process does.
  void ask_for(const std::string& account) {
    auto other = Sqlite::open(database->path(), Sqlite::Access::read_write).value();
    EXPECT_TRUE(ask_for_erasure(other, account, "Default"));
  }
  bool is_done(const std::string& account) {
    auto reader = database->reader().value();
    return is_erasure_done(reader, account).value();
  }
  void begin() {
    erasures.emplace(ContentFiles::reading(files_directory), *database, history.get(), loop, log,
                     Duration{1});
    EXPECT_TRUE(erasures->start());
  }
  std::optional<Erasures> erasures;
};

TEST_F(ErasureTest, takes_everything_of_a_user_off_the_disk_and_nothing_of_others) {
  store_file("alice", "s", "alice's file");
  store_file("bob", "s", "bob's file");
  store_file("alice", "s", "a file of both");
  store_file("bob", "s", "a file of both");
  begin();
  ask_for("alice");
  // The rows are gone before the loop is told, which says so then.
  const auto is_said = [&] { return log.text().contains("a user is erased"); };
  EXPECT_TRUE(loop.run_until([&] { return is_done("alice") && files() == 2 && is_said(); }));
  EXPECT_EQ(count("store_folders WHERE account = 'alice'"), 0);
  EXPECT_FALSE(is_on_disk("alice's file"));
  EXPECT_TRUE(is_on_disk("bob's file"));
  EXPECT_TRUE(is_on_disk("a file of both"));
  EXPECT_THAT(log.text(), testing::HasSubstr("a user is erased"));
}

// Not only the rows: what they said is in no file any more.
TEST_F(ErasureTest, leaves_no_word_in_the_database) {
  const store::Write write{.account = "alice",
                           .folder = {{"Default", "c"}},
                           .objects = {{.pieces = {std::string(3'000, 'x') + "her words"}}}};
  EXPECT_TRUE(ask(write));
  EXPECT_TRUE(is_on_disk("her words"));
  begin();
  ask_for("alice");
  EXPECT_TRUE(loop.run_until([&] { return is_done("alice"); }));
  erasures.reset();
  history.reset();
  database.reset();  // which empties its log
  EXPECT_FALSE(is_on_disk("her words"));
}

// Whoever was killed in between: the next process finds it still asked for.
TEST_F(ErasureTest, is_done_by_the_next_process_if_this_one_is_killed) {
  store_file("alice", "s", "alice's file");
  ask_for("alice");
  EXPECT_FALSE(is_done("alice"));
  begin();
  EXPECT_TRUE(loop.run_until([&] { return is_done("alice") && files() == 0; }));
}

TEST_F(ErasureTest, takes_what_waits_in_the_outbox) {
  auto other = Sqlite::open(database->path(), Sqlite::Access::read_write).value();
  KeptWrite write{.account = "alice", .folder = "Default/c"};
  write.objects = {{.text = "waits"}};
  ASSERT_TRUE(add_to_outbox(other, write));
  ASSERT_TRUE(erase_account(other, "alice", "Default"));
  EXPECT_EQ(count("outbox") + count("outbox_objects"), 0);
}

TEST_F(ErasureTest, does_no_harm_for_whom_nothing_is_kept) {
  begin();
  ask_for("nobody");
  EXPECT_TRUE(loop.run_until([&] { return is_done("nobody"); }));
}

}  // namespace
}  // namespace convene::io
