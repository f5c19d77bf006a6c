#include "tests/lab.h"

// Everything through the Participating Functions of both users, which are one entity here: a B2BUA
// for who begins, and another for each for whom it is.
namespace convene::tests {
namespace {

using testing::ElementsAre;

LabSettings with_participating() {
  LabSettings settings;
  settings.participating.emplace();
  return settings;
}

struct ThroughParticipating : testing::Test {
  Lab lab{with_participating()};

  void SetUp() override { lab.add_cast(); }
  std::size_t calls() { return lab.server().snapshot().participating.calls; }
  void leave(const std::string& name) {
    const auto left = lab.with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.leave(lab.group_of(name), now, o);
    });
    EXPECT_TRUE(left);
  }
};

// CPM 8.3.2.3, R6.2: the BYE of either goes on in the other's dialog.
TEST_F(ThroughParticipating, two_talk_and_hang_up) {
  lab.create_session("alice", "bob", "bob");
  EXPECT_EQ(calls(), 2U);
  lab.say("alice", "hello");
  lab.say("bob", "hello, too");
  EXPECT_TRUE(lab.wait([&] { return lab.chats("bob").size() + lab.chats("alice").size() == 2; }));

  leave("bob");
  EXPECT_TRUE(lab.wait([&] { return lab.count<client::Ended>("alice") == 1; }));
  lab.world().run_for(60s);
  EXPECT_EQ(lab.leftovers(), "") << lab.world().log();
}

// G-02: the focus sees the members' Contacts with what they can do, and they see the focus.
TEST_F(ThroughParticipating, a_group_has_its_chat_and_its_files) {
  lab.create_group("alice", {"bob", "carol", "dave", "erin"});
  lab.say("alice", "hello");
  EXPECT_TRUE(lab.wait([&] {
    return std::ranges::all_of(std::array{"bob", "carol", "dave", "erin"},
                               [&](const char* name) { return lab.chats(name).size() == 1; });
  }));

  const auto file = octets_of_file(100'000);
  lab.send_file("bob", file);
  EXPECT_TRUE(lab.wait([&] { return !lab.files("alice").empty() && !lab.files("carol").empty(); }))
      << lab.world().log();
  EXPECT_THAT(lab.files("alice"), ElementsAre(file));
  EXPECT_THAT(lab.files("carol"), ElementsAre(file));

  for (const auto* name : {"alice", "bob", "carol", "dave", "erin"}) leave(name);
  lab.world().run_for(5min);
  EXPECT_EQ(lab.leftovers(), "") << lab.world().log();
}

// RFC 3261 16.10
TEST_F(ThroughParticipating, who_gives_up_stops_the_ringing) {
  LabSettings settings = with_participating();
  settings.adjust = [](const std::string& name, client::Settings& client) {
    client.accept_invitations = name != "bob";
  };
  Lab ringing{std::move(settings)};
  ringing.add_cast();
  const auto created =
      ringing.with("alice", [](client::Client& c, TimePoint now, client::Output& o) {
        return c.create_session({.peer = "sip:bob@ims.example", .subject = "", .ids = {}}, now, o);
      });
  ASSERT_TRUE(created);
  ASSERT_TRUE(ringing.wait([&] { return ringing.count<client::Invited>("bob") == 1; }));
  (void)ringing.with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.leave(*created, now, o);
  });
  EXPECT_TRUE(ringing.wait([&] { return ringing.count<client::Ended>("bob") == 1; }));
  EXPECT_EQ(ringing.events<client::Ended>("bob").at(0).reason, client::EndReason::cancelled);
  ringing.world().run_for(60s);
  EXPECT_EQ(ringing.leftovers(), "");
}

// RFC 3428
TEST_F(ThroughParticipating, a_message_leaves_nothing_behind) {
  const auto sent = lab.with("alice", [](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_message({.to = {"sip:bob@ims.example"}, .octets = "hello"}, now, o);
  });
  ASSERT_TRUE(sent);
  EXPECT_TRUE(lab.wait([&] { return lab.chats("bob").size() == 1; })) << lab.world().log();
  lab.world().run_for(60s);
  EXPECT_EQ(lab.leftovers(), "");
}

}  // namespace
}  // namespace convene::tests
