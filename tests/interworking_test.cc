#include "node/interworking_node.h"
#include "tests/lab.h"

// R1.16, A6, flow F10: who is no CPM user takes part by way of the ISF.
namespace convene::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Interworking : testing::Test {
  static LabSettings settings() {
    LabSettings settings;
    settings.policy.group.interworking_uri = "sip:10.0.9.9:5060;transport=tcp;lr";
    return settings;
  }
  Interworking() {
    lab.world().add("isf", sim::HostSettings{.address = "10.0.9.9"}, [](sim::Machine machine) {
      return std::make_unique<node::InterworkingNode>(
          isf::Settings{.routes = {{"sip:grandma@", isf::Service::sms}}}, machine.surroundings);
    });
  }
  const isf::InterworkingFunction& isf() {
    return lab.world().get<node::InterworkingNode>("isf").function();
  }
  const controlling::ParticipantView* member(const std::string& address) {
    groups = lab.server().snapshot().controlling.groups;
    for (const auto& one : groups.at(0).participants) {
      if (one.address == address) return &one;
    }
    return nullptr;
  }
  Lab lab{settings()};
  std::vector<controlling::GroupView> groups;
};

// R1.16, conversation 16: her answer counts like a participant's.
TEST_F(Interworking, lets_somebody_without_a_device_of_ours_take_part) {
  lab.add_cast();
  lab.create_group("alice", {"bob", "grandma"});
  ASSERT_TRUE(lab.wait([&] { return isf().sessions() == 1; })) << lab.world().log();
  ASSERT_TRUE(lab.wait([&] {
    const auto* grandma = member("sip:grandma@ims.example");
    return grandma && grandma->legs.size() == 1 &&
           grandma->legs[0].state == controlling::LegState::joined;
  }));

  lab.say("alice", "Dinner at six");

  ASSERT_TRUE(lab.wait([&] { return isf().delivered().size() == 1; })) << lab.world().log();
  EXPECT_EQ(isf().delivered().front(), (isf::Delivered{isf::Service::sms, "sip:grandma@ims.example",
                                                       "sip:alice@ims.example", "Dinner at six"}));
}

// Conversation 16: her Contact indicates nothing, so that files pass her by.
TEST_F(Interworking, brings_no_files_to_who_has_not_indicated_them) {
  lab.add_cast();
  lab.create_group("alice", {"bob", "grandma"});
  ASSERT_TRUE(lab.wait([&] { return isf().sessions() == 1; }));
  lab.send_file("alice", octets_of_file(10'000));
  ASSERT_TRUE(lab.wait([&] { return lab.files("bob").size() == 1; }));
  EXPECT_EQ(isf().sessions(), 1U);
}

// A6: one attempt; who cannot be reached that way either has not joined.
TEST_F(Interworking, is_tried_once) {
  lab.add_cast();
  lab.create_group("alice", {"bob", "stranger"});
  lab.world().run_for(10s);
  EXPECT_THAT(member("sip:stranger@ims.example")->legs, IsEmpty());
  EXPECT_EQ(isf().sessions(), 0U);
}

// CPM 9.1.1, 9.1.2 (6), R1.16: of a list, too; in pager mode, and in large message mode.
TEST_F(Interworking, brings_messages_to_a_list_to_who_is_no_cpm_user) {
  lab.add_cast();
  const std::string large(3'000, 'x');
  for (const auto& text : {std::string{"Dinner at six"}, large}) {
    const auto sent = lab.with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_message(
          {.to = {"sip:bob@ims.example", "sip:grandma@ims.example"}, .octets = text}, now, o);
    });
    ASSERT_TRUE(sent);
  }
  ASSERT_TRUE(lab.wait([&] { return isf().delivered().size() == 2; })) << lab.world().log();
  for (const auto& one : isf().delivered()) {
    EXPECT_EQ(one.recipient, "sip:grandma@ims.example");
    EXPECT_EQ(one.from, "sip:alice@ims.example");
  }
  EXPECT_EQ(isf().delivered()[0].text, "Dinner at six");
  EXPECT_EQ(isf().delivered()[1].text, large);
  EXPECT_TRUE(lab.wait([&] { return lab.chats("bob").size() == 2; }));
  EXPECT_TRUE(lab.wait([&] { return isf().sessions() == 0; })) << lab.world().log();
}

// RFC 5438 8: who is not reached either way is reported as failed.
TEST_F(Interworking, reports_who_on_a_list_cannot_be_reached_either_way) {
  lab.add_cast();
  const auto id = lab.with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_message({.to = {"sip:bob@ims.example", "sip:stranger@ims.example"},
                           .octets = "Dinner at six",
                           .wants = {.negative_delivery = true}},
                          now, o);
  });
  ASSERT_TRUE(id);
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::DeliveryReport>("alice") == 1; }))
      << lab.world().log();
  const auto report = lab.events<client::DeliveryReport>("alice").front();
  EXPECT_EQ(report.recipient, "sip:stranger@ims.example");
  EXPECT_EQ(report.status, imdn::Status::failed);
}

// R6.4: the leave and the end reach her, too.
TEST_F(Interworking, ends_with_the_group) {
  lab.add_cast();
  lab.create_group("alice", {"bob", "grandma"});
  ASSERT_TRUE(lab.wait([&] { return isf().sessions() == 1; }));
  for (const auto* name : {"alice", "bob"}) {
    lab.with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.leave(lab.group_of(name), now, o);
    });
  }
  EXPECT_TRUE(lab.wait([&] { return isf().sessions() == 0; })) << lab.world().log();
}

}  // namespace
}  // namespace convene::tests
