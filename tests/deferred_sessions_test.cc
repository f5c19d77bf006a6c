#include "tests/lab.h"

// Files and large messages between two, while one of them is away; and a server that dies over it.
// Conversation 15; G-16
namespace convene::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// alice is there, and bob is not yet.
struct NobodyThere {
  explicit NobodyThere(LabSettings with = settings()) : lab{std::move(with)} {
    lab.add("alice", Device::everything);
    EXPECT_TRUE(lab.wait([&] { return lab.count<client::Registered>("alice") == 1; }));
  }
  static LabSettings settings() {
    LabSettings lab;
    lab.participating.emplace();
    lab.participating->deferral.is_durable = true;
    return lab;
  }
  void send_file(const std::string& octets) {
    auto file = lab.file_of("alice", octets);
    file.wants = {.positive_delivery = true, .negative_delivery = true};
    EXPECT_TRUE(lab.with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_files({.address = "sip:bob@ims.example"}, {file}, now, o);
    }));
  }
  void send_message(const std::string& text) {
    const client::StandaloneMessage message{
        .to = {"sip:bob@ims.example"},
        .octets = text,
        .wants = {.positive_delivery = true, .negative_delivery = true, .processing = true}};
    EXPECT_TRUE(lab.with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_message(message, now, o);
    }));
  }
  void bob_comes() {
    lab.add("bob", Device::everything);
    lab.world().run_for(20s);
  }
  std::size_t waiting() { return lab.server().snapshot().participating.deferred; }
  std::size_t reports(imdn::Status status) {
    return static_cast<std::size_t>(
        std::ranges::count_if(lab.events<client::DeliveryReport>("alice"),
                              [&](const auto& report) { return report.status == status; }));
  }

  Lab lab;
};

struct DeferredSession : testing::Test, NobodyThere {};

