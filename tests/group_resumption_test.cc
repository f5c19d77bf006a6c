#include "tests/lab.h"

// Files in a group that break off and go on, from either side. Conversation 14.10, G-29; on a
// simulated network.
namespace convene::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct GroupResumption : testing::Test {
  void begin(std::size_t retries = 0, LabSettings settings = {}) {
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
  // Of the largest MSRP message between two, of what the wire has kept: what its Byte-Range says.
  std::uint64_t octets(const std::string& from, const std::string& to) const {
    std::uint64_t most = 0;
    for (const auto& one : lab->world().wire()) {
      const auto range = one.octets.find("\r\nByte-Range: ");
      const bool is_send = one.protocol == sim::Protocol::msrp && range != one.octets.npos;
      if (one.from != from || one.to != to || !is_send) continue;
      most = std::max<std::uint64_t>(
          most, std::stoull(one.octets.substr(one.octets.find('/', range) + 1)));
    }
    return most;
  }
  // The offers of a file that the focus has sent to one, of what the wire has kept.
  std::vector<std::string> invitations_of(const std::string& name) const {
    std::vector<std::string> found;
    for (const auto& one : lab->world().wire()) {
      const bool is_offer = one.octets.starts_with("INVITE") &&
                            one.octets.find("a=file-transfer-id:") != one.octets.npos;
      if (one.from == "cf" && one.to == name && is_offer) found.push_back(one.octets);
    }
    return found;
  }
  bool is_in(const std::string& name) const {
    const auto session = lab->client(name).session(lab->group_of(name));
    return session && session->state == client::SessionState::active;
  }
  void rejoin(const std::string& name) {
    ASSERT_TRUE(lab->wait([&] { return !is_in(name); })) << lab->world().log();
    const auto asked = lab->with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.rejoin(lab->group_of(name), now, o);
    });
    ASSERT_TRUE(asked) << asked.error().detail;
    ASSERT_TRUE(lab->wait([&] { return is_in(name); })) << lab->world().log();
  }
  void ask_for_rest(const std::string& name) {
    const auto failed = lab->events<client::FileFailed>(name).at(0).transfer;
    const auto asked = lab->with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.fetch_rest(failed, now, o);
    });
    ASSERT_TRUE(asked) << asked.error().detail;
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
  EXPECT_EQ(octets("alice", "cf"), rest);
  EXPECT_LT(octets("cf", "bob"), file.size() * 3 / 4);
  EXPECT_THAT(invitations_of("bob"), ElementsAre(HasSubstr("a=file-range:")));
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

// Who has not kept the beginning refuses a part, and is offered the whole.
TEST_F(GroupResumption, begins_anew_with_a_receiver_that_has_lost_the_beginning) {
  LabSettings settings;
  settings.adjust = [](const std::string& name, client::Settings& client) {
    if (name == "bob") client.max_begun_files = 0;
  };
  begin(1, std::move(settings));
  send();
  until_a_third();
  lab->world().reset_streams("cf", "bob");
  wait_for<client::FileFailed>("bob");
  EXPECT_FALSE(lab->events<client::FileFailed>("bob").at(0).may_resume);
  lab->world().clear_wire();
  expect_whole("bob");
  EXPECT_EQ(octets("cf", "bob"), file.size());
  EXPECT_THAT(invitations_of("bob"),
              ElementsAre(HasSubstr("a=file-range:"), Not(HasSubstr("a=file-range:"))));
}

// A receiver asks the focus for what it lacks; with its chat, too, it has lost its connection, and
// comes back first.
TEST_F(GroupResumption, goes_on_with_a_receiver_that_asks_the_focus) {
  begin();
  send();
  until_a_third();
  lab->world().reset_streams("cf", "bob");
  wait_for<client::FileFailed>("bob");
  const auto failed = lab->events<client::FileFailed>("bob").at(0);
  ASSERT_TRUE(failed.may_resume);
  rejoin("bob");
  lab->world().clear_wire();
  ask_for_rest("bob");
  expect_whole("bob");
  expect_whole("carol");
  wait_for<client::FileSent>("alice");
  EXPECT_EQ(lab->count<client::FileWanted>("alice"), 0U);
  EXPECT_LT(octets("cf", "bob"), file.size() * 3 / 4);
  lab->world().run_for(15min);
  EXPECT_EQ(lab->leftovers(), "") << lab->world().log();
}

// ... also when the file's sender is through: the focus keeps it for a while.
TEST_F(GroupResumption, goes_on_with_a_receiver_that_asks_when_the_sender_is_gone) {
  begin();
  send();
  until_a_third();
  lab->world().reset_streams("cf", "bob");
  wait_for<client::FileFailed>("bob");
  wait_for<client::FileSent>("alice");
  expect_whole("carol");
  rejoin("bob");
  lab->world().run_for(1min);
  ask_for_rest("bob");
  expect_whole("bob");
  EXPECT_THAT(lab->world().log(), HasSubstr("9.3.1 the rest is asked for"));
  lab->world().run_for(15min);
  EXPECT_EQ(lab->leftovers(), "") << lab->world().log();
  EXPECT_EQ(lab->world().bodies("cf").bodies(), 0U);
}

// R4.8: a group that was lost is joined again first; its user need not see to it.
TEST_F(GroupResumption, joins_a_lost_group_again_before_it_asks) {
  begin();
  send();
  until_a_third();
  lab->world().reset_streams("cf", "bob");
  wait_for<client::FileFailed>("bob");
  ASSERT_TRUE(lab->wait([&] { return !is_in("bob"); })) << lab->world().log();
  ask_for_rest("bob");
  expect_whole("bob");
  EXPECT_TRUE(is_in("bob"));
  EXPECT_EQ(lab->count<client::FileWanted>("alice"), 0U);
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
