#pragma once
// For tests: an embedded store in a directory of the test, and what lies there.

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "io/embedded_reader.h"
#include "io/embedded_store.h"
#include "io/test_directory.h"

namespace convene::io {

class HistoryOnDisk : public testing::Test {
 protected:
  HistoryOnDisk() {
    database = Database::open({.directory = directory / "state"}, loop, log).value();
    history = EmbeddedStore::open(files_directory, *database, loop, &bodies).value();
  }

  store::Answer ask(store::Request request) {
    std::optional<store::Answer> answer;
    history->ask(std::move(request), [&](store::Answer told) { answer = std::move(told); });
    EXPECT_TRUE(loop.run_until([&] { return answer.has_value(); }));
    return std::move(*answer);
  }
  // A file in a session's folder, which has its Session Info Object.
  void store_file(const std::string& account, const std::string& session, std::string_view octets) {
    const auto body = bodies.create(octets.size()).value();
    EXPECT_TRUE(bodies.write(body, 0, std::as_bytes(std::span{octets})));
    store::Write write{.account = account, .folder = {{"Default", "c", session}}};
    write.session_info = store::Object{.pieces = {"session"}};
    write.objects = {
        {.pieces = {"before", store::FileContent{.body = body, .octets = octets.size()}}}};
    EXPECT_TRUE(ask(std::move(write)));
    bodies.drop(body);
    bodies.sweep();
  }
  void age(std::string_view where, std::int64_t seconds) {
    std::optional<bool> done;
    database->write(
        [sql = "UPDATE store_objects SET stored_at = stored_at - ? " + std::string{where},
         seconds](Sqlite& sqlite) { return sqlite.run(sql, seconds); },
        [&](const Result<>& outcome) { done = outcome.has_value(); });
    EXPECT_TRUE(loop.run_until([&] { return done.has_value(); }));
    EXPECT_EQ(done, true);
  }
  std::int64_t count(std::string_view table) {
    return database->reader().value().number("SELECT count(*) FROM " + std::string{table}).value();
  }
  std::size_t files() const {
    std::size_t found = 0;
    for (const auto& each : std::filesystem::recursive_directory_iterator{files_directory})
      found += each.is_regular_file() ? 1 : 0;
    return found;
  }
  // Whether an octet sequence is anywhere in the directory of the state.
  bool is_on_disk(std::string_view octets) const {
    for (const auto& each : std::filesystem::recursive_directory_iterator{directory / "state"})
      if (each.is_regular_file() && read_file(each.path()).contains(octets)) return true;
    return false;
  }

  TestDirectory directory;
  std::string files_directory = embedded_files_in(directory / "state");
  KeptLog log;
  Loop loop;
  FileBodyStore bodies{directory / "spool"};
  std::unique_ptr<Database> database;
  std::unique_ptr<EmbeddedStore> history;
};

}  // namespace convene::io
