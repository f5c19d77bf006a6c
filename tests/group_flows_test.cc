#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/flow_scene.h"

// The flows F7, F10 and F12, as far as the focus and the clients of a group speak in them, on the
// simulated network and on sockets.
namespace convene::tests {
namespace {

using State = client::Participant::State;

struct GroupFlows : testing::TestWithParam<std::string> {
  // These flows leave the attributes of chat rooms out.
  static StageSettings plain() {
    StageSettings settings;
    settings.policy.media.nicknames = false;
    return settings;
  }
  Stage& stage() { return scene->stage(); }
  void expect(const std::string& flow, const std::string& from, const std::string& to) {
    scene->expect(flow, from, to);
  }
  template <class Predicate>
  void wait(Predicate predicate, std::string_view what) {
    ASSERT_TRUE(stage().wait(predicate)) << what << "\n" << scene->wire() << stage().log();
  }
  // A group of four that nobody is in any more.
  void begin_and_go(StageSettings settings) {
    scene.emplace(GetParam(), std::move(settings));
    stage().create_group("alice", {"bob", "carol", "dave"});
    for (const auto* name : {"bob", "carol", "dave"}) {
      stage().accept(name);
      wait([&] { return stage().knows("alice", name, State::joined); }, name);
    }
    for (const auto* name : {"alice", "bob", "carol", "dave"}) stage().disconnect(name);
    wait([&] { return !stage().server().snapshot().controlling.groups.at(0).is_active; },
         "the session is over");
    scene->begin_chapter();
  }
  std::optional<FlowScene> scene;
};

INSTANTIATE_TEST_SUITE_P(on, GroupFlows, testing::Values("sim", "sockets"),
                         [](const auto& kind) { return kind.param; });

// R6.8, conversation 6.4
TEST_P(GroupFlows, f7_makes_an_inactive_group_active_again) {
  begin_and_go(plain());
  stage().rejoin("alice");
  expect("f7-1", "pf", "cf");
  expect("f7-2", "cf", "pf");
  for (const auto* name : {"bob", "carol", "dave"}) {
    wait([&] { return stage().count<client::Invited>(name) == 2; }, name);
  }
}

// A21, conversation 6.4
TEST_P(GroupFlows, f7_restarts_a_group_that_is_not_known_any_more) {
  auto settings = plain();
  settings.policy.group.long_lived = false;
  begin_and_go(settings);
  stage().rejoin("alice");
  expect("f7-1", "pf", "cf");
  expect("f7-3", "cf", "pf");
  expect("f7-4", "pf", "cf");
  wait([&] { return stage().count<client::Joined>("alice") == 2; }, "alice is in again");
}

// R1.17, R1.18
TEST_P(GroupFlows, f10_removes_who_wants_to_be_anonymous_in_vain) {
  auto settings = plain();
  settings.adjust = [](const std::string& name, client::Settings& client) {
    client.is_anonymous = name == "erin";
  };
  scene.emplace(GetParam(), std::move(settings));
  stage().create_group("alice", {"bob", "erin"});
  stage().accept("erin");
  expect("f10-3", "pf", "cf");
  expect("f10-4", "cf", "pf");
  wait([&] { return stage().count<client::Ended>("erin") == 1; }, "erin is out");
  EXPECT_EQ(stage().events<client::Ended>("erin").at(0).text, "Anonymity not allowed");
}

// R1.11, conversation 6.10: the focus's part.
TEST_P(GroupFlows, f12_names_the_session_that_is_replaced_to_its_peer_alone) {
  scene.emplace(GetParam(), plain());
  stage().invite("alice", {"sip:bob@example.com;gr=urn:uuid:00000000-0000-1000-8000-000000000002"
                           "?Session-Replaces=0c9d8e7f6a5b4c3d2e1f00112233aabb",
                           "sip:carol@example.com"});
  expect("f12-1", "pf", "cf");
  expect("f12-2", "cf", "pf");
  wait([&] { return stage().count<client::Invited>("carol") == 1; }, "carol is invited");
  EXPECT_EQ(scene->count_with("\r\nSession-Replaces:", "cf", "pf"), 1U);
  EXPECT_EQ(scene->count_with("\r\nSession-Replaces:", "pf", "carol"), 0U);
}

}  // namespace
}  // namespace convene::tests
