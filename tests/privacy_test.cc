#include "tests/lab.h"

// R1.8, R1.17-R1.19, R2.3c, G-36: what the others receive is searched for an anonymous member.
namespace convene::tests {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

// Erin is anonymous. The others are alice, who creates the group, bob, carol, and frank, whom erin
// adds.
struct Privacy : testing::Test {
  static LabSettings settings(bool allows) {
    LabSettings settings;
    settings.policy.group.allow_anonymity = allows;
    settings.policy.information.at_most_every = 0ms;
    settings.policy.information.display_text = true;
    settings.adjust = [](const std::string& name, client::Settings& client) {
      if (name != "erin") return;
      client.is_anonymous = true;
      client.services = {true, true, true};
    };
    return settings;
  }
  // What only somebody who knows her can say.
  static bool names_erin(const std::string& octets) {
    return octets.find("erin") != octets.npos || octets.find("Erin") != octets.npos;
  }
  // Everything that the others have received and that names her; their own words do not count.
  std::vector<std::string> leaks() {
    std::vector<std::string> found;
    for (const auto& sent : lab.world().wire()) {
      const bool is_hers = sent.to == "erin" || sent.to == "cf";
      if (!is_hers && names_erin(sent.octets)) found.push_back(sent.to + ": " + sent.octets);
    }
    return found;
  }
  bool joined(const std::string& name) { return lab.count<client::Joined>(name) > 0; }

  Lab lab{settings(true)};
};

TEST_F(Privacy, holds_for_chat_files_reports_and_referrals) {
  lab.add_cast();
  lab.add("frank", Device::everything);
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::Registered>("frank") > 0; }));
  lab.create_group("alice", {"bob", "carol", "erin"});

  // She speaks, is written to with reports wanted, sends a file, and gets one.
  lab.say("erin", "Who am I?");
  const auto asked = lab.with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_chat(lab.group_of("alice"),
                       {.octets = "A riddle", .wants = {.positive_delivery = true}}, now, o);
  });
  ASSERT_TRUE(asked);
  lab.send_file("erin", octets_of_file(20'000), {.body = {}, .name = "riddle.txt"});
  ASSERT_TRUE(lab.wait([&] { return lab.files("bob").size() == 1; })) << lab.world().log();
  client::FileToSend with_reports{.body = {}, .name = "answer.txt"};
  with_reports.wants = {.positive_delivery = true};
  lab.send_file("alice", octets_of_file(10'000, 2), with_reports);
  ASSERT_TRUE(lab.wait([&] { return lab.files("erin").size() == 1; }));

  // She takes a name, adds frank, disconnects, comes back, and leaves.
  lab.with("erin", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.set_nickname(lab.group_of("erin"), "Sphinx", now, o);
  });
  lab.with("erin", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.add(lab.group_of("erin"), {"sip:frank@ims.example"}, now, o);
  });
  ASSERT_TRUE(lab.wait([&] { return joined("frank"); })) << lab.world().log();
  lab.with("erin", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.disconnect(lab.group_of("erin"), now, o);
  });
  lab.world().run_for(1s);
  lab.with("erin", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.rejoin(lab.group_of("erin"), now, o);
  });
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::Joined>("erin") == 2; }));
  lab.with("erin", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.leave(lab.group_of("erin"), now, o);
  });
  lab.world().run_for(10s);

  EXPECT_THAT(leaks(), ElementsAre());
  // And what was to be told was told, under one name.
  const std::string pseudonym = "sip:anonymous-1@10.0.0.1:5060";
  EXPECT_THAT(lab.events<client::ChatReceived>("bob"),
              Contains(testing::Field(&client::ChatReceived::from,
                                      testing::Field(&client::Person::address, pseudonym))));
  const auto reports = lab.events<client::DeliveryReport>("alice");
  EXPECT_THAT(reports, Contains(testing::Field(&client::DeliveryReport::recipient, pseudonym)));
  const auto roster = lab.events<client::RosterChanged>("bob").back().participants;
  EXPECT_THAT(roster, Contains(testing::Field(&client::Participant::nickname, "Sphinx")));
}

// What the search finds where nobody asked for it.
TEST_F(Privacy, is_not_for_who_does_not_ask) {
  auto open = settings(true);
  open.adjust = {};
  Lab everybody{open};
  everybody.add_cast();
  everybody.create_group("alice", {"bob", "erin"});
  everybody.world().run_for(10s);
  EXPECT_TRUE(std::ranges::any_of(everybody.world().wire(), [](const auto& sent) {
    return sent.to == "bob" && names_erin(sent.octets);
  }));
}

// R1.18, F10.4: no word reaches or leaves who wanted it in vain.
TEST_F(Privacy, removes_who_wants_it_where_it_is_not_allowed) {
  Lab strict{settings(false)};
  strict.add_cast();
  strict.create_group("alice", {"bob", "erin"});
  ASSERT_TRUE(strict.wait([&] { return strict.count<client::Ended>("erin") > 0; }));
  const auto ended = strict.events<client::Ended>("erin").at(0);
  EXPECT_EQ(ended.reason, client::EndReason::removed);
  EXPECT_EQ(ended.text, "Anonymity not allowed");
  strict.say("alice", "Only for members");
  strict.world().run_for(5s);
  EXPECT_THAT(strict.chats("bob"), ElementsAre("Only for members"));
  EXPECT_THAT(strict.chats("erin"), ElementsAre());
}

// R2.3c, R1.8: an inviter who stays unknown; the wire to the invitee has no address to show.
TEST_F(Privacy, hides_who_invites) {
  lab.add_cast();
  lab.create_group("erin", {"alice", "bob"});
  lab.world().run_for(10s);
  EXPECT_THAT(leaks(), ElementsAre());
}

}  // namespace
}  // namespace convene::tests
