#include "io/outbox.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <optional>

#include "io/outbox_repository.h"
#include "io/test_directory.h"
#include "io/test_disk.h"
#include "store/test_objects.h"

namespace convene::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// A store far away, as the tests want it.
struct FarStore final : MessageStore {
  void ask(store::Request request, Told told) override {
    if (is_down) return loop.post([told = std::move(told)]() mutable { told(down()); });
    if (hangs) return pending.push_back(std::move(told));
    auto* const write = std::get_if<store::Write>(&request);
    if (write == nullptr) {
      said.emplace_back("erased");
      return loop.post([told = std::move(told)]() mutable { told(store::Done{}); });
    }
    for (const auto& object : write->objects) {
      said.push_back((write->may_be_there ? "again " : "") + object.imdn_message_id);
      for (const auto& piece : object.pieces)
        if (const auto* file = std::get_if<store::FileContent>(&piece)) read(*file);
    }
    loop.post([told = std::move(told)]() mutable { told(store::Written{.uid_validity = 7}); });
  }
  void read(const store::FileContent& file) {
    std::string octets(file.octets, '\0');
    (void)bodies.read(file.body, 0, std::as_writable_bytes(std::span{octets}));
    files.push_back(octets);
  }
  static store::Answer down() { return fail(Fault::closed, "down"); }

  FarStore(Loop& at, FileBodyStore& spool) : loop{at}, bodies{spool} {}
  Loop& loop;
  FileBodyStore& bodies;
  bool is_down = false;
  bool hangs = false;
  std::vector<std::string> said;
  std::vector<std::string> files;
  std::vector<Told> pending;
};

class OutboxOnDisk : public testing::Test {
 protected:
  OutboxOnDisk() {
    settings.queue.first_pause = settings.queue.longest_pause = Duration{1};
    open();
  }
  ~OutboxOnDisk() override { close(); }

  void open() {
    database = Database::open({.directory = directory / "state"}, loop, log).value();
    auto behind = std::make_unique<FarStore>(loop, bodies);
    behind->is_down = is_down;
    far = behind.get();
    outbox = Outbox::open(settings, directory / "state/store", *database, loop, log, &bodies,
                          std::move(behind))
                 .value();
  }
  void close() {
    outbox.reset();
    database.reset();
  }
  void restart() {
    close();
    open();
  }

  static store::Write message(const std::string& id) {
    return {.account = "alice",
            .folder = {{"Default", "c"}},
            .objects = {{.pieces = {"text of " + id}, .flags = {}, .imdn_message_id = id}}};
  }
  store::Write with_file(const std::string& id, std::string_view octets) {
    const auto body = bodies.create(octets.size()).value();
    EXPECT_TRUE(bodies.write(body, 0, std::as_bytes(std::span{octets})));
    auto write = message(id);
    write.objects[0].pieces = {"before", store::FileContent{.body = body, .octets = octets.size()},
                               "after"};
    return write;
  }
  void keep(store::Write write) {
    ++asked;
    outbox->keep(
        std::move(write), [this] { heard.emplace_back("kept"); },
        [this](const store::Answer& answer) {
          ++told;
          heard.emplace_back(answer ? "written" : "later");
        });
  }
  void wait() {
    EXPECT_TRUE(loop.run_until([this] { return told == asked; }));
  }
  void drain() {
    EXPECT_TRUE(loop.run_until([this] { return outbox->waiting() == 0 && rows() == 0; }));
  }
  std::int64_t rows() {
    return database->reader()
        .value()
        .number(
            "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM outbox_objects)"
            " + (SELECT count(*) FROM outbox_files)")
        .value();
  }
  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& each :
         std::filesystem::recursive_directory_iterator{directory / "state/store"})
      count += each.is_regular_file() ? 1 : 0;
    return count;
  }

  TestDirectory directory;
  TestDisk disk;
  KeptLog log;
  Loop loop;
  FileBodyStore bodies{directory / "spool"};
  IoOutboxSettings settings;
  std::unique_ptr<Database> database;
  std::unique_ptr<Outbox> outbox;
  FarStore* far = nullptr;
  bool is_down = false;
  int asked = 0, told = 0;
  std::vector<std::string> heard;
};

TEST_F(OutboxOnDisk, keeps_a_write_before_it_is_written_and_nothing_of_it_afterwards) {
  keep(message("m1"));
  wait();
  EXPECT_THAT(heard, ElementsAre("kept", "written"));
  EXPECT_THAT(far->said, ElementsAre("m1"));
  drain();
}

TEST_F(OutboxOnDisk, writes_later_what_the_store_could_not_take) {
  far->is_down = true;
  keep(message("m1"));
  keep(message("m2"));
  wait();
  EXPECT_THAT(heard, testing::UnorderedElementsAre("kept", "kept", "later", "later"));
  EXPECT_GT(rows(), 0);
  far->is_down = false;
  drain();
  EXPECT_THAT(far->said, ElementsAre("again m1", HasSubstr("m2")));
}

