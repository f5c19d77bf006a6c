#include "tests/lab.h"

// Conversation 6.3-6.7: members come, go, come back, are added and removed.
namespace convene::tests {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::SizeIs;

struct GroupLife : testing::Test {
  void SetUp() override {
    lab.add_cast();
    lab.add("frank", Device::everything);
    ASSERT_TRUE(lab.wait([&] { return lab.count<client::Registered>("frank") > 0; }));
    lab.create_group("alice", {"bob", "carol", "dave"});
  }
  // A verb that may fail; it must not.
  template <class F>
  void does(const std::string& name, F f) {
    const auto done = lab.with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return f(c, lab.group_of(name), now, o);
    });
    EXPECT_TRUE(done) << name;
  }
  void disconnect(const std::string& name) {
    does(name, [](auto& c, auto id, auto now, auto& o) { return c.disconnect(id, now, o); });
  }
  void rejoin(const std::string& name) {
    does(name, [](auto& c, auto id, auto now, auto& o) { return c.rejoin(id, now, o); });
  }
  bool is_in(const std::string& name) {
    const auto session = lab.client(name).session(lab.group_of(name));
    return session && session->can_send_chat;
  }
  // Addresses of who is in the one active group, by the server's books.
  std::vector<std::string> in_session() {
    std::vector<std::string> found;
    for (const auto& group : lab.server().snapshot().controlling.groups) {
      for (const auto& one : group.participants) {
        for (const auto& leg : one.legs) {
          if (leg.state == controlling::LegState::joined) found.push_back(one.address);
        }
      }
    }
    std::ranges::sort(found);
    return found;
  }
  const std::vector<std::string> four{"sip:alice@ims.example", "sip:bob@ims.example",
                                      "sip:carol@ims.example", "sip:dave@ims.example"};
  Lab lab;
};

// Conversation 6.5
TEST_F(GroupLife, takes_in_who_is_added_by_any_member) {
  does("bob", [](auto& c, auto id, auto now, auto& o) {
    return c.add(id, {"sip:frank@ims.example", "sip:erin@ims.example"}, now, o);
  });
  ASSERT_TRUE(lab.wait([&] { return in_session().size() == 6; })) << lab.world().log();
  EXPECT_EQ(lab.events<client::Referred>("bob").at(0).status, 202);
  lab.say("dave", "Welcome");
  EXPECT_TRUE(lab.wait([&] { return lab.chats("frank").size() == 1; }));
}

// CPM 9.2.11, conversation 6.6
TEST_F(GroupLife, lets_go_of_who_is_removed_by_its_creator) {
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::RosterChanged>("carol") > 0; }));
  does("alice", [](auto& c, auto id, auto now, auto& o) {
    return c.remove(id, "sip:bob@ims.example", now, o);
  });
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::Ended>("bob") > 0; }));
  EXPECT_EQ(lab.events<client::Ended>("bob").at(0).reason, client::EndReason::removed);
  ASSERT_TRUE(lab.wait([&] {
    const auto rosters = lab.events<client::RosterChanged>("carol");
    return !rosters.empty() &&
           std::ranges::any_of(rosters.back().participants,
                               [](const auto& one) { return one.how == "booted"; });
  })) << lab.world().log();

  rejoin("bob");
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::Ended>("bob") > 1; }));
  EXPECT_EQ(lab.events<client::Ended>("bob").at(1).status, 403);
}

// Conversation 6.6, 17: nobody else may.
TEST_F(GroupLife, keeps_who_is_to_be_removed_by_just_anybody) {
  does("bob", [](auto& c, auto id, auto now, auto& o) {
    return c.remove(id, "sip:carol@ims.example", now, o);
  });
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::Referred>("bob") > 0; }));
  EXPECT_EQ(lab.events<client::Referred>("bob").at(0).status, 403);
  EXPECT_EQ(in_session(), four);
}

// Conversation 6.4: all went, and three come back in the same moment.
TEST_F(GroupLife, is_one_group_when_several_rejoin_at_once) {
  for (const auto* name : {"alice", "bob", "carol", "dave"}) disconnect(name);
  lab.world().run_for(5s);
  EXPECT_THAT(in_session(), ElementsAre());

  for (const auto* name : {"bob", "carol", "dave"}) rejoin(name);

  ASSERT_TRUE(lab.wait([&] { return in_session() == four; })) << lab.world().log();
  lab.world().run_for(5s);
  EXPECT_EQ(in_session(), four);
  for (const auto* name : {"alice", "bob", "carol", "dave"}) EXPECT_TRUE(is_in(name)) << name;
}

// Conversation 6.4, F7.3, F7.4: a server that has forgotten everything; two restart at once.
TEST_F(GroupLife, is_one_group_when_two_restart_it_at_once) {
  const auto forgotten = lab.client("bob").session(lab.group_of("bob"))->focus;
  lab.world().run_for(5s);  // everybody knows who is in
  lab.world().restart("cf");
  for (const auto* name : {"alice", "bob", "carol", "dave"}) {
    disconnect(name);
    lab.with(name, [](client::Client& c, TimePoint now, client::Output& o) {
      c.register_user(now, o);
      return true;
    });
  }
  lab.world().run_for(40s);

  rejoin("bob");
  rejoin("carol");

  ASSERT_TRUE(lab.wait([&] { return in_session() == four; })) << lab.world().log();
  EXPECT_THAT(lab.server().snapshot().controlling.groups, SizeIs(1));
  const auto session = lab.client("bob").session(lab.group_of("bob"));
  EXPECT_NE(session->focus, forgotten);
  lab.say("carol", "Again");
  EXPECT_TRUE(lab.wait([&] { return lab.chats("alice").size() == 1; }));
}

// RFC 3261 15.1.2: BYEs that cross are both answered, and nothing stays.
TEST_F(GroupLife, ends_cleanly_when_byes_cross) {
  does("dave", [](auto& c, auto id, auto now, auto& o) { return c.leave(id, now, o); });
  does("carol", [](auto& c, auto id, auto now, auto& o) { return c.leave(id, now, o); });
  does("bob", [](auto& c, auto id, auto now, auto& o) { return c.leave(id, now, o); });
  does("alice", [](auto& c, auto id, auto now, auto& o) { return c.leave(id, now, o); });
  lab.world().run_for(60s);
  EXPECT_THAT(in_session(), ElementsAre());
  EXPECT_EQ(lab.leftovers(), "");
  for (const auto* name : {"alice", "bob", "carol", "dave"}) {
    EXPECT_EQ(lab.client(name).dialogs(), 0U) << name;
  }
}

// RFC 3261 9.1: who is removed while saying yes is acknowledged, and sent away.
TEST_F(GroupLife, ends_a_leg_whose_200_crosses_our_cancel) {
  lab.world().set_link("frank", "cf", {.delay = 500ms});
  does("alice", [](auto& c, auto id, auto now, auto& o) {
    return c.add(id, {"sip:frank@ims.example"}, now, o);
  });
  lab.world().run_for(700ms);  // frank has said yes, and nobody has heard it
  does("alice", [](auto& c, auto id, auto now, auto& o) {
    return c.remove(id, "sip:frank@ims.example", now, o);
  });
  lab.world().run_for(60s);
  EXPECT_EQ(in_session(), four);
  EXPECT_EQ(lab.client("frank").dialogs(), 0U);
}

}  // namespace
}  // namespace convene::tests
