#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "tests/flow_scene.h"

// The flows F1, F2, F3, F5 and F11, played by our focus and our clients, on the simulated network
// and on sockets; every message of theirs that is named here is compared with ours.
namespace convene::tests {
namespace {

using namespace std::chrono_literals;
using State = client::Participant::State;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr std::string_view plan =
    "Trail plan: meet 08:30 at the north gate, bring water and a map.\n";
constexpr std::string_view icon =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mNQSFgAAAHEASFcollRAAAAAElFTkSuQmCC";

struct Flows : testing::TestWithParam<std::string> {
  Stage& stage() { return scene->stage(); }
  void expect(const std::string& flow, const std::string& from, const std::string& to) {
    scene->expect(flow, from, to);
  }
  // Lets it go on until `predicate` holds.
  template <class Predicate>
  void wait(Predicate predicate, std::string_view what) {
    ASSERT_TRUE(stage().wait(predicate)) << what << "\n" << scene->wire() << stage().log();
  }
  void accept(const std::string& name, const std::string& who_hears) {
    stage().accept(name);
    wait([&] { return stage().knows(who_hears, name, State::joined); }, name + " has joined");
  }

  // F1: alice's group; bob joins when carol and dave are there; erin's device rings.
  void begin_group(StageSettings settings = {}) {
    scene.emplace(GetParam(), std::move(settings));
    stage().create_group("alice", {"bob", "carol", "dave", "erin"});
    wait([&] { return scene->count_with("SIP/2.0 180", "pf", "cf") == 4; }, "everybody rings");
    accept("carol", "alice");
    accept("dave", "alice");
    accept("bob", "bob");
  }
  // And erin, too; from here on another flow is looked at.
  void begin_full_group(StageSettings settings = {}) {
    begin_group(std::move(settings));
    accept("erin", "bob");
    scene->begin_chapter();
  }

  // F3: in two chunks, the second when the first is answered; the focus sends what it has at once.
  static StageSettings for_file() {
    StageSettings settings;
    settings.policy.file_transfer.invite_not_indicated = true;
    settings.focus_media.gather_delay = 60s;  // the copies are sent when they are whole
    settings.adjust = [](const std::string& name, client::Settings& client) {
      if (name != "alice") return;
      client.max_chunk = 40;
      client.media.max_outstanding = 1;
    };
    return settings;
  }
  client::TransferId send_plan() {
    return stage().send_file(
        "alice", plan,
        {.body = {},
         .name = "plan.txt",
         .type = "text/plain",
         .thumbnail = client::Thumbnail{.type = "image/png", .octets = from_base64(icon).value()},
         .wants = {.positive_delivery = true, .negative_delivery = true}});
  }
  // Alice's file stands still when the focus has its first chunk.
  client::TransferId send_half_of_plan() {
    stage().hold_after("alice", "Byte-Range: 1-40/65");
    const auto transfer = send_plan();
    expect("f3-8", "alice", "cf");
    return transfer;
  }
  bool has_half(const std::string& name) {
    return scene->count_with("Byte-Range: 1-40/65", "cf", name) > 0;
  }
  void expect_rest_of_file() {
    expect("f3-10", "alice", "cf");
    expect("f3-11", "cf", "bob");
    expect("f3-12", "pf", "cf");
    expect("f3-13", "cf", "pf");
  }
  void wait_for_files(const std::vector<std::string>& names) {
    for (const auto& name : names)
      wait([&] { return stage().count<client::FileReceived>(name) == 1; }, name + " has the file");
  }

