#include "io/retention.h"

#include <gmock/gmock.h>

#include "io/test_history.h"

namespace convene::io {
namespace {

class RetentionTest : public HistoryOnDisk {
 protected:
  void begin() {
    const RetentionSettings settings{
        .age = std::chrono::hours{24}, .every = Duration{1}, .most_at_once = 1};
    retention.emplace(settings, ContentFiles::reading(files_directory), *database, loop, log);
  }
  std::optional<Retention> retention;
};

TEST_F(RetentionTest, removes_what_is_too_old_with_its_files_and_leaves_the_rest) {
  store_file("alice", "old", "an old file");
  age("", 25 * 3'600);
  store_file("alice", "new", "a new file");
  begin();
  EXPECT_TRUE(loop.run_until([&] { return files() == 1; }));
  EXPECT_TRUE(loop.run_until([&] { return count("store_folders") == 1; }));
  EXPECT_EQ(count("store_objects"), 2);
  EXPECT_EQ(count("store_object_files"), 1);
  EXPECT_TRUE(is_on_disk("a new file"));
  EXPECT_TRUE(loop.run_until([&] { return log.text().contains("objects=2"); })) << log.text();
}

TEST_F(RetentionTest, leaves_a_file_that_somebody_else_still_has) {
  store_file("alice", "old", "the same file");
  age("", 25 * 3'600);
  store_file("bob", "new", "the same file");
  begin();
  EXPECT_TRUE(loop.run_until([&] { return count("store_objects") == 2; }));
  EXPECT_TRUE(loop.run_until([&] { return log.text().contains("objects=2"); }));
  EXPECT_EQ(files(), 1);
}

// R5.1b2: whatever is in a session's folder, its Session Info Object is there, too.
TEST_F(RetentionTest, leaves_the_session_info_as_long_as_anything_of_its_session) {
  store_file("alice", "s", "one");
  store_file("alice", "s", "two");
  age("WHERE uid < 3", 25 * 3'600);
  begin();
  EXPECT_TRUE(loop.run_until([&] { return log.text().contains("objects=1"); }));
  EXPECT_EQ(count("store_objects"), 2);
  EXPECT_EQ(count("store_folders WHERE session_info = 1"), 1);

  age("", 25 * 3'600);
  EXPECT_TRUE(loop.run_until([&] { return files() == 0; }));
  EXPECT_TRUE(loop.run_until([&] { return count("store_folders") == 0; }));
}

}  // namespace
}  // namespace convene::io
