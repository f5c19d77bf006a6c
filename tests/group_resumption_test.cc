#include "tests/lab.h"

// Files in a group that break off and go on, from either side. Conversation 14.10, G-29; on a
// simulated network.
namespace convene::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct GroupResumption : testing::Test {
  void begin(std::size_t retries = 0) {
    LabSettings settings;
    settings.world.link.octets_per_second = 2'000'000;
    settings.policy.file_transfer.receiver_retries = retries;
    lab.emplace(std::move(settings));
    lab->add_cast();
    lab->create_group("alice", {"bob", "carol", "dave", "erin"});
    file = octets_of_file(4'000'000);
    offered = lab->file_of("alice", file);
  }
  void send() {
    const auto sent = lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_file(lab->group_of("alice"), offered, now, o);
    });
    ASSERT_TRUE(sent) << sent.error().detail;
  }
  void until_a_third() {
    ASSERT_TRUE(lab->wait([&] {
      const auto progress = lab->events<client::FileProgress>("bob");
      return !progress.empty() && progress.back().octets > file.size() / 3;
    })) << lab->world().log();
  }
  template <class E>
  void wait_for(const std::string& name, std::size_t count = 1) {
    ASSERT_TRUE(lab->wait([&] { return lab->count<E>(name) >= count; }, 10min))
        << name << lab->world().log();
  }
  // Octets by MSRP between two, of what the wire has kept.
  std::uint64_t octets(const std::string& from, const std::string& to) const {
    std::uint64_t count = 0;
    for (const auto& one : lab->world().wire()) {
      if (one.from == from && one.to == to) count += one.octets.size();
    }
    return count;
  }
  void expect_whole(const std::string& name) {
    wait_for<client::FileReceived>(name);
    EXPECT_THAT(lab->files(name), ElementsAre(file));
    EXPECT_TRUE(lab->events<client::FileReceived>(name).at(0).hash_was_checked);
  }

  mutable std::optional<Lab> lab;
  std::string file;
  client::FileToSend offered;
};

// The sender offers what the focus lacks; each receiver gets what it lacks.
TEST_F(GroupResumption, goes_on_with_the_sender_whose_connection_broke) {
  begin();
  send();
  until_a_third();
  lab->world().reset_streams("alice", "cf");
  wait_for<client::FileFailed>("alice");
  wait_for<client::FileFailed>("bob");
  wait_for<client::FileFailed>("carol");
  const auto failed = lab->events<client::FileFailed>("alice").at(0);
  ASSERT_TRUE(failed.may_resume);
  ASSERT_GT(failed.octets, file.size() / 4);
  lab->world().run_for(5s);
  lab->world().clear_wire();

  offered.begun = failed.octets;
  send();
  expect_whole("bob");
  expect_whole("carol");
  wait_for<client::FileSent>("alice");
  const auto rest = file.size() - failed.octets;
  EXPECT_LT(octets("alice", "cf"), rest + rest / 10);
  EXPECT_LT(octets("cf", "bob"), file.size() * 3 / 4);
}

// A receiver is invited again, by policy, for what it lacks.
TEST_F(GroupResumption, goes_on_with_a_receiver_that_is_invited_again) {
  begin(1);
  send();
  until_a_third();
  lab->world().reset_streams("cf", "bob");
  wait_for<client::FileFailed>("bob");
  lab->world().clear_wire();
  expect_whole("bob");
  expect_whole("carol");
  EXPECT_LT(octets("cf", "bob"), file.size() * 3 / 4);
  lab->world().run_for(5min);
  EXPECT_EQ(lab->leftovers(), "") << lab->world().log();
}

// It is kept for its time, and no longer.
TEST_F(GroupResumption, is_possible_for_ten_minutes) {
  begin();
  send();
  until_a_third();
  lab->world().reset_streams("alice", "cf");
  wait_for<client::FileFailed>("alice");
  lab->world().run_for(1min);
  EXPECT_EQ(lab->world().bodies("cf").bodies(), 1U);
  lab->world().run_for(11min);
  EXPECT_EQ(lab->world().bodies("cf").bodies(), 0U);
  offered.begun = lab->events<client::FileFailed>("alice").at(0).octets;
  send();
  wait_for<client::FileFailed>("alice", 2);
  EXPECT_EQ(lab->events<client::FileFailed>("alice").at(1).status, 488);
}

}  // namespace
}  // namespace convene::tests
