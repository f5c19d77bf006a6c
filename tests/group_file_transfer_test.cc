#include "tests/lab.h"

// Flows F3, F5 and F11: a file in a group, on a simulated network.
namespace convene::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct GroupFileTransfer : testing::Test {
  void begin(LabSettings settings = {}) {
    lab.emplace(std::move(settings));
    lab->add_cast();
    lab->create_group("alice", {"bob", "carol", "dave", "erin"});
  }
  bool wait_for_files(const std::vector<std::string>& names, std::size_t count = 1) {
    return lab->wait(
        [&] {
          return std::ranges::all_of(names, [&](const auto& name) {
            return lab->count<client::FileReceived>(name) >= count;
          });
        },
        10min);
  }
  std::optional<Lab> lab;
};

// R3.1, R3.2, R3.5, R3.6a
TEST_F(GroupFileTransfer, reaches_exactly_those_whose_devices_can_take_it) {
  begin();
  const auto file = octets_of_file(300'000);
  lab->send_file("alice", file);
  ASSERT_TRUE(wait_for_files({"bob", "carol"})) << lab->world().log();
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::FileSent>("alice") == 1; }))
      << lab->world().log();

  EXPECT_THAT(lab->files("bob"), ElementsAre(file));
  EXPECT_THAT(lab->files("carol"), ElementsAre(file));
  EXPECT_EQ(lab->count<client::FileOffered>("dave"), 0U);
  EXPECT_EQ(lab->count<client::FileOffered>("erin"), 0U);
}

// R3.3
TEST_F(GroupFileTransfer, shows_its_thumbnail_only_to_those_who_indicated_it) {
  begin();
  client::FileToSend offered;
  offered.thumbnail = client::Thumbnail{"image/png", "\x89PNG icon"};
  lab->send_file("alice", octets_of_file(1000), offered);
  ASSERT_TRUE(wait_for_files({"bob", "carol"})) << lab->world().log();

  EXPECT_TRUE(lab->events<client::FileOffered>("bob").at(0).thumbnail);
  EXPECT_FALSE(lab->events<client::FileOffered>("carol").at(0).thumbnail);
}

// R3.6b, flow F3.6: a silent device is asked when policy says so; that it cannot disturbs nobody.
TEST_F(GroupFileTransfer, asks_also_the_silent_when_policy_says_so) {
  LabSettings settings;
  settings.policy.file_transfer.invite_not_indicated = true;
  begin(settings);
  const auto file = octets_of_file(5000);
  lab->send_file("alice", file);
  ASSERT_TRUE(wait_for_files({"bob", "carol"})) << lab->world().log();

  EXPECT_THAT(lab->world().log(), testing::HasSubstr("9.3.1 (3) b inviting one to one"));
  EXPECT_THAT(lab->files("carol"), ElementsAre(file));
  EXPECT_EQ(lab->count<client::FileOffered>("dave"), 0U);
}

// R6.3, R6.9, flow F5: the chat's end is not the file's end.
TEST_F(GroupFileTransfer, goes_on_when_its_sender_leaves_the_chat) {
  LabSettings settings;
  settings.world.link.octets_per_second = 2'000'000;
  begin(settings);
  const auto file = octets_of_file(4'000'000);
  lab->send_file("alice", file);
  ASSERT_TRUE(lab->wait([&] {
    const auto progress = lab->events<client::FileProgress>("bob");
    return !progress.empty() && progress.back().octets > file.size() / 3;
  })) << lab->world().log();
  ASSERT_TRUE(lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.leave(lab->group_of("alice"), now, o);
  }));
  ASSERT_TRUE(wait_for_files({"bob", "carol"})) << lab->world().log();
  EXPECT_THAT(lab->files("bob"), ElementsAre(file));
}

