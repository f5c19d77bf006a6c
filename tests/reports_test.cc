#include "tests/lab.h"

// Disposition notifications through the focus, as their senders see them. Conversation 11, RFC
// 5438.
namespace convene::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr cpim::DispositionNotification everything{
    .positive_delivery = true, .negative_delivery = true, .processing = false, .display = true};

std::string address_of(const std::string& name) { return "sip:" + name + "@ims.example"; }

// Alice, bob, carol and dave are in a group.
struct Reports : testing::Test {
  Reports() {
    lab.add_cast();
    lab.create_group("alice", {"bob", "carol", "dave"});
    EXPECT_TRUE(lab.wait([&] { return joined_as_alice_sees() == 4; }));
  }
  std::size_t joined_as_alice_sees() {
    const auto session = lab.client("alice").session(lab.group_of("alice"));
    return static_cast<std::size_t>(std::ranges::count(
        session->roster, client::Participant::State::joined, &client::Participant::state));
  }
  std::string say(const std::string& name, const std::string& text,
                  const cpim::DispositionNotification& wants = everything) {
    const auto said = lab.with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_chat(lab.group_of(name), {.octets = text, .wants = wants}, now, o);
    });
    EXPECT_TRUE(said) << (said ? "" : said.error().detail);
    return said.value_or("");
  }
  void read(const std::string& name, const std::string& id) {
    const auto read = lab.with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.displayed(lab.group_of(name), id, now, o);
    });
    EXPECT_TRUE(read) << name << ": " << (read ? "" : read.error().detail);
  }
  template <class F>
  void each(const std::vector<std::string>& names, F call) {
    for (const auto& name : names) call(name);
  }
  void disconnect(const std::string& name) {
    EXPECT_TRUE(lab.with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.disconnect(lab.group_of(name), now, o);
    }));
    EXPECT_TRUE(lab.wait([&] { return lab.count<client::Ended>(name) > 0; }));
    lab.world().run_for(5s);  // its BYE has reached the focus
  }
  void rejoin(const std::string& name) {
    const auto before = lab.count<client::Joined>(name);
    EXPECT_TRUE(lab.with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.rejoin(lab.group_of(name), now, o);
    }));
    EXPECT_TRUE(lab.wait([&] { return lab.count<client::Joined>(name) > before; }));
  }
  // Who has told alice so, in order of arrival.
  std::vector<std::string> who(imdn::Status status) {
    std::vector<std::string> names;
    for (const auto& report : lab.events<client::DeliveryReport>("alice"))
      if (report.status == status) names.push_back(report.recipient);
    return names;
  }
  bool hears(imdn::Status status, std::size_t count) {
    return lab.wait([&] { return who(status).size() >= count; }, 5min);
  }
  std::size_t hears_nothing_more() {
    const auto before = lab.count<client::DeliveryReport>("alice");
    lab.world().run_for(2min);
    return lab.count<client::DeliveryReport>("alice") - before;
  }
  std::size_t dropped_by_focus() {
    return lab.server().snapshot().controlling.groups.front().dropped_reports;
  }

  Lab lab;
};

// F2
TEST_F(Reports, come_from_each_member_to_the_sender_alone) {
  const auto id = say("alice", "hello");
  ASSERT_TRUE(hears(imdn::Status::delivered, 3));

  read("bob", id);
  ASSERT_TRUE(hears(imdn::Status::displayed, 1));

  EXPECT_THAT(who(imdn::Status::delivered),
              UnorderedElementsAre(address_of("bob"), address_of("carol"), address_of("dave")));
  EXPECT_THAT(who(imdn::Status::displayed), ElementsAre(address_of("bob")));
  each({"bob", "carol", "dave"},
       [&](const auto& name) { EXPECT_EQ(lab.count<client::DeliveryReport>(name), 0U) << name; });
  EXPECT_EQ(dropped_by_focus(), 0U);
}

// R4.1h
TEST_F(Reports, are_kept_by_the_client_for_each_member) {
  const auto id = say("alice", "hello");
  EXPECT_THAT(lab.client("alice").deliveries(id),
              UnorderedElementsAre(client::Delivery{.recipient = address_of("bob")},
                                   client::Delivery{.recipient = address_of("carol")},
                                   client::Delivery{.recipient = address_of("dave")}));

  ASSERT_TRUE(hears(imdn::Status::delivered, 3));
  read("carol", id);
  ASSERT_TRUE(hears(imdn::Status::displayed, 1));

  EXPECT_THAT(lab.client("alice").deliveries(id),
              testing::Contains(client::Delivery{.recipient = address_of("carol"),
                                                 .delivery = imdn::Status::delivered,
                                                 .display = imdn::Status::displayed}));
}

