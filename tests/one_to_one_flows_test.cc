#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "tests/flow_scene.h"

// The flows F8, F9 and F12: two users and their files, played by our clients, on the simulated
// network and on sockets.
namespace convene::tests {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

const std::string plan = "Trail plan: meet 08:30 at the north gate, bring water and a map.\n";
const std::string list = "Water, map, torch, rope, whistle";  // of 31 octets, without its end
const std::string emergency = "Call 112, then the gate.";     // of 24
constexpr std::string_view icon =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mNQSFgAAAHEASFcollRAAAAAElFTkSuQmCC";

struct OneToOneFlows : testing::TestWithParam<std::string> {
  Stage& stage() { return scene->stage(); }
  void begin() {
    StageSettings settings;
    settings.clients_listen = true;
    scene.emplace(GetParam(), std::move(settings));
  }
  void expect(const std::string& flow, const std::string& from, const std::string& to) {
    scene->expect(flow, from, to);
  }
  template <class Predicate>
  void wait(Predicate predicate, std::string_view what) {
    ASSERT_TRUE(stage().wait(predicate)) << what << "\n" << scene->wire() << stage().log();
  }

  std::optional<FlowScene> scene;
};

INSTANTIATE_TEST_SUITE_P(on, OneToOneFlows, testing::Values("sim", "sockets"),
                         [](const auto& kind) { return kind.param; });

// R4.1, R4.1a, R4.1b, R4.1c, R4.1g, R4.6
TEST_P(OneToOneFlows, f8_sends_a_file_in_the_session_of_two) {
  begin();
  stage().create_session("alice", "bob");
  scene->begin_chapter();
  stage().send_file(
      "alice", plan,
      {.body = {},
       .name = "plan.txt",
       .type = "text/plain",
       .thumbnail = client::Thumbnail{.type = "image/png", .octets = from_base64(icon).value()}});
  expect("f8-1", "pf", "bob");
  expect("f8-2", "bob", "pf");
  wait([&] { return stage().count<client::FileReceived>("bob") == 1; }, "bob has the file");
  EXPECT_THAT(stage().files("bob"), ElementsAre(plan));
}

// R4.1e, R4.2a, R4.2b.i, R4.2b.ii, R4.2c
TEST_P(OneToOneFlows, f9_sends_two_files_and_then_another) {
  begin();
  scene->begin_chapter();
  stage().send_files("alice", "bob", {{"plan.txt", plan}, {"list.txt", list.substr(0, 31)}});
  stage().send_files("alice", "bob", {{"emergency.txt", emergency}});
  expect("f9-1", "pf", "bob");
  expect("f9-2", "bob", "pf");
  expect("f9-3", "pf", "bob");
  expect("f9-4", "bob", "pf");
  wait([&] { return stage().count<client::FileReceived>("bob") == 3; }, "bob has the files");
  EXPECT_THAT(stage().files("bob"), UnorderedElementsAre(plan, list.substr(0, 31), emergency));
  wait([&] { return stage().count<client::FileSent>("alice") == 3; }, "alice knows");
}

// R1.11, R2.2, R2.6b, R2.12
TEST_P(OneToOneFlows, f12_makes_a_group_of_a_session_between_two) {
  begin();
  stage().create_session("alice", "bob");
  scene->begin_chapter();
  stage().extend("alice", "carol");
  wait([&] { return stage().count<client::Invited>("bob") == 2; }, "bob is invited to the group");
  EXPECT_TRUE(stage().events<client::Invited>("bob").back().replaces_one_to_one);
  stage().accept("bob");
  expect("f12-3", "pf", "alice");
  wait([&] { return stage().count<client::Ended>("alice") == 1; }, "the old session is over");
  EXPECT_EQ(stage().events<client::Ended>("alice").at(0).reason, client::EndReason::replaced);
  EXPECT_EQ(stage().events<client::Ended>("bob").at(0).reason, client::EndReason::replaced);
  EXPECT_FALSE(stage().count<client::Ended>("carol"));
}

}  // namespace
}  // namespace convene::tests
