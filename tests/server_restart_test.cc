#include <functional>
#include <optional>

#include "tests/lab.h"

// The server dies at every effect around a change of a group, and is started again: what it had
// acknowledged is there. CPM 9.2.7 (5), R6.8
namespace convene::tests {
namespace {

using testing::Contains;
using testing::Not;

LabSettings durable() {
  LabSettings lab;
  lab.policy.state.is_durable = true;
  return lab;
}

// alice, bob and carol, and a server that may die.
struct Mortal {
  Mortal() {
    for (const char* name : {"alice", "bob", "carol"}) lab.add(name, Device::everything);
    EXPECT_TRUE(lab.wait([&] { return lab.count<client::Registered>("carol") > 0; }));
  }

  // All of them, or all but one.
  void gather(std::string_view without = {}) {
    std::vector<std::string> others;
    for (const char* name : {"bob", "carol"}) {
      if ("sip:" + std::string{name} + "@ims.example" != without) others.emplace_back(name);
    }
    lab.create_group("alice", others);
    lab.world().settle();
  }
  void add(const std::string& name, const std::string& whom) {
    (void)lab.with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.add(lab.group_of(name), {whom}, now, o);
    });
  }
  void remove(const std::string& name, const std::string& whom) {
    (void)lab.with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.remove(lab.group_of(name), whom, now, o);
    });
  }
  void disconnect(const std::string& name) {
    (void)lab.with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.disconnect(lab.group_of(name), now, o);
    });
  }
  void leave(const std::string& name) {
    (void)lab.with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.leave(lab.group_of(name), now, o);
    });
  }
  bool rejoin(const std::string& name) {
    const auto before = lab.count<client::Joined>(name);
    disconnect(name);
    lab.world().run_for(1s);
    const auto begun = lab.with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.rejoin(lab.group_of(name), now, o);
    });
    return begun && lab.wait([&] { return lab.count<client::Joined>(name) > before; }, 20s);
  }

  // Does it, with a server that dies at the n-th effect from now; nothing: it came through.
  bool dies_during(std::size_t n, const std::function<void()>& act) {
    lab.world().clear_wire();
    lab.world().crash_at_effect("cf", n);
    act();
    lab.world().run_for(5s);
    return !lab.world().is_up("cf");
  }
  void restart() {
    lab.world().restart("cf");
    for (const char* name : {"alice", "bob", "carol"}) lab.register_user(name);
    lab.world().run_for(40s);  // connections that died are noticed
  }

  // Whether the server said so, however far the message came.
  bool was_told(std::string_view to, std::string_view status_line, std::string_view method) {
    return std::ranges::any_of(lab.world().wire(), [&](const sim::Sent& sent) {
      return sent.from == "cf" && sent.to == to && sent.octets.starts_with(status_line) &&
             sent.octets.find(" " + std::string{method} + "\r\n") != std::string::npos;
    });
  }

  bool was_sent(std::string_view to, std::string_view beginning) {
    return std::ranges::any_of(lab.world().wire(), [&](const sim::Sent& sent) {
      return sent.from == "cf" && sent.to == to && sent.octets.starts_with(beginning);
    });
  }

  std::vector<std::string> members() {
    std::vector<std::string> found;
    for (const auto& group : lab.server().snapshot().controlling.groups) {
      for (const auto& one : group.participants) found.push_back(one.address);
    }
    return found;
  }
  std::size_t groups() { return lab.server().snapshot().controlling.groups.size(); }

  Lab lab{durable()};
};

// Calls it with 1, 2, ... until the server lives through it; how often it died.
std::size_t at_every_effect(const std::function<bool(std::size_t n)>& dies) {
  std::size_t n = 1;
  while (n < 500 && dies(n)) ++n;
  return n - 1;
}

constexpr int overload =
    500;  // what the registrar, a proxy, makes of the focus's 503. RFC 3261 16.7

constexpr const char* alice = "sip:alice@ims.example";
constexpr const char* bob = "sip:bob@ims.example";
constexpr const char* carol = "sip:carol@ims.example";

