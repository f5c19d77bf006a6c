#include "tests/lab.h"

// Sessions between two users, on a simulated network: through the lab's registrar, which forks to
// all devices of a user.
namespace convene::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct OneToOne : testing::Test {
  void begin(LabSettings settings = {}) {
    lab.emplace(std::move(settings));
    lab->add("alice", Device::everything);
    lab->add("bob", Device::everything);
    ASSERT_TRUE(registered({"alice", "bob"})) << lab->world().log();
  }
  bool registered(const std::vector<std::string>& names) {
    return lab->wait([&] {
      return std::ranges::all_of(
          names, [&](const auto& name) { return lab->count<client::Registered>(name) > 0; });
    });
  }
  std::optional<Lab> lab;
};

// CPM 7.3.1.1, 7.3.2
TEST_F(OneToOne, brings_what_each_says_to_the_other) {
  begin();
  lab->create_session("alice", "bob", "bob");
  lab->say("alice", "Shall we?");
  lab->say("bob", "We shall.");
  ASSERT_TRUE(lab->wait([&] { return lab->chats("bob").size() + lab->chats("alice").size() == 2; }))
      << lab->world().log();
  EXPECT_THAT(lab->chats("bob"), ElementsAre("Shall we?"));
  EXPECT_THAT(lab->chats("alice"), ElementsAre("We shall."));
  EXPECT_EQ(lab->events<client::ChatReceived>("bob").at(0).from.address, "sip:alice@ims.example");
}

// RFC 3261 16.7: the first 200 wins, the other devices stop ringing.
TEST_F(OneToOne, is_with_the_device_that_answers_first) {
  LabSettings settings;
  settings.adjust = [](const std::string& name, client::Settings& client) {
    client.accept_invitations = name != "phone";
  };
  begin(settings);
  lab->add_device("phone", "bob", Device::everything);
  ASSERT_TRUE(registered({"phone"})) << lab->world().log();
  lab->create_session("alice", "bob", "bob");
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::Ended>("phone") == 1; }))
      << lab->world().log();
  EXPECT_EQ(lab->events<client::Ended>("phone").at(0).reason, client::EndReason::cancelled);

  lab->say("alice", "Hello");
  ASSERT_TRUE(lab->wait([&] { return !lab->chats("bob").empty(); })) << lab->world().log();
  EXPECT_THAT(lab->chats("phone"), IsEmpty());
}

// RFC 3261 13.2.2.4: two that answer at once: one has the session, the other is told BYE.
TEST_F(OneToOne, is_with_one_device_when_two_answer_at_once) {
  begin();
  lab->add_device("phone", "bob", Device::everything);
  ASSERT_TRUE(registered({"phone"})) << lab->world().log();
  const auto created = lab->with("alice", [](client::Client& c, TimePoint now, client::Output& o) {
    return c.create_session({.peer = "sip:bob@ims.example", .subject = "", .ids = {}}, now, o);
  });
  ASSERT_TRUE(created);
  const auto ended = [&] {
    return lab->count<client::Ended>("phone") + lab->count<client::Ended>("bob");
  };
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::Joined>("alice") == 1 && ended() == 1; }))
      << lab->world().log();
  EXPECT_EQ(lab->count<client::Ended>("alice"), 0U);
  EXPECT_EQ(lab->client("alice").dialogs(), 1U);
  EXPECT_EQ(lab->client("bob").dialogs() + lab->client("phone").dialogs(), 1U);
}

// Conversation 17: the session timers of RFC 4028 find out.
TEST_F(OneToOne, ends_when_the_other_has_died) {
  begin();
  lab->create_session("alice", "bob", "bob");
  lab->world().crash("bob");
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::Ended>("alice") == 1; }, 1h))
      << lab->world().log();
  EXPECT_EQ(lab->events<client::Ended>("alice").at(0).reason, client::EndReason::disconnected);
}

// CPM 7.3.5: a BYE, and not a lost connection.
TEST_F(OneToOne, ends_for_the_other_when_one_leaves) {
  begin();
  lab->create_session("alice", "bob", "bob");
  ASSERT_TRUE(lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.leave(lab->group_of("alice"), now, o);
  }));
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::Ended>("bob") == 1; }))
      << lab->world().log();
  EXPECT_EQ(lab->events<client::Ended>("bob").at(0).reason, client::EndReason::closed);
  EXPECT_EQ(lab->events<client::Ended>("bob").at(0).status, 200);
  lab->world().run_for(1min);
  EXPECT_EQ(lab->client("alice").media_sessions() + lab->client("bob").media_sessions(), 0U);
}

// Crossing BYEs
TEST_F(OneToOne, leaves_nothing_when_both_hang_up_at_once) {
  begin();
  lab->create_session("alice", "bob", "bob");
  for (const char* name : {"alice", "bob"}) {
    ASSERT_TRUE(lab->with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.leave(lab->group_of(name), now, o);
    }));
  }
  ASSERT_TRUE(lab->wait([&] {
    return lab->client("alice").dialogs() + lab->client("bob").dialogs() == 0;
  })) << lab->world().log();
  lab->world().run_for(5min);
  EXPECT_EQ(lab->client("alice").media_sessions(), 0U);
  EXPECT_EQ(lab->leftovers(), "");
}

}  // namespace
}  // namespace convene::tests
