#include "tests/lab.h"

// Flows F1, F2 and F5: a group, its chat, and leaving it.
namespace convene::tests {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

struct GroupChat : testing::Test {
  void begin(LabSettings settings = {}) {
    lab.emplace(std::move(settings));
    lab->add_cast();
    lab->create_group("alice", {"bob", "carol", "dave", "erin"});
  }
  std::optional<Lab> lab;
};

// CPM 9.2.10, R1.1, R1.24
TEST_F(GroupChat, begins_for_everybody_who_is_invited) {
  begin();
  ASSERT_TRUE(lab->wait([&] {
    const auto rosters = lab->events<client::RosterChanged>("bob");
    return !rosters.empty() &&
           std::ranges::count(rosters.back().participants, client::Participant::State::joined,
                              &client::Participant::state) == 5;
  })) << lab->world().log();
  EXPECT_EQ(lab->events<client::RosterChanged>("bob").back().subject, "Trail Sunday");
}

// R1.20, R1.21, R1.22
TEST_F(GroupChat, knows_what_each_device_can_do) {
  begin();
  const auto group = lab->server().snapshot().controlling.groups.at(0);
  std::map<std::string, cpm::Capabilities> said;
  for (const auto& participant : group.participants)
    said[participant.address] = participant.legs.at(0).capabilities;

  EXPECT_TRUE(said.at("sip:bob@ims.example").thumbnail);
  EXPECT_TRUE(said.at("sip:alice@ims.example").store_and_forward);
  EXPECT_EQ(said.at("sip:carol@ims.example").file_transfer, cpm::FileTransferSupport::indicated);
  EXPECT_FALSE(said.at("sip:carol@ims.example").thumbnail);
  EXPECT_EQ(said.at("sip:dave@ims.example").file_transfer, cpm::FileTransferSupport::chat_only);
  EXPECT_EQ(said.at("sip:erin@ims.example").file_transfer, cpm::FileTransferSupport::not_indicated);
}

// CPM 9.2.12
TEST_F(GroupChat, brings_every_message_to_everybody_else_in_order) {
  begin();
  for (int i = 0; i < 20; ++i) lab->say("alice", "message " + std::to_string(i));
  ASSERT_TRUE(lab->wait([&] {
    return std::ranges::all_of(std::array{"bob", "carol", "dave", "erin"},
                               [&](const char* name) { return lab->chats(name).size() == 20; });
  })) << lab->world().log();

  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(lab->chats("erin")[static_cast<std::size_t>(i)], "message " + std::to_string(i));
  EXPECT_THAT(lab->chats("alice"), IsEmpty());
  EXPECT_EQ(lab->events<client::ChatReceived>("bob").front().from.address, "sip:alice@ims.example");
}

// R6.4, R6.5, R6.6: who left is told to the others, and hears nothing any more.
TEST_F(GroupChat, goes_on_without_who_left) {
  begin();
  ASSERT_TRUE(lab->with("dave", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.leave(lab->group_of("dave"), now, o);
  }));
  ASSERT_TRUE(lab->wait([&] {
    const auto rosters = lab->events<client::RosterChanged>("bob");
    return !rosters.empty() &&
           std::ranges::any_of(rosters.back().participants, [](const client::Participant& p) {
             return p.address == "sip:dave@ims.example" &&
                    p.state == client::Participant::State::gone;
           });
  })) << lab->world().log();

  lab->say("alice", "Dave is gone");
  ASSERT_TRUE(lab->wait([&] { return !lab->chats("bob").empty(); }));

  EXPECT_THAT(lab->chats("dave"), IsEmpty());
}

// R6.7, conversation 6.7: the last one hears why, and not that a connection was lost.
TEST_F(GroupChat, tells_the_last_one_that_the_group_is_gone) {
  begin();
  for (const char* name : {"bob", "carol", "dave", "erin"}) {
    (void)lab->with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.leave(lab->group_of(name), now, o);
    });
  }
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::Ended>("alice") > 0; }))
      << lab->world().log();
  EXPECT_EQ(lab->events<client::Ended>("alice").front().reason, client::EndReason::gone);
  EXPECT_THAT(lab->world().log(),
              testing::Not(testing::ContainsRegex("alice  info  msrp  a session failed")));
}

// R6.7: a group with nobody left in it is released, and leaves nothing behind.
TEST_F(GroupChat, leaves_nothing_behind_when_all_have_left) {
  begin();
  for (const char* name : {"alice", "bob", "carol", "dave", "erin"}) {
    (void)lab->with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.leave(lab->group_of(name), now, o);
    });
  }
  lab->world().run_for(5min);
  EXPECT_EQ(lab->leftovers(), "") << lab->world().log();
}

// The same over UDP with a bad network: every message of SIP may be lost, doubled or late.
TEST_F(GroupChat, begins_over_a_network_that_loses_and_doubles_datagrams) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    LabSettings settings;
    settings.transport = sip::Transport::udp;
    settings.world.seed = seed;
    settings.world.link = {
        .delay = 20ms, .jitter = 20ms, .loss = 0.1, .duplication = 0.05, .reordering = 0.1};
    begin(settings);
    lab->say("alice", "still here");
    EXPECT_TRUE(lab->wait([&] { return !lab->chats("erin").empty(); })) << lab->world().log();
  }
}

}  // namespace
}  // namespace convene::tests