TEST_F(DeferredSession, brings_a_file_to_who_was_away) {
  const auto file = octets_of_file(200'000);
  send_file(file);
  lab.world().run_for(10s);
  EXPECT_EQ(waiting(), 1) << lab.world().log();
  EXPECT_EQ(lab.count<client::FileSent>("alice"), 1);

  bob_comes();
  EXPECT_THAT(lab.files("bob"), ElementsAre(file));
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(reports(imdn::Status::delivered), 1) << lab.world().log();
  lab.world().run_for(60s);
  EXPECT_EQ(lab.leftovers(), "");
}

// Conversation 13: "stored" comes at once, "delivered" when he has it.
TEST_F(DeferredSession, brings_a_large_message_to_who_was_away) {
  const std::string text(50'000, 'x');
  send_message(text);
  lab.world().run_for(10s);
  EXPECT_EQ(waiting(), 1) << lab.world().log();
  EXPECT_EQ(reports(imdn::Status::stored), 1);

  bob_comes();
  EXPECT_THAT(lab.chats("bob"), ElementsAre(text)) << lab.world().log();
  EXPECT_EQ(lab.events<client::ChatReceived>("bob").at(0).from.address, "sip:alice@ims.example");
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(reports(imdn::Status::delivered), 1);
}

TEST_F(DeferredSession, brings_all_of_it_in_its_order) {
  send_message("one");
  lab.world().run_for(2s);
  send_message(std::string(5'000, '2'));
  lab.world().run_for(5s);
  send_message("three");
  lab.world().run_for(2s);
  EXPECT_EQ(waiting(), 3) << lab.world().log();
  bob_comes();
  EXPECT_THAT(lab.chats("bob"), ElementsAre("one", std::string(5'000, '2'), "three"));
}

// He comes while the file is on its way: it follows at once.
TEST_F(DeferredSession, follows_who_comes_while_it_is_taken) {
  auto slow = lab.world().link("cf", "alice");
  slow.octets_per_second = 50'000;
  lab.world().set_link("cf", "alice", slow);
  const auto file = octets_of_file(300'000);
  send_file(file);
  lab.world().run_for(3s);
  EXPECT_EQ(waiting(), 0);
  bob_comes();
  EXPECT_THAT(lab.files("bob"), ElementsAre(file)) << lab.world().log();
}

// Durable before acknowledged: who cannot store does not accept.
TEST_F(DeferredSession, is_not_acknowledged_when_it_cannot_be_stored) {
  lab.world().disk("cf").fault = sim::Disk::Fault::refuses;
  send_file(octets_of_file(5'000));
  lab.world().run_for(2min);
  EXPECT_EQ(lab.count<client::FileSent>("alice"), 0);
  EXPECT_EQ(lab.count<client::FileFailed>("alice"), 1);
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(lab.world().bodies("cf").bodies(), 0);
  EXPECT_EQ(lab.leftovers(), "");
}

// Its sender dies in the middle: nothing is kept of it.
TEST_F(DeferredSession, is_dropped_when_its_sender_dies) {
  auto slow = lab.world().link("cf", "alice");
  slow.octets_per_second = 50'000;
  lab.world().set_link("cf", "alice", slow);
  send_file(octets_of_file(1'000'000));
  lab.world().run_for(5s);
  EXPECT_EQ(lab.server().snapshot().participating.sessions, 1) << lab.world().log();
  lab.world().crash("alice", sim::Death::reset);
  lab.world().run_for(2min);
  EXPECT_EQ(lab.server().snapshot().participating.sessions, 0) << lab.world().log();
  EXPECT_EQ(waiting(), 0);
  EXPECT_THAT(lab.world().disk("cf").deferred_contents, IsEmpty());
  EXPECT_EQ(lab.world().bodies("cf").bodies(), 0);
}

TEST(DeferredSessionWithAQuota, is_taken_only_where_it_fits) {
  auto settings = NobodyThere::settings();
  settings.participating->deferral.max_octets_of_user = 100'000;
  NobodyThere away{std::move(settings)};
  away.send_file(octets_of_file(100'001));
  away.lab.world().run_for(10s);
  EXPECT_EQ(away.waiting(), 0);
  EXPECT_EQ(away.lab.count<client::FileFailed>("alice"), 1);

  away.send_file(octets_of_file(60'000));
  away.lab.world().run_for(10s);
  EXPECT_EQ(away.waiting(), 1) << away.lab.world().log();
  away.send_file(octets_of_file(60'000, 2));
  away.lab.world().run_for(10s);
  EXPECT_EQ(away.waiting(), 1);
  EXPECT_EQ(away.lab.count<client::FileFailed>("alice"), 2);
}

// R5.0: who does not want it is not deferred for.
TEST(DeferredSessionByPreference, is_not_taken_for_who_refuses) {
  auto settings = NobodyThere::settings();
  settings.participating->preferences.delivery = participating::Delivery::refuse;
  NobodyThere away{std::move(settings)};
  away.send_file(octets_of_file(1'000));
  away.lab.world().run_for(10s);
  EXPECT_EQ(away.waiting(), 0);
  EXPECT_EQ(away.lab.count<client::FileFailed>("alice"), 1);
}

// The server dies at every effect: what it acknowledged arrives, and nothing arrives twice.
void die_at_every_effect(const std::function<void(NobodyThere&)>& send,
                         const std::function<bool(Lab&)>& is_acknowledged,
                         const std::function<std::size_t(Lab&)>& received) {
  std::size_t acknowledged = 0;
  std::size_t deaths = 0;
  for (std::size_t n = 1; n < 400; ++n) {
    NobodyThere away;
    auto& lab = away.lab;
    lab.world().crash_at_effect("cf", n);
    send(away);
    lab.world().run_for(5s);
    const bool was_acknowledged = is_acknowledged(lab);
    lab.add("bob", Device::everything);
    lab.world().run_for(30s);
    if (lab.world().is_up("cf")) break;
    ++deaths;
    lab.world().restart("cf");
    for (const auto* name : {"alice", "bob"}) lab.register_user(name);
    lab.world().run_for(12min);
    if (was_acknowledged) {
      ++acknowledged;
      EXPECT_EQ(received(lab), 1) << n;
    }
    EXPECT_LE(received(lab), 1U) << n;
    EXPECT_EQ(away.waiting(), 0) << n;
    EXPECT_EQ(lab.server().snapshot().participating.sessions, 0) << n;
    EXPECT_THAT(lab.world().disk("cf").deferred_contents, IsEmpty()) << n;
    EXPECT_EQ(lab.world().bodies("cf").bodies(), 0) << n;
  }
  EXPECT_GT(deaths, 20U);
  EXPECT_GT(acknowledged, 5U);
}

TEST(AServerThatDiesWhileItDefersAFile, loses_nothing_that_it_acknowledged) {
  die_at_every_effect([](NobodyThere& away) { away.send_file(octets_of_file(20'000)); },
                      [](Lab& lab) { return lab.count<client::FileSent>("alice") == 1; },
                      [](Lab& lab) { return lab.count<client::FileReceived>("bob"); });
}

TEST(AServerThatDiesWhileItDefersALargeMessage, loses_nothing_that_it_acknowledged) {
  die_at_every_effect([](NobodyThere& away) { away.send_message(std::string(5'000, 'x')); },
                      [](Lab& lab) { return lab.count<client::ChatSent>("alice") == 1; },
                      [](Lab& lab) { return lab.count<client::ChatReceived>("bob"); });
}

}  // namespace
}  // namespace convene::tests
