#include "participating/test_history.h"
#include "tests/flow_match.h"
#include "tests/flow_scene.h"

// The flow F6, played by Alice's Participating Function between the messages of the flows F1 and
// F3; what it sends is compared with the flow's.
namespace convene::tests {
namespace {

struct HistoryFlows : participating::HistoryTest {
  void expect(const std::string& label, const sip::Message& seen, const std::string& leg) {
    const auto text = sip::to_text(seen);
    EXPECT_EQ(match.complaints(label, cpm::flow_text(label), text, leg), "") << text;
  }

  FlowMatch match{known_variants()};
};

// R5.0, R5.1b, R5.1c, R6.2
TEST_F(HistoryFlows, f6_stores_a_transfer_before_its_bye_is_answered) {
  establish(of_flow("f1-1", alice_calls), "f1-3");
  store_has(asks.at(0), {.uid_validity = 7, .session_info = 1, .objects = {}});
  send_plan();

  const auto bye = bye_of_caller(invite, ok);
  expect("f6-1", bye, "alice-pf");
  receive(bye, "198.51.100.11");
  const auto onward = last_request("BYE");
  expect("f6-3", onward, "cf-pf");
  answer(onward, 200);
  store_has(asks.at(1), {.uid_validity = 7, .session_info = 1, .objects = {2}});
  expect("f6-4", *last_response("BYE"), "alice-pf");
}

}  // namespace
}  // namespace convene::tests
