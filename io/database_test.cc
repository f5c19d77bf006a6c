#include "io/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "io/test_directory.h"
#include "io/test_disk.h"

namespace convene::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// What the schema of every version has: a table with one text as key.
Result<> keep(Sqlite& database, const std::string& focus) {
  return database.run(
      "INSERT INTO groups (focus, conversation, contribution, is_closed, subject, document, "
      "pseudonyms, is_dissolved, created_at) VALUES (?, '', '', 0, '', '', 0, 0, 0)",
      focus);
}

struct DatabaseTest : testing::Test {
  DatabaseTest() { open(); }

  void open() {
    auto opened = Database::open({.directory = directory / "state"}, loop, log);
    ASSERT_TRUE(opened) << opened.error().detail;
    database = *std::move(opened);
  }

  void write(const std::string& focus) {
    ++asked;
    database->write([focus](Sqlite& sqlite) { return keep(sqlite, focus); },
                    [this, focus](const Result<>& done) {
                      ++told;
                      outcomes.push_back(focus + (done ? " is kept" : " is not"));
                    });
  }
  void wait() {
    ASSERT_TRUE(loop.run_until([this] { return told == asked; }));
  }
  std::vector<std::string> kept() {
    std::vector<std::string> found;
    auto reader = database->reader();
    EXPECT_TRUE(reader && reader->each("SELECT focus FROM groups ORDER BY focus",
                                       [&](const Row& row) { found.push_back(row.text(0)); }));
    return found;
  }

  TestDirectory directory;
  TestDisk disk;
  Loop loop;
  KeptLog log;
  std::unique_ptr<Database> database;
  int asked = 0, told = 0;
  std::vector<std::string> outcomes;
};

TEST_F(DatabaseTest, tells_what_was_kept_in_order_and_only_later) {
  write("a");
  write("b");
  EXPECT_THAT(outcomes, ElementsAre());

  wait();
  EXPECT_THAT(outcomes, ElementsAre("a is kept", "b is kept"));
  EXPECT_THAT(kept(), ElementsAre("a", "b"));
}

TEST_F(DatabaseTest, commits_what_was_given_before_it_ends) {
  for (const char* focus : {"a", "b", "c"}) write(focus);
  database.reset();

  open();
  EXPECT_THAT(kept(), ElementsAre("a", "b", "c"));
}

TEST_F(DatabaseTest, does_not_take_a_work_that_finds_nothing_for_a_failing_disk) {
  ++asked;
  database->write([](Sqlite&) -> Result<> { return fail(Fault::not_found, "no such row"); },
                  [this](const Result<>& done) {
                    ++told;
                    outcomes.push_back(done ? "found" : done.error().detail);
                  });
  write("a");
  wait();
  EXPECT_THAT(outcomes, ElementsAre("no such row", "a is kept"));
  EXPECT_THAT(log.text(), testing::Not(HasSubstr("cannot be written")));
}

TEST_F(DatabaseTest, puts_many_works_into_few_commits) {
  write("a");
  wait();
  const auto calls = disk.calls();
  write("b");
  wait();
  const auto of_one = disk.calls() - calls;

  for (int i = 0; i < 500; ++i) write("many " + std::to_string(i));
  wait();
  EXPECT_LT(disk.calls() - calls, 250 * of_one);
}

TEST_F(DatabaseTest, undoes_a_work_that_fails_and_keeps_the_others) {
  write("a");
  write("a");  // the key is taken
  write("b");
  wait();
  EXPECT_THAT(outcomes, ElementsAre("a is kept", "a is not", "b is kept"));
  EXPECT_THAT(kept(), ElementsAre("a", "b"));
}

TEST_F(DatabaseTest, refuses_while_the_disk_is_full_and_recovers_by_itself) {
  disk.fail(TestDisk::Fault::full);
  write("a");
  wait();
  write("b");
  wait();
  disk.fail(TestDisk::Fault::nothing);
  write("c");
  wait();
  EXPECT_THAT(outcomes, ElementsAre("a is not", "b is not", "c is kept"));
  EXPECT_THAT(kept(), ElementsAre("c"));
  EXPECT_THAT(log.text(), HasSubstr("error  database  cannot be written"));
  EXPECT_THAT(log.text(), HasSubstr("info  database  can be written again"));
}

TEST_F(DatabaseTest, refuses_while_the_disk_is_read_only_and_recovers_by_itself) {
  disk.fail(TestDisk::Fault::read_only);
  write("a");
  wait();
  disk.fail(TestDisk::Fault::nothing);
  write("b");
  wait();
  EXPECT_THAT(outcomes, ElementsAre("a is not", "b is kept"));
}

// Whatever call fails, once: what was acknowledged is there, and what comes later is kept.
TEST_F(DatabaseTest, loses_nothing_that_was_acknowledged_whichever_call_fails) {
  for (const auto fault :
       {TestDisk::Fault::full, TestDisk::Fault::read_only, TestDisk::Fault::sync}) {
    for (std::size_t n = 1; n <= 12; ++n) {
      outcomes.clear();
      const auto round = std::to_string(static_cast<int>(fault)) + "." + std::to_string(n) + ".";
      disk.fail_once(fault, n);
      for (const char* focus : {"a", "b", "c"}) {
        write(round + focus);
        wait();
      }
      database.reset();
      open();
      const auto there = kept();
      for (const char* focus : {"a", "b", "c"}) {
        const bool was_told = std::ranges::count(outcomes, round + focus + " is kept") == 1;
        if (!was_told) continue;
        EXPECT_THAT(there, testing::Contains(round + focus)) << n;
      }
      write(round + "later");
      wait();
      EXPECT_EQ(outcomes.back(), round + "later is kept");
    }
  }
}

TEST_F(DatabaseTest, is_for_one_process_at_a_time) {
  const auto second = Database::open({.directory = directory / "state"}, loop, log);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().fault, Fault::closed);
  EXPECT_THAT(second.error().detail, HasSubstr("in use by another process"));
}

TEST_F(DatabaseTest, refuses_what_a_newer_version_wrote) {
  database.reset();
  {
    auto newer = Sqlite::open(directory / "state/convened.db", Sqlite::Access::read_write);
    ASSERT_TRUE(newer && newer->run_script("PRAGMA user_version = 1000"));
  }
  const auto opened = Database::open({.directory = directory / "state"}, loop, log);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().fault, Fault::unsupported);
  EXPECT_THAT(opened.error().detail, HasSubstr("newer convened: schema 1000"));
}

TEST_F(DatabaseTest, refuses_a_file_that_is_no_database) {
  database.reset();
  write_file(directory / "state/convened.db", std::string(8'192, 'x'));
  const auto opened = Database::open({.directory = directory / "state"}, loop, log);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().fault, Fault::malformed);
}

TEST_F(DatabaseTest, keeps_texts_with_zeros_whole) {
  const std::string text("a\0b", 3);
  write(text);
  wait();
  EXPECT_THAT(kept(), ElementsAre(text));
}

}  // namespace
}  // namespace convene::io