// Durable before it is acknowledged: whoever is killed after "kept" has it.
TEST_F(OutboxOnDisk, goes_on_after_a_restart_with_what_an_earlier_process_kept) {
  far->hangs = true;
  keep(message("m1"));
  keep(with_file("m2", "octets"));
  EXPECT_TRUE(loop.run_until([this] { return heard.size() == 2; }));
  restart();
  drain();
  EXPECT_THAT(far->said, ElementsAre("again m1", "again m2"));
  EXPECT_THAT(far->files, ElementsAre("octets"));
}

TEST_F(OutboxOnDisk, needs_the_files_of_a_write_no_more_once_it_is_kept) {
  far->is_down = true;
  auto write = with_file("m1", "one file");
  const auto body = std::get<store::FileContent>(write.objects[0].pieces[1]).body;
  keep(std::move(write));
  wait();
  bodies.drop(body);
  bodies.sweep();
  EXPECT_EQ(files(), 1);

  far->is_down = false;
  drain();
  EXPECT_THAT(far->files, ElementsAre("one file"));
  EXPECT_TRUE(loop.run_until([this] { return files() == 0; }));
  EXPECT_EQ(bodies.bodies(), 0);
}

TEST_F(OutboxOnDisk, keeps_one_file_for_all_who_wait_for_it) {
  far->is_down = true;
  for (const char* id : {"m1", "m2", "m3"}) keep(with_file(id, "the same"));
  wait();
  EXPECT_EQ(files(), 1);
}

TEST_F(OutboxOnDisk, keeps_the_order_of_writes_with_files_and_without) {
  keep(with_file("m1", std::string(100'000, 'x')));
  keep(message("m2"));
  keep(message("m3"));
  wait();
  EXPECT_THAT(far->said, ElementsAre("m1", "m2", "m3"));
}

TEST_F(OutboxOnDisk, reads_from_the_disk_what_it_has_no_memory_for) {
  settings.held_octets = 10;
  restart();
  far->is_down = true;
  keep(message("m1"));
  keep(message("m2"));
  wait();
  far->is_down = false;
  drain();
  EXPECT_THAT(far->said, SizeIs(2));
}

TEST_F(OutboxOnDisk, refuses_what_it_cannot_keep_and_says_so_once) {
  disk.fail(TestDisk::Fault::full);
  keep(message("m1"));
  keep(message("m2"));
  wait();
  EXPECT_THAT(heard, ElementsAre("later", "later"));
  EXPECT_THAT(log.text(), HasSubstr("cannot be kept for the store: refused"));
  EXPECT_THAT(far->said, IsEmpty());

  disk.fail(TestDisk::Fault::nothing);
  keep(message("m3"));
  wait();
  EXPECT_EQ(heard.back(), "written");
  drain();
}

TEST_F(OutboxOnDisk, refuses_more_than_may_wait) {
  settings.queue.max_waiting = 1;
  restart();
  far->is_down = true;
  keep(message("m1"));
  wait();
  keep(message("m2"));
  wait();
  EXPECT_THAT(heard, ElementsAre("kept", "later", "later"));
  EXPECT_THAT(log.text(), HasSubstr("too much waits for the store"));
}

TEST_F(OutboxOnDisk, erases_what_waits_for_a_user_before_the_store_does) {
  far->is_down = true;
  keep(with_file("m1", "octets"));
  wait();
  far->is_down = false;
  std::optional<store::Answer> answer;
  outbox->ask(store::Erase{.account = "alice"},
              [&](store::Answer told_what) { answer = std::move(told_what); });
  EXPECT_TRUE(loop.run_until([&] { return answer.has_value(); }));
  EXPECT_TRUE(*answer);
  EXPECT_EQ(far->said.back(), "erased");
  drain();
  EXPECT_TRUE(loop.run_until([this] { return files() == 0; }));
}

// At every write and sync of the disk: what was said to be kept is kept, nothing else is.
TEST_F(OutboxOnDisk, keeps_what_it_said_whichever_write_of_the_disk_fails) {
  is_down = true;
  restart();
  std::size_t kept = 0;
  std::size_t failures = 0;
  for (std::size_t n = 1; n < 40; ++n) {
    heard.clear();
    disk.fail_once(TestDisk::Fault::full, n);
    keep(message("m" + std::to_string(n)));
    wait();
    if (heard.front() == "kept") {
      ++kept;
    } else {
      ++failures;
    }
    disk.fail_once(TestDisk::Fault::nothing, 1);
    restart();
    EXPECT_EQ(outbox->waiting(), kept) << n;
  }
  EXPECT_GT(failures, 0U);
  EXPECT_GT(kept, 10U);
}

}  // namespace
}  // namespace convene::io