  std::optional<FlowScene> scene;
};

INSTANTIATE_TEST_SUITE_P(on, Flows, testing::Values("sim", "sockets"),
                         [](const auto& kind) { return kind.param; });

// R1.1, R1.2, R1.3, R1.24, R2.1, R2.6a, R2.8, R2.9
TEST_P(Flows, f1_creates_a_group) {
  begin_group();

  expect("f1-1", "alice", "pf");
  expect("f1-2", "pf", "cf");
  expect("f1-3", "cf", "pf");
  expect("f1-4", "pf", "cf");
  expect("f1-5", "cf", "pf");
  expect("f1-6", "pf", "cf");
  expect("f1-7", "pf", "cf");
  expect("f1-8", "pf", "cf");
  expect("f1-10", "bob", "cf");
  expect("f1-11", "cf", "bob");
  expect("f1-12", "pf", "cf");
  expect("f1-13", "cf", "pf");
  accept("erin", "bob");
  expect("f1-9", "pf", "cf");
}

// CPM 9.2.12
TEST_P(Flows, f2_brings_a_message_to_bob_and_his_report_to_alice_only) {
  begin_full_group();

  stage().say("alice", "Shall we start earlier?", {.positive_delivery = true, .display = true});
  expect("f2-1", "alice", "cf");
  expect("f2-2", "cf", "alice");
  expect("f2-3", "cf", "bob");
  expect("f2-4", "bob", "cf");

  wait([&] { return stage().count<client::DeliveryReport>("alice") == 4; },
       "alice has the reports");
  for (const auto* name : {"bob", "carol", "dave", "erin"})
    EXPECT_THAT(stage().events<client::DeliveryReport>(name), IsEmpty()) << name;
}

// R3.1, R3.2, R3.3, R3.4, R3.5, R3.6, R4.1, R4.2c, R4.7a, R4.7b, R4.7c, R4.7e, R4.7f
TEST_P(Flows, f3_brings_a_file_to_those_who_can_take_it) {
  begin_full_group(for_file());

  send_plan();
  expect("f3-1", "pf", "cf");
  expect("f3-2", "cf", "pf");
  expect("f3-3", "cf", "pf");
  expect("f3-4", "cf", "pf");
  expect("f3-5", "pf", "cf");
  expect("f3-6", "pf", "cf");
  expect("f3-7", "cf", "pf");
  expect("f3-8", "alice", "cf");
  expect("f3-9", "cf", "alice");
  expect_rest_of_file();
  expect("f3-14", "pf", "cf");
  expect("f3-15", "cf", "pf");

  wait_for_files({"bob", "carol"});
  // RFC 5438 8: erin's 488 is reported by the focus.
  wait([&] { return stage().count<client::DeliveryReport>("alice") == 2; },
       "alice has the reports");
  EXPECT_THAT(stage().files("bob"), ElementsAre(plan));
  EXPECT_THAT(stage().files("carol"), ElementsAre(plan));
  EXPECT_EQ(scene->count_with("", "pf", "dave") + scene->count_with("", "cf", "dave"), 0U);
  std::map<std::string, imdn::Status> reported;
  for (const auto& report : stage().events<client::DeliveryReport>("alice"))
    reported[report.recipient] = report.status;
  EXPECT_THAT(reported, UnorderedElementsAre(Pair("sip:bob@example.com", imdn::Status::delivered),
                                             Pair("sip:erin@example.com", imdn::Status::failed)));
}

// R6.3, R6.9
TEST_P(Flows, f5_goes_on_with_the_file_of_who_leaves) {
  begin_group(for_file());  // three stay in the flow, too: erin has not joined
  scene->begin_chapter();
  send_half_of_plan();

  stage().leave("alice");
  expect("f5-1", "pf", "cf");
  expect("f5-2", "cf", "pf");
  expect("f5-3", "cf", "pf");
  wait([&] { return stage().knows("bob", "alice", State::gone); }, "bob knows that alice left");
  wait(
      [&] {
        return scene->count_with("Subscription-State: terminated;reason=noresource", "cf", "pf") >
               0;
      },
      "alice hears no more of the others");

  stage().let_go("alice");
  expect_rest_of_file();
  wait_for_files({"bob", "carol"});
  EXPECT_THAT(stage().files("bob"), ElementsAre(plan));
}

// RFC 5547 8.4
TEST_P(Flows, f11_goes_on_for_the_others_when_bob_stops_his_copy) {
  auto settings = for_file();
  settings.focus_media.gather_delay = 1ms;  // half of the file is on its way to bob
  begin_full_group(settings);
  send_half_of_plan();
  wait([&] { return stage().count<client::FileProgress>("bob") > 0; }, "bob has a part of it");

  stage().cancel_file("bob", stage().events<client::FileOffered>("bob").back().transfer);
  stage().let_go("alice");
  expect("f11-1", "bob", "cf");
  expect("f3-13", "cf", "pf");

  wait_for_files({"carol"});
  EXPECT_THAT(stage().files("carol"), ElementsAre(plan));
  EXPECT_THAT(stage().files("bob"), IsEmpty());
}

// RFC 4975 7.1.1
TEST_P(Flows, f11_stops_every_copy_when_alice_does) {
  auto settings = for_file();
  settings.focus_media.gather_delay = 1ms;
  begin_full_group(settings);
  const auto transfer = send_half_of_plan();
  wait([&] { return has_half("bob"); }, "bob gets the first half");

  stage().cancel_file("alice", transfer);
  stage().let_go("alice");
  expect("f11-3", "alice", "cf");
  expect("f3-12", "pf", "cf");
  expect("f11-2", "cf", "bob");

  wait([&] { return stage().count<client::FileFailed>("bob") == 1; }, "bob knows");
  EXPECT_THAT(stage().files("bob"), IsEmpty());
  EXPECT_THAT(stage().files("carol"), IsEmpty());
}

// R3.5
TEST_P(Flows, f11_refuses_a_file_that_nobody_can_take) {
  scene.emplace(GetParam(), for_file());
  stage().create_group("alice", {"dave"});
  accept("dave", "alice");
  send_plan();
  expect("f11-4", "cf", "pf");
}

// The limit of the service, which is not that of her client.
TEST_P(Flows, f11_refuses_a_file_that_is_too_large) {
  auto settings = for_file();
  settings.policy.file_transfer.max_size = plan.size() - 1;
  settings.adjust = [](const std::string&, client::Settings& client) {
    client.max_file_size = 1000;
  };
  begin_full_group(settings);
  send_plan();
  expect("f11-5", "cf", "pf");
}

}  // namespace
}  // namespace convene::tests
