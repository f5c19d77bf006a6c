#include "base/hash.h"
#include "tests/deferring_lab.h"

// Files for members who are away: taken on their behalf by their Participating Function, and pushed
// when they come back. Conversation 15; R3.3, R4.7d, G-15, G-16; flows F4
namespace convene::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const client::FileToSend reported{.body = {},
                                  .name = "plan.txt",
                                  .wants = {.positive_delivery = true, .negative_delivery = true}};

// A group of alice, bob and carol; bob's device is switched off without a word.
struct MemberAway {
  explicit MemberAway(LabSettings settings = deferring()) : lab{std::move(settings)} {
    for (const auto* name : {"alice", "bob", "carol"}) lab.add(name, Device::everything);
    EXPECT_TRUE(lab.wait([&] { return lab.count<client::Registered>("carol") == 1; }));
    lab.create_group("alice", {"bob", "carol"});
    lab.world().crash("bob", sim::Death::silent);
  }
  void bob_comes_back() {
    lab.world().restart("bob");
    lab.register_user("bob");
  }
  std::size_t waiting() { return lab.server().snapshot().participating.deferred; }
  bool is_deferred() {
    return lab.wait([&] { return lab.world().disk("cf").deferred.size() == 1; });
  }

  Lab lab;
};

struct DeferredFile : testing::Test, MemberAway {};

TEST_F(DeferredFile, is_taken_for_who_is_away_and_pushed_when_he_comes_back) {
  const auto file = octets_of_file(300'000);
  lab.send_file("alice", file, reported);
  ASSERT_TRUE(is_deferred()) << lab.world().log();
  EXPECT_EQ(lab.world().disk("cf").deferred_contents.begin()->second, file);
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::FileSent>("alice") == 1; }));

  bob_comes_back();
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::FileReceived>("bob") == 1; }))
      << lab.world().log();
  EXPECT_EQ(digest_of(Digest::sha256, lab.files("bob").at(0)), digest_of(Digest::sha256, file));
  lab.world().run_for(60s);
  EXPECT_EQ(waiting(), 0);
  EXPECT_THAT(lab.world().disk("cf").deferred, IsEmpty());
  EXPECT_THAT(lab.world().disk("cf").deferred_contents, IsEmpty());
  EXPECT_EQ(lab.world().bodies("cf").bodies(), 0);
}

// Flow F4.3: his report goes by who pushed it, and by the focus, to who sent the file.
TEST_F(DeferredFile, is_reported_to_its_sender) {
  lab.send_file("alice", octets_of_file(5'000), reported);
  ASSERT_TRUE(is_deferred()) << lab.world().log();
  const auto from_bob = [&] {
    return std::ranges::count_if(lab.events<client::DeliveryReport>("alice"),
                                 [](const auto& report) {
                                   return report.recipient == "sip:bob@ims.example" &&
                                          report.status == imdn::Status::delivered;
                                 });
  };
  lab.world().run_for(30s);
  EXPECT_EQ(from_bob(), 0);
  bob_comes_back();
  EXPECT_TRUE(lab.wait([&] { return from_bob() == 1; })) << lab.world().log();
}

// RFC 5438 7.2.1, flow F4.4
TEST(DeferredFileThatExpires, is_reported_and_leaves_nothing) {
  auto settings = deferring();
  settings.participating->deferral.ttl = 1h;
  MemberAway away{std::move(settings)};
  away.lab.send_file("alice", octets_of_file(5'000), reported);
  ASSERT_TRUE(away.is_deferred()) << away.lab.world().log();
  away.lab.world().run_for(2h);
  EXPECT_EQ(away.waiting(), 0);
  EXPECT_THAT(away.lab.world().disk("cf").deferred_contents, IsEmpty());
  const auto failed = [](const auto& report) {
    return report.recipient == "sip:bob@ims.example" && report.status == imdn::Status::failed;
  };
  EXPECT_EQ(std::ranges::count_if(away.lab.events<client::DeliveryReport>("alice"), failed), 1)
      << away.lab.world().log();
}

// R3.3, G-15: whose device does not report what was deferred gets nothing deferred.
TEST_F(DeferredFile, is_not_taken_without_a_wrapper) {
  lab.send_file("alice", octets_of_file(5'000));
  lab.world().run_for(2min);
  EXPECT_THAT(lab.world().disk("cf").deferred, IsEmpty());
}

// Durable before acknowledged.
TEST_F(DeferredFile, is_not_acknowledged_when_it_cannot_be_stored) {
  lab.world().disk("cf").fault = sim::Disk::Fault::refuses;
  lab.send_file("alice", octets_of_file(5'000), reported);
  lab.world().run_for(2min);
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(lab.server().snapshot().participating.sessions, 0);
}

// A push that breaks off waits for the next registration.
TEST_F(DeferredFile, is_pushed_again_after_a_broken_push) {
  const auto file = octets_of_file(3'000'000);
  lab.send_file("alice", file, reported);
  ASSERT_TRUE(is_deferred()) << lab.world().log();
  auto slow = lab.world().link("cf", "bob");
  slow.octets_per_second = 200'000;
  lab.world().set_link("cf", "bob", slow);
  bob_comes_back();
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::FileProgress>("bob") > 2; }));
  lab.world().crash("bob", sim::Death::reset);
  lab.world().run_for(1min);
  EXPECT_EQ(waiting(), 1);
  bob_comes_back();
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::FileReceived>("bob") == 1; }))
      << lab.world().log();
  EXPECT_THAT(lab.files("bob"), ElementsAre(file));
  lab.world().run_for(1min);
  EXPECT_EQ(waiting(), 0);
}

TEST_F(DeferredFile, waits_over_a_restart_of_the_server) {
  const auto file = octets_of_file(300'000);
  lab.send_file("alice", file, reported);
  ASSERT_TRUE(is_deferred()) << lab.world().log();
  lab.world().run_for(10s);
  lab.world().restart("cf");
  EXPECT_EQ(waiting(), 1);
  bob_comes_back();
  ASSERT_TRUE(lab.wait([&] { return lab.count<client::FileReceived>("bob") == 1; }))
      << lab.world().log();
  EXPECT_THAT(lab.files("bob"), ElementsAre(file));
}

}  // namespace
}  // namespace convene::tests
