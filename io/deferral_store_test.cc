#include "io/deferral_store.h"

#include <gmock/gmock.h>

#include "io/deferral_repository.h"
#include "io/erasure.h"
#include "io/test_history.h"

namespace convene::io {
namespace {

using participating::DeferralId;
using participating::DeferredKind;
using participating::DeferredMessage;

constexpr std::string_view plan = "Trail plan: meet 08:30 at the north gate, bring water.";

// What is deferred, and what lies on the disk for it.
class DeferralStoreTest : public HistoryOnDisk {
 protected:
  DeferralStoreTest() { open(); }
  void open() {
    deferrals = DeferralStore::open(files_directory, *database, loop, &bodies).value();
  }

  bool store_file_for(std::uint64_t id, const std::string& user, std::string_view octets = plan) {
    const auto body = bodies.create(octets.size()).value();
    EXPECT_TRUE(bodies.write(body, 0, std::as_bytes(std::span{octets})));
    DeferredMessage message{.user = "sip:" + user + "@example.com",
                            .account = user,
                            .message_id = "m" + std::to_string(id),
                            .request = "INVITE",
                            .kind = DeferredKind::file,
                            .sender = "sip:alice@example.com"};
    message.content = participating::DeferredContent{
        .type = "text/plain", .wrapper = {}, .body = body, .octets = octets.size()};
    std::optional<bool> done;
    deferrals->store({.id = {id}, .message = std::move(message)},
                     [&](const Result<>& outcome) { done = outcome.has_value(); });
    EXPECT_TRUE(loop.run_until([&] { return done.has_value(); }));
    bodies.drop(body);
    bodies.sweep();
    return done.value_or(false);
  }
  Result<DeferredMessage> fetch(std::uint64_t id) {
    std::optional<Result<DeferredMessage>> found;
    deferrals->fetch({id},
                     [&](Result<DeferredMessage> message) { found.emplace(std::move(message)); });
    EXPECT_TRUE(loop.run_until([&] { return found.has_value(); }));
    return *std::move(found);
  }
  std::string octets_of(const participating::DeferredContent& content) {
    std::string octets(content.octets, '\0');
    EXPECT_TRUE(bodies.read(content.body, 0, std::as_writable_bytes(std::span{octets})));
    return octets;
  }

  std::unique_ptr<DeferralStore> deferrals;
};

TEST_F(DeferralStoreTest, gives_back_a_file_as_it_came) {
  EXPECT_TRUE(store_file_for(1, "bob"));
  const auto found = fetch(1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, DeferredKind::file);
  EXPECT_EQ(found->sender, "sip:alice@example.com");
  ASSERT_TRUE(found->content);
  EXPECT_EQ(found->content->type, "text/plain");
  EXPECT_EQ(octets_of(*found->content), plan);
}

TEST_F(DeferralStoreTest, has_a_file_for_fifty_members_once_on_the_disk) {
  for (std::uint64_t id = 1; id <= 50; ++id)
    EXPECT_TRUE(store_file_for(id, "member-" + std::to_string(id)));
  EXPECT_EQ(count("deferred"), 50);
  EXPECT_EQ(files(), 1);

  for (std::uint64_t id = 1; id < 50; ++id) deferrals->forget({id});
  ASSERT_TRUE(fetch(50)) << "all of them are gone when this is read";
  EXPECT_EQ(files(), 1) << "one of them has it still";
  deferrals->forget({50});
  EXPECT_TRUE(loop.run_until([&] { return files() == 0; }));
}

TEST_F(DeferralStoreTest, leaves_a_file_that_is_in_somebodys_history) {
  store_file("alice", "s", plan);
  EXPECT_TRUE(store_file_for(1, "bob"));
  EXPECT_EQ(files(), 1);
  deferrals->forget({1});
  EXPECT_FALSE(fetch(1));
  EXPECT_TRUE(is_on_disk(plan));
}

// A crash between the file and its row.
TEST_F(DeferralStoreTest, removes_at_the_start_what_nobody_has) {
  EXPECT_TRUE(store_file_for(1, "bob"));
  EXPECT_TRUE(store_file_for(2, "bob", "another file"));
  auto other = Sqlite::open(database->path(), Sqlite::Access::read_write).value();
  EXPECT_TRUE(forget_deferred(other, DeferralId{2}));
  open();
  EXPECT_EQ(files(), 1);
  EXPECT_TRUE(fetch(1));
}

TEST_F(DeferralStoreTest, is_listed_with_kind_sender_and_octets) {
  EXPECT_TRUE(store_file_for(1, "bob"));
  auto reader = database->reader().value();
  const auto listed = list_deferred(reader).value();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].kind, DeferredKind::file);
  EXPECT_EQ(listed[0].sender, "sip:alice@example.com");
  EXPECT_EQ(listed[0].octets, plan.size() + std::string_view{"INVITE"}.size());
}

TEST_F(DeferralStoreTest, is_erased_with_its_files) {
  EXPECT_TRUE(store_file_for(1, "bob"));
  Erasures erasures{
      ContentFiles::reading(files_directory), *database, history.get(), loop, log, Duration{1}};
  EXPECT_TRUE(erasures.start());
  auto other = Sqlite::open(database->path(), Sqlite::Access::read_write).value();
  EXPECT_TRUE(ask_for_erasure(other, "bob", "Default"));
  EXPECT_TRUE(loop.run_until([&] { return count("deferred") == 0 && files() == 0; }));
}

}  // namespace
}  // namespace convene::io