// By SIP MESSAGE, from who is not in the session any more.
TEST_F(Reports, come_after_the_end_of_the_session) {
  const auto id = say("alice", "hello");
  ASSERT_TRUE(hears(imdn::Status::delivered, 3));
  disconnect("bob");

  read("bob", id);

  EXPECT_TRUE(hears(imdn::Status::displayed, 1));
}

// The focus knows where its former members are.
TEST_F(Reports, come_to_a_sender_who_has_left_the_group) {
  const auto id = say("alice", "hello");
  ASSERT_TRUE(hears(imdn::Status::delivered, 3));
  EXPECT_TRUE(lab.with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.leave(lab.group_of("alice"), now, o);
  }));
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::Ended>("alice") > 0; }));

  read("bob", id);

  EXPECT_TRUE(hears(imdn::Status::displayed, 1));
  EXPECT_THAT(who(imdn::Status::displayed), ElementsAre(address_of("bob")));
}

TEST_F(Reports, wait_for_a_sender_who_is_away_until_he_is_back) {
  const auto id = say("alice", "hello");
  ASSERT_TRUE(hears(imdn::Status::delivered, 3));
  disconnect("alice");
  lab.world().cut_off("alice");
  read("bob", id);
  lab.world().run_for(2min);
  EXPECT_THAT(who(imdn::Status::displayed), IsEmpty());

  lab.world().bring_back("alice");
  rejoin("alice");

  EXPECT_TRUE(hears(imdn::Status::displayed, 1));
}

TEST_F(Reports, come_from_who_went_and_rejoined) {
  const auto id = say("alice", "hello");
  ASSERT_TRUE(hears(imdn::Status::delivered, 3));
  disconnect("bob");
  rejoin("bob");

  read("bob", id);

  EXPECT_TRUE(hears(imdn::Status::displayed, 1));
}

// RFC 5438 8
TEST_F(Reports, tell_of_a_member_that_cannot_be_reached) {
  lab.world().cut_off("carol");

  say("alice", "hello", {.negative_delivery = true});

  ASSERT_TRUE(hears(imdn::Status::failed, 1));
  EXPECT_THAT(who(imdn::Status::failed), ElementsAre(address_of("carol")));
  EXPECT_EQ(hears_nothing_more(), 0U);
}

// R4.7f, conversation 14.6, G-15: who does not say store and forward is not sent the wrapper.
TEST_F(Reports, on_a_file_come_from_who_was_sent_its_wrapper) {
  client::FileToSend file;
  file.wants = {.positive_delivery = true, .negative_delivery = true};
  const auto transfer = lab.send_file("alice", octets_of_file(20'000), file);
  const auto id = lab.client("alice").transfer(transfer)->imdn_id;

  ASSERT_TRUE(hears(imdn::Status::delivered, 1));

  EXPECT_THAT(who(imdn::Status::delivered), ElementsAre(address_of("bob")));
  EXPECT_EQ(lab.events<client::DeliveryReport>("alice").front().id, id);
  EXPECT_EQ(hears_nothing_more(), 0U);
  EXPECT_EQ(lab.files("carol").size(), 1U);
  EXPECT_EQ(lab.leftovers(), "");
}

// Conversation 11: a report is never broadcast.
TEST_F(Reports, without_an_addressee_reach_nobody) {
  const auto id = say("alice", "hello", {.positive_delivery = true});
  ASSERT_TRUE(hears(imdn::Status::delivered, 3));

  const auto sent = lab.with("bob", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_chat(lab.group_of("bob"),
                       {.octets = imdn::to_text({.message_id = id}),
                        .content_type = "message/imdn+xml",
                        .wants = {},
                        .to = ""},
                       now, o);
  });
  ASSERT_TRUE(sent) << sent.error().detail;

  ASSERT_TRUE(lab.wait([&] { return lab.count<client::ChatFailed>("bob") > 0; }));
  EXPECT_EQ(hears_nothing_more(), 0U);
  EXPECT_EQ(lab.client("carol").dropped_reports(), 0U);
}

}  // namespace
}  // namespace convene::tests