// R6.3: nor is the file's end the chat's.
TEST_F(GroupFileTransfer, leaves_the_chat_usable_when_it_ends) {
  begin();
  const auto file = octets_of_file(5'000);
  lab->send_file("alice", file);
  ASSERT_TRUE(wait_for_files({"bob", "carol"})) << lab->world().log();
  ASSERT_TRUE(lab->wait([&] { return lab->leftovers().empty(); })) << lab->leftovers();

  for (const char* name : {"alice", "bob"}) lab->say(name, "Did you get it?");
  EXPECT_TRUE(lab->wait([&] {
    return lab->chats("carol").size() == 2 && lab->chats("dave").size() == 2;
  })) << lab->world().log();
}

// R6.9: nor is the end of the whole group.
TEST_F(GroupFileTransfer, goes_on_when_the_whole_group_ends) {
  LabSettings settings;
  settings.world.link.octets_per_second = 2'000'000;
  begin(settings);
  const auto file = octets_of_file(4'000'000);
  lab->send_file("alice", file);
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::FileProgress>("bob") > 0; }))
      << lab->world().log();
  for (const char* name : {"alice", "bob", "carol", "dave", "erin"}) {
    (void)lab->with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.leave(lab->group_of(name), now, o);
    });
  }
  ASSERT_TRUE(wait_for_files({"bob", "carol"})) << lab->world().log();
  lab->world().run_for(5min);
  EXPECT_EQ(lab->leftovers(), "");
}

// Flow F11.1: one receiver that dies changes nothing for the others.
TEST_F(GroupFileTransfer, goes_on_when_a_receiver_dies) {
  LabSettings settings;
  settings.world.link.octets_per_second = 2'000'000;
  begin(settings);
  const auto file = octets_of_file(4'000'000);
  lab->send_file("alice", file);
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::FileProgress>("bob") > 2; }))
      << lab->world().log();

  lab->world().crash("bob");

  ASSERT_TRUE(wait_for_files({"carol"})) << lab->world().log();
  EXPECT_THAT(lab->files("carol"), ElementsAre(file));
  lab->world().run_for(10min);
  EXPECT_EQ(lab->leftovers(), "") << lab->world().log();
}

// Flow F11.3: the sender dies in the middle: nobody holds half a file, and nothing is left.
TEST_F(GroupFileTransfer, fails_for_all_when_the_sender_dies) {
  LabSettings settings;
  settings.world.link.octets_per_second = 2'000'000;
  begin(settings);
  lab->send_file("alice", octets_of_file(4'000'000));
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::FileProgress>("bob") > 2; }))
      << lab->world().log();

  lab->world().crash("alice");
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::FileFailed>("bob") == 1; }, 10min))
      << lab->world().log();

  EXPECT_EQ(lab->count<client::FileReceived>("bob"), 0U);
  lab->world().run_for(10min);
  EXPECT_EQ(lab->leftovers(), "") << lab->world().log();
}

// Flow F11.4
TEST_F(GroupFileTransfer, is_refused_when_nobody_can_take_it) {
  lab.emplace();
  lab->add_cast();
  lab->create_group("alice", {"dave"});
  lab->send_file("alice", octets_of_file(100));
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::FileFailed>("alice") == 1; }))
      << lab->world().log();
  EXPECT_EQ(lab->events<client::FileFailed>("alice").at(0).status, 403);
}

// Conversation 9.1.2 (5): who accepts when the file is already here gets it from its first octet.
TEST_F(GroupFileTransfer, reaches_also_who_accepts_late) {
  begin();
  lab->world().set_link("cf", "carol", {.delay = 3s});
  const auto file = octets_of_file(50'000);
  lab->send_file("alice", file);
  ASSERT_TRUE(wait_for_files({"bob", "carol"})) << lab->world().log();
  EXPECT_THAT(lab->files("carol"), ElementsAre(file));
}

// A receiver that reads nothing does not hold up the others.
TEST_F(GroupFileTransfer, does_not_wait_for_a_slow_reader) {
  begin();
  lab->world().stop_reading("carol");
  const auto file = octets_of_file(2'000'000);
  lab->send_file("alice", file);
  lab->world().resume_reading("carol");
  ASSERT_TRUE(wait_for_files({"bob"})) << lab->world().log();
}

}  // namespace
}  // namespace convene::tests
