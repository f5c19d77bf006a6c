#include "tests/deferring_lab.h"

// Messages for users who are away: kept by their Participating Function, and pushed when they come.
// Conversation 15; G-16
namespace convene::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// alice is there, and bob is not yet.
struct Away {
  explicit Away(LabSettings settings = deferring()) : lab{std::move(settings)} {
    lab.add("alice", Device::everything);
    EXPECT_TRUE(lab.wait([&] { return lab.count<client::Registered>("alice") == 1; }));
  }
  void send(const std::string& text) {
    const auto sent = lab.with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_message({.to = {"sip:bob@ims.example"},
                             .octets = text,
                             .wants = {.positive_delivery = true, .negative_delivery = true}},
                            now, o);
    });
    EXPECT_TRUE(sent);
  }
  void bob_comes() {
    lab.add("bob", Device::everything);
    lab.world().run_for(10s);
  }
  std::size_t waiting() { return lab.server().snapshot().participating.deferred; }
  bool was_told(std::string_view status_line) {
    return std::ranges::any_of(lab.world().wire(), [&](const sim::Sent& sent) {
      return sent.from == "cf" && sent.to == "alice" && sent.octets.starts_with(status_line) &&
             sent.octets.contains(" MESSAGE\r\n");
    });
  }

  Lab lab;
};

struct Deferral : testing::Test, Away {};

TEST_F(Deferral, accepts_messages_for_who_is_away_and_pushes_them_in_their_order) {
  for (const auto* text : {"one", "two", "three"}) {
    send(text);
    lab.world().run_for(1s);
  }
  EXPECT_TRUE(was_told("SIP/2.0 202"));
  EXPECT_EQ(waiting(), 3);

  bob_comes();
  EXPECT_THAT(lab.chats("bob"), ElementsAre("one", "two", "three"));
  EXPECT_EQ(waiting(), 0);
  EXPECT_THAT(lab.world().disk("cf").deferred, IsEmpty());
  lab.world().run_for(60s);
  EXPECT_EQ(lab.leftovers(), "");
}

// Nobody's message overtakes those that wait.
TEST_F(Deferral, sends_what_comes_meanwhile_after_what_waits) {
  send("one");
  lab.world().run_for(1s);
  lab.add("bob", Device::everything);
  send("two");
  lab.world().run_for(10s);
  EXPECT_THAT(lab.chats("bob"), ElementsAre("one", "two"));
}

TEST_F(Deferral, keeps_what_it_accepted_when_the_server_is_started_again) {
  send("one");
  lab.world().run_for(1s);
  lab.world().restart("cf");
  lab.register_user("alice");
  EXPECT_EQ(waiting(), 1);
  bob_comes();
  EXPECT_THAT(lab.chats("bob"), ElementsAre("one"));
}

// 202 only after the commit: who cannot store does not accept.
TEST_F(Deferral, does_not_accept_what_it_cannot_store) {
  lab.world().disk("cf").fault = sim::Disk::Fault::refuses;
  send("one");
  lab.world().run_for(5s);
  EXPECT_FALSE(was_told("SIP/2.0 202"));
  EXPECT_TRUE(was_told("SIP/2.0 5"));
  EXPECT_EQ(waiting(), 0);
}

TEST_F(Deferral, keeps_a_message_for_who_is_registered_and_cannot_be_reached) {
  bob_comes();
  lab.world().crash("bob", sim::Death::reset);
  send("one");
  lab.world().run_for(12s);
  EXPECT_TRUE(was_told("SIP/2.0 202")) << "before anybody gives up";
  EXPECT_EQ(waiting(), 1);
  lab.world().restart("bob");
  lab.register_user("bob");
  lab.world().run_for(20s);
  EXPECT_EQ(waiting(), 0) << lab.world().log();
  EXPECT_THAT(lab.chats("bob"), ElementsAre("one"));
}

// R5.0: who does not want it is not deferred for.
TEST(DeferralByPreference, is_not_done_for_who_refuses) {
  auto settings = deferring();
  settings.participating->preferences.delivery = participating::Delivery::refuse;
  Away away{std::move(settings)};
  away.send("one");
  away.lab.world().run_for(5s);
  EXPECT_TRUE(away.was_told("SIP/2.0 480"));
  EXPECT_EQ(away.waiting(), 0);
}

TEST(DeferralWithAQuota, takes_so_many_messages_of_one_user) {
  auto settings = deferring();
  settings.participating->deferral.max_messages_of_user = 2;
  Away away{std::move(settings)};
  for (const auto* text : {"one", "two", "three"}) away.send(text);
  away.lab.world().run_for(5s);
  EXPECT_EQ(away.waiting(), 2);
  EXPECT_TRUE(away.was_told("SIP/2.0 480"));
}

// RFC 5438 7.2.1: who asked for it learns that nobody fetched it.
TEST(DeferralThatExpires, is_reported_to_who_sent_it) {
  auto settings = deferring();
  settings.participating->deferral.ttl = 1h;
  Away away{std::move(settings)};
  away.send("one");
  away.lab.world().run_for(59min);
  EXPECT_EQ(away.waiting(), 1);
  away.lab.world().run_for(2min);
  EXPECT_EQ(away.waiting(), 0);
  EXPECT_THAT(away.lab.world().disk("cf").deferred, IsEmpty());
  const auto reported = away.lab.events<client::DeliveryReport>("alice");
  ASSERT_EQ(reported.size(), 1U) << away.lab.world().log();
  EXPECT_EQ(reported[0].status, imdn::Status::failed);

  away.bob_comes();
  EXPECT_THAT(away.lab.chats("bob"), IsEmpty());
}

// The server dies at every effect of a deferral and of its push: what it accepted arrives, once.
TEST(AServerThatDiesDuringADeferral, loses_nothing_that_it_accepted) {
  std::size_t accepted = 0;
  std::size_t deaths = 0;
  for (std::size_t n = 1; n < 200; ++n) {
    Away away;
    away.lab.world().clear_wire();
    away.lab.world().crash_at_effect("cf", n);
    away.send("one");
    away.lab.world().run_for(2s);
    const bool was_accepted = away.was_told("SIP/2.0 202");
    away.lab.add("bob", Device::everything);
    away.lab.world().run_for(20s);
    if (away.lab.world().is_up("cf")) break;
    ++deaths;
    away.lab.world().restart("cf");
    away.lab.register_user("alice");
    away.lab.register_user("bob");
    away.lab.world().run_for(60s);
    if (was_accepted) {
      ++accepted;
      EXPECT_THAT(away.lab.chats("bob"), ElementsAre("one")) << n;
    }
    EXPECT_LE(away.lab.chats("bob").size(), 1U) << n;
    EXPECT_EQ(away.waiting(), 0) << n;
    EXPECT_THAT(away.lab.world().disk("cf").deferred, IsEmpty()) << n;
  }
  EXPECT_GT(deaths, 8U);
  EXPECT_GT(accepted, 3U);
}

}  // namespace
}  // namespace convene::tests
