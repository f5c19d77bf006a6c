#include "scenario/player.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>

#include "base/log.h"
#include "base/random.h"
#include "scenario/forms.h"

namespace convene::scenario {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class NoBodies final : public msrp::BodyStore {
 public:
  Result<msrp::BodyId> create(std::optional<std::uint64_t>) override { return none(); }
  Result<> write(msrp::BodyId, std::uint64_t, std::span<const std::byte>) override {
    return none();
  }
  Result<std::size_t> read(msrp::BodyId, std::uint64_t, std::span<std::byte>) override {
    return none();
  }
  void drop(msrp::BodyId) override {}
  std::size_t bodies() const override { return 0; }

 private:
  static std::unexpected<Error> none() { return fail(Fault::closed, "no bodies here"); }
};

// Clients that nobody answers: what they are told, the test tells.
class EmptyStage final : public Stage {
 public:
  Result<std::string> add(const ClientDeclaration& client) override {
    client::Settings settings;
    settings.address = "sip:" + client.name + "@ims.example";
    auto& made = clients_.try_emplace(client.name, settings, surroundings_, bodies_).first->second;
    client::Addresses addresses;
    addresses.sip.tcp = sip::HostPort{"10.0.0.2", 5060};
    addresses.msrp = {"10.0.0.2", 9};
    client::Output out;
    made.start(addresses, TimePoint{}, out);
    return settings.address;
  }
  void perform(const std::string& name, const Call& call) override {
    client::Output out;
    call(clients_.at(name), TimePoint{}, out);
  }
  const client::Client& client(const std::string& name) override { return clients_.at(name); }
  msrp::BodyStore& bodies(const std::string&) override { return bodies_; }
  Result<client::FileToSend> open_file(const std::string&, const std::string&) override {
    return fail(Fault::not_found, "no files here");
  }
  std::string words_of(const client::Event& event) const override {
    const auto* chat = std::get_if<client::ChatReceived>(&event);
    return chat != nullptr ? "heard " + chat->octets : std::string{};
  }

 private:
  SeededRandom random_{1};
  KeptLog log_;
  Calendar calendar_{TimePoint{}, WallTime{}};
  Surroundings surroundings_{.random = random_, .log = log_, .calendar = calendar_};
  NoBodies bodies_;
  std::map<std::string, client::Client> clients_;
};

constexpr TimePoint start{Duration{1'000'000}};

client::ChatReceived hears(std::string words, std::string from = "sip:alice@ims.example") {
  client::ChatReceived chat;
  chat.from = {.address = std::move(from), .display_name = ""};
  chat.octets = std::move(words);
  return chat;
}

class PlayerTest : public ::testing::Test {
 protected:
  void play(std::string_view steps) {
    const auto text = "clients alice bob: offline\n" + std::string{steps};
    script_ = parse_script(text, "test", all_forms()).value();
    player_.emplace(script_, stage_);
    player_->begin(start);
  }
  void hear(std::string words, Duration after = {}) {
    player_->told("bob", hears(std::move(words)));
    player_->advance(start + after);
  }

  EmptyStage stage_;
  Script script_;
  std::optional<Player> player_;
};

TEST_F(PlayerTest, waits_for_what_a_step_expects) {
  play("within 5s bob receives \"hello\" from alice\n");
  EXPECT_FALSE(player_->is_over());
  EXPECT_EQ(player_->deadline(), start + Duration{5'000});

  hear("hello", Duration{70});

  EXPECT_TRUE(player_->is_fine());
  ASSERT_EQ(player_->played().size(), 1U);
  EXPECT_EQ(player_->played()[0].took, Duration{70});
}

TEST_F(PlayerTest, gives_up_when_it_is_late_and_tells_what_came_instead) {
  play("within 5s bob receives \"hello\" from alice\nbob receives \"never\"\n");
  hear("hallo");
  EXPECT_FALSE(player_->is_over());

  player_->advance(start + Duration{5'000});

  EXPECT_TRUE(player_->is_over());
  EXPECT_FALSE(player_->is_fine());
  ASSERT_EQ(player_->played().size(), 1U) << "what comes after a failure is not played";
  EXPECT_THAT(player_->played()[0].why,
              AllOf(HasSubstr("not within 5 s: bob: no such message"), HasSubstr("heard hallo")));
}

TEST_F(PlayerTest, lets_one_event_meet_one_step_only) {
  play("bob receives \"twice\"\nbob receives \"twice\"\n");

  hear("twice");
  EXPECT_FALSE(player_->is_over());
  hear("twice");

  EXPECT_TRUE(player_->is_fine());
}

TEST_F(PlayerTest, takes_events_in_any_order) {
  play("bob receives \"one\"\nbob receives \"two\"\n");

  hear("two");
  hear("one");

  EXPECT_TRUE(player_->is_fine());
}

TEST_F(PlayerTest, watches_for_a_while_that_nothing_comes) {
  play("bob gets nothing for 2s\n");
  EXPECT_FALSE(player_->is_over());
  player_->advance(start + Duration{1'999});
  EXPECT_FALSE(player_->is_over());

  player_->advance(start + Duration{2'000});

  EXPECT_TRUE(player_->is_fine());
}

TEST_F(PlayerTest, fails_at_once_when_something_comes_that_must_not) {
  play("bob gets no message for 2s\n");

  hear("psst", Duration{100});

  EXPECT_TRUE(player_->is_over());
  EXPECT_FALSE(player_->is_fine());
  EXPECT_THAT(player_->played()[0].why, HasSubstr("got heard psst"));
}

TEST_F(PlayerTest, does_not_hold_against_silence_what_a_step_asked_for) {
  play("bob receives \"hello\"\nbob gets nothing\n");
  hear("hello");

  player_->advance(start + Duration{300});

  EXPECT_TRUE(player_->is_fine());
}

TEST_F(PlayerTest, waits_for_all_subjects) {
  play("everybody receives \"hello\"\n");
  hear("hello");
  EXPECT_FALSE(player_->is_over());

  player_->told("alice", hears("hello"));
  player_->advance(start);

  EXPECT_TRUE(player_->is_fine());
}

TEST_F(PlayerTest, tells_a_known_sender_from_one_who_stays_unknown) {
  play("bob receives \"boo\" from somebody\n");
  hear("boo");
  EXPECT_FALSE(player_->is_over());

  player_->told("bob", hears("boo", ""));
  player_->advance(start);

  EXPECT_TRUE(player_->is_fine());
}

TEST_F(PlayerTest, registers_everybody_first) {
  script_ = parse_script("client alice\nalice leaves\n", "test", all_forms()).value();
  player_.emplace(script_, stage_);
  player_->begin(start);
  EXPECT_EQ(player_->deadline(), start + Duration{15'000});

  player_->advance(start + Duration{15'000});

  EXPECT_FALSE(player_->is_fine());
  EXPECT_THAT(player_->played()[0].text, HasSubstr("alice registers"));
}

}  // namespace
}  // namespace convene::scenario