TEST(AServerThatDiesDuringACreation, has_the_group_if_it_has_said_so) {
  std::size_t kept = 0;
  const auto deaths = at_every_effect([&](std::size_t n) {
    Mortal lab;
    const auto create = [&] {
      const client::NewGroup group{.subject = "Trail Sunday", .members = {bob, carol}};
      (void)lab.lab.with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
        return c.create_group(group, now, o);
      });
    };
    if (!lab.dies_during(n, create)) return false;
    const bool is_told = lab.was_told("alice", "SIP/2.0 200", "INVITE");
    const bool others_know = !lab.lab.events<client::Invited>("bob").empty();
    lab.restart();

    EXPECT_LE(lab.groups(), 1U) << n;
    if (is_told || others_know) {
      EXPECT_THAT(lab.members(), testing::ElementsAre(alice, bob, carol)) << n;
      ++kept;
    }
    return true;
  });
  EXPECT_GT(deaths, 15U);
  EXPECT_GT(kept, 10U);
}

TEST(AServerThatDiesDuringALeave, has_struck_the_member_if_it_has_said_so) {
  std::size_t told = 0;
  const auto deaths = at_every_effect([&](std::size_t n) {
    Mortal lab;
    lab.gather();
    if (!lab.dies_during(n, [&] { lab.leave("bob"); })) return false;
    const bool is_told = lab.was_told("bob", "SIP/2.0 200", "BYE");
    lab.restart();

    EXPECT_EQ(lab.groups(), 1U) << n;
    EXPECT_THAT(lab.members(), testing::AllOf(Contains(alice), Contains(carol))) << n;
    if (is_told) {
      EXPECT_THAT(lab.members(), Not(Contains(bob))) << n;
      EXPECT_FALSE(lab.rejoin("bob")) << n;
      ++told;
    }
    return true;
  });
  EXPECT_GT(deaths, 2U);
  EXPECT_GT(told, 0U);
}

// Conversation 6.5: an addition that was acknowledged, or that anybody has heard of, is kept.
TEST(AServerThatDiesDuringAnAddition, has_the_member_if_it_has_said_so) {
  std::size_t told = 0;
  const auto deaths = at_every_effect([&](std::size_t n) {
    Mortal lab;
    lab.gather(carol);
    if (!lab.dies_during(n, [&] { lab.add("alice", carol); })) return false;
    const bool is_told = lab.was_told("alice", "SIP/2.0 202", "REFER");
    const bool is_invited = !lab.lab.events<client::Invited>("carol").empty();
    lab.restart();

    EXPECT_EQ(lab.groups(), 1U) << n;
    EXPECT_THAT(lab.members(), testing::AllOf(Contains(alice), Contains(bob))) << n;
    if (is_told || is_invited) {
      EXPECT_THAT(lab.members(), Contains(carol)) << n;
      ++told;
    }
    return true;
  });
  EXPECT_GT(deaths, 5U);
  EXPECT_GT(told, 2U);
}

// CPM 9.2.11: nobody is sent away who may come back after all.
TEST(AServerThatDiesDuringARemoval, has_removed_the_member_if_it_has_said_so) {
  std::size_t told = 0;
  const auto deaths = at_every_effect([&](std::size_t n) {
    Mortal lab;
    lab.gather();
    if (!lab.dies_during(n, [&] { lab.remove("alice", carol); })) return false;
    const bool is_told = lab.was_told("alice", "SIP/2.0 202", "REFER");
    const bool is_sent_away = lab.was_sent("carol", "BYE ");
    lab.restart();

    EXPECT_EQ(lab.groups(), 1U) << n;
    EXPECT_THAT(lab.members(), testing::AllOf(Contains(alice), Contains(bob))) << n;
    if (is_told || is_sent_away) {
      EXPECT_THAT(lab.members(), Not(Contains(carol))) << n;
      EXPECT_FALSE(lab.rejoin("carol")) << n;
      ++told;
    }
    return true;
  });
  EXPECT_GT(deaths, 5U);
  EXPECT_GT(told, 2U);
}

