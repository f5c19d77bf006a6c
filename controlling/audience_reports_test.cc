#include "controlling/audience_reports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_audience.h"
#include "imdn/notification.h"

// RFC 5438 8: of a large message or a file to a list, who made the copies tells of those that
// failed.
namespace convene::controlling {
namespace {

using sip::Name;

// What alice is told next: "failed m-1 sip:carol@example.com".
std::string next_report(Stage& stage) {
  const auto message = stage.request("MESSAGE", "sip:alice");
  if (!message) return "nothing";
  const auto content = cpm::read_pager_content(*message).value().message;
  const auto one = imdn::parse_notification(content.body).value();
  return (one.status == imdn::Status::failed ? "failed " : "other ") + one.message_id + " " +
         one.recipient_uri;
}

TEST_F(LargeMessageToList, tells_whom_it_did_not_reach) {
  begin();
  stage.answer(stage.request("INVITE", "sip:carol").value(), 480);
  EXPECT_EQ(next_report(stage), "nothing");  // its imdn.Message-ID is still to come
  stage.say("alice", standalone_cpim(std::string(3'000, 'x')));
  EXPECT_EQ(next_report(stage), "failed m-1 sip:carol@example.com");
  stage.hear("bob");
  stage.receive(stage.in_dialog("BYE", ok));
  EXPECT_EQ(next_report(stage), "nothing");
  EXPECT_EQ(leftovers(), "0 0 0");
}

TEST_F(LargeMessageToList, tells_nothing_that_was_not_asked_for) {
  begin();
  stage.answer(stage.request("INVITE", "sip:carol").value(), 480);
  auto cpim = standalone_cpim(std::string(3'000, 'x'));
  cpim.erase(cpim.find(", negative-delivery"), std::string_view{", negative-delivery"}.size());
  stage.say("alice", cpim);
  EXPECT_EQ(next_report(stage), "nothing");
}

// RFC 3261 8.1.3.1: silence is a failure too.
TEST_F(LargeMessageToList, tells_who_did_not_answer) {
  begin();
  stage.say("alice", standalone_cpim(std::string(3'000, 'x')));
  stage.hear("bob");
  stage.pass(Policy{}.file_transfer.acceptance_patience + 1s);
  EXPECT_EQ(next_report(stage), "failed m-1 sip:carol@example.com");
}

// R4.7f: the wrapper of a file is in the INVITE.
TEST_F(FileToList, tells_whom_it_did_not_reach) {
  stage.receive(file());
  stage.answer(stage.request("INVITE", "sip:carol").value(), 603);
  EXPECT_EQ(next_report(stage), "nothing");  // nobody has accepted yet
  const auto invite = stage.request("INVITE", "sip:bob").value();
  const auto at = sdp_of(invite).find("file-transfer-id:") + 17;
  auto accepted = flow("f3-5");
  std::string body{accepted.body()};
  body.replace(body.find("Zk21bobQ0w8e7r6t5y4u3i2o1p0a9s8d7"), 33, sdp_of(invite).substr(at, 32));
  accepted.set_body("application/sdp", body);
  stage.answer(invite, accepted);
  ASSERT_EQ(stage.status("INVITE"), 200);
  EXPECT_EQ(next_report(stage), "failed f-9QmZt41kLw sip:carol@example.com");
}

}  // namespace
}  // namespace convene::controlling
