// Messages that are passed on: answered and reported as the far side does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_peer.h"

namespace convene::msrp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Relaying : testing::Test {
  void open(const std::function<void(SessionSettings&)>& change) {
    peer.open(change);
    peer.bind();
  }
  void say(const Frame& frame) { peer.say(frame); }

  Scripted peer;
};

void relaying_files(SessionSettings& settings) {
  settings.hold_answers = settings.relays = true;
  settings.receive.into = Receive::Into::body;
}

// Who passes a file on acknowledges as much of it as the far side has.
TEST_F(Relaying, answers_as_far_as_it_is_confirmed) {
  open(relaying_files);
  say(chunk("tid1", "a", "1-5/15", "hello", '+'));
  say(chunk("tid2", "a", "6-10/15", "world", '+'));
  say(chunk("tid3", "a", "11-15/15", "again"));
  EXPECT_THAT(peer.answers(), IsEmpty());
  const auto message = peer.it.all<MessageBegun>().at(0).message;
  peer.call([&](Endpoint& it, TimePoint now, Output& out) { it.confirm(message, 9, now, out); });
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200"));
  peer.call([&](Endpoint& it, TimePoint now, Output& out) { it.answer(message, 200, now, out); });
  EXPECT_THAT(peer.answers(), ElementsAre("tid2 200", "tid3 200"));
}

// The far side's status is that of the chunks that wait.
TEST_F(Relaying, fails_with_the_status_of_the_far_side) {
  open(relaying_files);
  say(chunk("tid1", "a", "1-5/15", "hello", '+'));
  const auto message = peer.it.all<MessageBegun>().at(0).message;
  peer.call(
      [&](Endpoint& it, TimePoint now, Output& out) { it.report_failure(message, 413, now, out); });
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 413"));
  say(chunk("tid2", "a", "6-10/15", "world", '+'));
  EXPECT_THAT(peer.answers(), ElementsAre("tid2 413"));
}

// RFC 4975 7.1.3: success is the far side's to report.
TEST_F(Relaying, reports_success_when_its_user_says_so) {
  open([](SessionSettings& settings) { settings.hold_answers = settings.relays = true; });
  say(chunk("tid1", "a", "1-5/5", "hello", '$', {"Success-Report: yes"}));
  const auto message = peer.it.all<MessageReceived>().at(0);
  EXPECT_TRUE(message.wishes.success_report);
  peer.call(
      [&](Endpoint& it, TimePoint now, Output& out) { it.answer(message.message, 200, now, out); });
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200"));
  peer.call([&](Endpoint& it, TimePoint now, Output& out) {
    it.report_success(message.message, now, out);
  });
  EXPECT_THAT(peer.answers(), ElementsAre("REPORT 1-5/5 200"));
}

}  // namespace
}  // namespace convene::msrp