// Conversation 6.4: whenever it died, the members come back to the same group.
TEST(AServerThatDiesDuringARejoin, is_rejoined_by_all_with_the_same_ids) {
  const auto deaths = at_every_effect([&](std::size_t n) {
    Mortal lab;
    lab.gather();
    for (const char* name : {"alice", "bob", "carol"}) lab.disconnect(name);
    lab.lab.world().run_for(5s);
    const auto before = lab.lab.server().snapshot().controlling.groups.at(0);
    EXPECT_FALSE(before.is_active);

    const auto rejoin = [&] {
      (void)lab.lab.with("bob", [&](client::Client& c, TimePoint now, client::Output& o) {
        return c.rejoin(lab.lab.group_of("bob"), now, o);
      });
    };
    if (!lab.dies_during(n, rejoin)) return false;
    lab.restart();
    EXPECT_TRUE(lab.rejoin("alice")) << n << lab.lab.world().log();
    const auto all_are_in = [&] {
      const auto group = lab.lab.server().snapshot().controlling.groups.at(0);
      return std::ranges::all_of(group.participants, [](const auto& one) {
        return !one.legs.empty() && one.legs.front().state == controlling::LegState::joined;
      });
    };
    EXPECT_TRUE(lab.lab.wait(all_are_in)) << n << lab.lab.world().log();

    EXPECT_EQ(lab.groups(), 1U) << n;
    const auto after = lab.lab.server().snapshot().controlling.groups.at(0);
    EXPECT_EQ(after.focus, before.focus);
    EXPECT_EQ(after.contribution, before.contribution);
    EXPECT_EQ(after.conversation, before.conversation);
    EXPECT_EQ(after.subject, "Trail Sunday");
    return true;
  });
  EXPECT_GT(deaths, 10U);
}

struct ServerState : testing::Test {
  Mortal mortal;
  Lab& lab = mortal.lab;
};

// A full or failing disk: nothing new that must be kept, and what runs goes on; it recovers by
// itself.
TEST_F(ServerState, that_cannot_be_stored_refuses_new_groups_and_lets_chats_go_on) {
  mortal.gather();
  lab.world().disk("cf").fault = sim::Disk::Fault::refuses;
  const auto refused = lab.with("bob", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.create_group({.subject = "Another", .members = {alice}}, now, o);
  });
  ASSERT_TRUE(refused);
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::Ended>("bob") > 0; }, 2s));
  EXPECT_EQ(lab.events<client::Ended>("bob").back().status, overload);

  lab.say("alice", "still here?");
  EXPECT_TRUE(lab.wait([&] { return !lab.chats("carol").empty(); }));

  lab.world().disk("cf").fault = sim::Disk::Fault::none;
  const auto joined = lab.count<client::Joined>("bob");
  (void)lab.with("bob", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.create_group({.subject = "Another", .members = {alice}}, now, o);
  });
  EXPECT_TRUE(lab.wait([&] { return lab.count<client::Joined>("bob") > joined; }));
}

// A disk that does not answer: refused within two seconds, and signalling is not held up.
TEST_F(ServerState, that_hangs_refuses_in_time) {
  lab.world().disk("cf").fault = sim::Disk::Fault::hangs;
  (void)lab.with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.create_group({.subject = "", .members = {bob}}, now, o);
  });
  EXPECT_TRUE(lab.wait([&] { return lab.count<client::Ended>("alice") > 0; }, 2'100ms));
  EXPECT_EQ(lab.events<client::Ended>("alice").back().status, overload);
  EXPECT_EQ(mortal.groups(), 0U);
}

// Two members restart the group at once, right after the server did: one group, one session.
TEST_F(ServerState, lets_two_members_rejoin_at_once) {
  mortal.gather();
  mortal.restart();
  for (const char* name : {"alice", "bob", "carol"}) mortal.disconnect(name);
  lab.world().run_for(5s);
  for (const char* name : {"alice", "bob"}) {
    EXPECT_TRUE(lab.with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.rejoin(lab.group_of(name), now, o);
    }));
  }
  EXPECT_TRUE(lab.wait([&] {
    const auto groups = lab.server().snapshot().controlling.groups;
    return groups.size() == 1 && std::ranges::all_of(groups[0].participants, [](const auto& one) {
             return one.legs.size() == 1 && one.legs[0].state == controlling::LegState::joined;
           });
  })) << lab.world().log();
}

}  // namespace
}  // namespace convene::tests
