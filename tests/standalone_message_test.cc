#include "tests/lab.h"

// CPM 7.2, 9.1: messages outside any session, on a simulated network.
namespace convene::tests {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

struct StandaloneMessage : testing::Test {
  void SetUp() override { lab.add_cast(); }

  std::string send(const std::string& name, client::StandaloneMessage message) {
    const auto sent = lab.with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_message(std::move(message), now, o);
    });
    EXPECT_TRUE(sent) << (sent ? "" : sent.error().detail);
    return sent.value_or("");
  }
  std::vector<std::string> reporters(const std::string& name, const std::string& id) {
    std::vector<std::string> found;
    for (const auto& report : lab.events<client::DeliveryReport>(name)) {
      if (report.id == id) found.push_back(report.recipient);
    }
    return found;
  }
  Lab lab;
};

// CPM 7.2.1.1, conversation 11, 13
TEST_F(StandaloneMessage, reaches_one_user_and_is_reported) {
  const auto id = send("alice", {.to = {"sip:bob@ims.example"}, .octets = "Lunch?"});
  ASSERT_TRUE(lab.wait([&] { return !reporters("alice", id).empty(); })) << lab.world().log();
  EXPECT_THAT(lab.chats("bob"), ElementsAre("Lunch?"));
  EXPECT_THAT(reporters("alice", id), ElementsAre("sip:bob@ims.example"));
  EXPECT_EQ(lab.events<client::ChatReceived>("bob").at(0).from.address, "sip:alice@ims.example");
}

// RFC 5365
TEST_F(StandaloneMessage, reaches_everybody_on_a_list_and_is_reported_by_each) {
  const auto id = send("alice", {.to = {"sip:bob@ims.example", "sip:carol@ims.example"},
                                 .bcc = {"sip:dave@ims.example"},
                                 .octets = "Lunch?"});
  ASSERT_TRUE(lab.wait([&] { return reporters("alice", id).size() == 3; })) << lab.world().log();
  for (const auto* name : {"bob", "carol", "dave"}) {
    EXPECT_THAT(lab.chats(name), ElementsAre("Lunch?")) << name;
  }
  EXPECT_THAT(lab.events<client::ChatReceived>("carol").at(0).also_to,
              ElementsAre("sip:bob@ims.example"));
  EXPECT_TRUE(lab.chats("erin").empty());
  EXPECT_TRUE(lab.wait([&] { return lab.leftovers().empty(); })) << lab.leftovers();
}

// CPM 7.2.1.2, 9.1.2: what is too large for pager mode goes the other way by itself.
TEST_F(StandaloneMessage, of_any_size_reaches_one_user_and_is_reported) {
  const std::string text(5'000, 'x');
  const auto id = send("alice", {.to = {"sip:bob@ims.example"}, .octets = text});
  ASSERT_TRUE(lab.wait([&] {
    return !reporters("alice", id).empty() && lab.count<client::ChatSent>("alice") == 1;
  })) << lab.world().log();
  EXPECT_THAT(lab.chats("bob"), ElementsAre(text));
}

// CPM 9.1.2, RFC 5366 3
TEST_F(StandaloneMessage, of_any_size_reaches_everybody_on_a_list) {
  const std::string text(500'000, 'x');
  const auto id = send("alice", {.to = {"sip:bob@ims.example", "sip:carol@ims.example"},
                                 .bcc = {"sip:dave@ims.example"},
                                 .octets = text});
  ASSERT_TRUE(lab.wait([&] { return reporters("alice", id).size() == 3; })) << lab.world().log();
  for (const auto* name : {"bob", "carol", "dave"}) {
    EXPECT_THAT(lab.chats(name), ElementsAre(text)) << name;
  }
  EXPECT_EQ(lab.events<client::ChatReceived>("dave").at(0).from.address, "sip:alice@ims.example");
  EXPECT_TRUE(lab.wait([&] { return lab.leftovers().empty(); })) << lab.leftovers();
}

// R3.0, RFC 5366: a file differs only in its SDP; with its thumbnail and its reports.
TEST_F(StandaloneMessage, may_be_a_file_to_everybody_on_a_list) {
  client::FileToSend offered;
  offered.wants = {.positive_delivery = true, .negative_delivery = true};
  const auto octets = octets_of_file(50'000);
  const auto file = lab.file_of("alice", octets, offered);
  const auto sent = lab.with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_files(
        {.list = {"sip:bob@ims.example", "sip:carol@ims.example", "sip:nobody@ims.example"}},
        {file}, now, o);
  });
  ASSERT_TRUE(sent) << sent.error().detail;
  const auto id = lab.client("alice").transfer(sent->front())->imdn_id;
  ASSERT_TRUE(lab.wait([&] { return reporters("alice", id).size() == 2; })) << lab.world().log();
  for (const auto* name : {"bob", "carol"}) {
    EXPECT_THAT(lab.files(name), ElementsAre(octets)) << name;
    EXPECT_EQ(lab.events<client::FileOffered>(name).at(0).from.address, "sip:alice@ims.example");
  }
  const auto known = lab.client("alice").deliveries(id);
  ASSERT_EQ(known.size(), 3U);
  EXPECT_EQ(known[0].delivery, imdn::Status::delivered);
  EXPECT_FALSE(known[1].delivery) << "carol's device reports on no files";
  EXPECT_EQ(known[2].delivery, imdn::Status::failed);
  EXPECT_EQ(lab.events<client::FileSent>("alice").at(0).id, id);
  EXPECT_TRUE(lab.wait([&] { return lab.leftovers().empty(); })) << lab.leftovers();
}

// CPM 9.1.2 (5): who accepts late gets it from the start.
TEST_F(StandaloneMessage, reaches_who_is_slow_too) {
  lab.world().set_link("cf", "carol", {.delay = 3s});
  const std::string text(50'000, 'x');
  send("alice", {.to = {"sip:bob@ims.example", "sip:carol@ims.example"}, .octets = text});
  ASSERT_TRUE(lab.wait([&] { return !lab.chats("carol").empty(); })) << lab.world().log();
  EXPECT_THAT(lab.chats("carol"), ElementsAre(text));
}

// CPM 9.1.2 (4)
TEST_F(StandaloneMessage, that_nobody_takes_is_refused) {
  send("alice", {.to = {"sip:mallory@ims.example", "sip:frank@ims.example"},
                 .octets = std::string(5'000, 'x')});
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::ChatFailed>("alice") == 1; }))
      << lab.world().log();
  EXPECT_EQ(lab.events<client::ChatFailed>("alice").at(0).status, 480);
  EXPECT_TRUE(lab.wait([&] { return lab.leftovers().empty(); })) << lab.leftovers();
}

// RFC 5438 8
TEST_F(StandaloneMessage, that_cannot_reach_one_on_the_list_is_reported_for_that_one) {
  const auto id = send("alice", {.to = {"sip:bob@ims.example", "sip:nobody@ims.example"},
                                 .octets = "Lunch?",
                                 .wants = {.negative_delivery = true}});
  ASSERT_TRUE(lab.wait([&] { return !reporters("alice", id).empty(); })) << lab.world().log();
  EXPECT_THAT(reporters("alice", id), ElementsAre("sip:nobody@ims.example"));
  EXPECT_EQ(lab.events<client::DeliveryReport>("alice").at(0).status, imdn::Status::failed);
}

}  // namespace
}  // namespace convene::tests
