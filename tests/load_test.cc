#include "load/crowd.h"
#include "load/forgetful_bodies.h"
#include "tests/lab.h"

// A crowd of clients on a simulated network: what `convene load` does on sockets.
namespace convene::tests {
namespace {

using load::Crowd;
using load::Instant;

struct SimulatedStage final : load::Stage {
  explicit SimulatedStage(Lab& used) : lab{used} {}

  static std::string name(std::size_t member) { return "member-" + std::to_string(member); }
  std::string address(std::size_t member) const override {
    return "sip:" + name(member) + "@ims.example";
  }
  void perform(std::size_t member, const Call& call) override {
    if (!lab.world().is_up(name(member))) return;
    lab.with(name(member), [&](client::Client& c, TimePoint now, client::Output& out) {
      call(c, now, out);
      return true;
    });
  }
  client::FileToSend file(std::size_t member) override {
    return lab.file_of(name(member), octets_of_file(20'000));
  }
  void drop(std::size_t, msrp::BodyId) override { ++dropped; }

  Lab& lab;
  std::size_t dropped = 0;
};

struct LoadTest : testing::Test {
  // Plays the plan to its end; all that clients have told goes to the crowd, in order.
  Crowd& play(const load::Plan& plan, const std::function<void()>& disturb = [] {}) {
    for (std::size_t member = 0; member < plan.crowd(); ++member)
      lab.add(SimulatedStage::name(member), Device::everything);
    crowd.emplace(plan, stage);
    heard.assign(plan.crowd(), 0);
    crowd->begin(now());
    for (int turns = 0; crowd->phase() != Crowd::Phase::over && turns < 100'000; ++turns) {
      disturb();
      crowd->advance(now());
      const auto next = crowd->deadline();
      const auto is_something_new = [&] { return tell_all(plan) || crowd->deadline() != next; };
      if (next) lab.wait(is_something_new, std::chrono::ceil<Duration>(*next - now()));
    }
    EXPECT_EQ(crowd->phase(), Crowd::Phase::over);
    return *crowd;
  }
  Instant now() { return lab.world().now(); }
  bool tell_all(const load::Plan& plan) {
    bool has_told = false;
    for (std::size_t member = 0; member < plan.crowd(); ++member) {
      const auto& events = lab.told(SimulatedStage::name(member));
      for (; heard[member] < events.size(); has_told = true) {
        const auto event = events[heard[member]++];  // the list may grow meanwhile
        crowd->told(member, event, now());
      }
    }
    return has_told;
  }

  Lab lab;
  SimulatedStage stage{lab};
  std::optional<Crowd> crowd;
  std::vector<std::size_t> heard;
};

TEST_F(LoadTest, at_a_rate_says_so_many_and_all_others_hear_them) {
  const auto& figures = play({.groups = 2, .members = 4, .time = 10s, .chat_rate = 5}).figures();
  EXPECT_NEAR(static_cast<double>(figures.chat_sent), 2 * 5 * 10, 4);
  EXPECT_EQ(figures.chat_delivered, figures.chat_sent * 3);
  EXPECT_EQ(figures.errors(), 0U);
  EXPECT_EQ(figures.chat.count(), figures.chat_delivered);
}

TEST_F(LoadTest, with_a_window_goes_on_as_soon_as_all_have_heard) {
  const auto& figures = play({.groups = 1, .members = 5, .time = 1s, .chat_window = 2}).figures();
  EXPECT_GT(figures.chat_sent, 20U);
  EXPECT_EQ(figures.chat_delivered, figures.chat_sent * 4);
  EXPECT_EQ(figures.errors(), 0U);
}

TEST_F(LoadTest, sends_the_planned_files_to_everybody_and_forgets_them) {
  const auto& figures =
      play({.groups = 2, .members = 3, .time = 30s, .files = 2, .file_octets = 20'000}).figures();
  EXPECT_EQ(figures.files_sent, 4U);
  EXPECT_EQ(figures.files_received, 8U);
  EXPECT_EQ(figures.file_octets, 8 * 20'000U);
  EXPECT_EQ(stage.dropped, 8U);
}

TEST_F(LoadTest, lets_members_leave_and_come_back_and_loses_nothing_of_those_who_stay) {
  const auto& figures =
      play({.groups = 1, .members = 6, .time = 20s, .chat_rate = 10, .churn_rate = 1}).figures();
  EXPECT_NEAR(static_cast<double>(figures.left), 20, 2);
  EXPECT_NEAR(static_cast<double>(figures.returned), static_cast<double>(figures.left), 2);
  EXPECT_EQ(figures.errors(), 0U);
}

TEST_F(LoadTest, counts_what_never_reached_who_is_dead) {
  const load::Plan plan{.groups = 1, .members = 4, .time = 10s, .chat_rate = 5};
  const auto& figures = play(plan, [&] {
                          const bool works = crowd->worked(now()) > 8s;
                          if (works && lab.world().is_up("member-3")) lab.world().crash("member-3");
                        }).figures();
  EXPECT_GT(figures.chat_lost, 0U);
  EXPECT_EQ(figures.chat_repeated, 0U);
}

TEST_F(LoadTest, says_how_many_keep_a_group_from_beginning) {
  const load::Plan plan{.groups = 1, .members = 3, .time = 1s, .chat_rate = 1};
  const auto& played = play(plan, [&] {
    if (crowd->phase() == Crowd::Phase::gathering && lab.world().is_up("member-1"))
      lab.world().crash("member-1");
  });
  EXPECT_EQ(played.problem(), "1 of 3 do not get into their groups");
}

TEST(LoadPlan, of_one_member_is_none) {
  EXPECT_FALSE(load::check({.members = 1}));
  EXPECT_FALSE(load::check({.chat_rate = 1, .chat_window = 1}));
  EXPECT_FALSE(load::check({.chat_octets = 3}));
  EXPECT_FALSE(load::check({.files = 1}));
  EXPECT_TRUE(load::check({.chat_rate = 1}));
}

}  // namespace
}  // namespace convene::tests
