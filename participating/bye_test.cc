#include "participating/test_history.h"

namespace convene::participating {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Bye : HistoryTest {};

// R5.1c: the answer waits for the other side, too.
TEST_F(Bye, is_answered_after_the_other_side_has) {
  send_plan();
  alice_hangs_up();
  store_has(asks.at(0), {.uid_validity = 7, .session_info = 1, .objects = {2}});
  EXPECT_FALSE(last_response("BYE"));
  answer(last_request("BYE"), 200);
  EXPECT_EQ(uid_in_last_response(), "1");
}

// The BYE is answered within 2 s even if the store is slow, and the record is not lost.
TEST_F(Bye, does_not_wait_for_a_slow_store) {
  send_plan();
  alice_hangs_up();
  answer(last_request("BYE"), 200);
  pass(1'999ms);
  EXPECT_FALSE(last_response("BYE"));
  pass(1ms);
  ASSERT_TRUE(last_response("BYE"));
  EXPECT_EQ(last_response("BYE")->status(), 200);
  EXPECT_EQ(uid_in_last_response(), "");
  EXPECT_THAT(log.text(), HasSubstr("the store is slow"));
  EXPECT_EQ(function->snapshot().records, 1U);

  sent.clear();
  store_has(asks.at(0), {.uid_validity = 7, .session_info = 1, .objects = {2}});
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_EQ(function->snapshot().records, 0U);
}

TEST_F(Bye, is_answered_at_once_when_the_store_refuses) {
  send_plan();
  alice_hangs_up();
  answer(last_request("BYE"), 200);
  store_says(asks.at(0), fail(Fault::closed, "the store is down"));
  EXPECT_EQ(uid_in_last_response(), "");
  EXPECT_EQ(function->snapshot().records, 1U) << "asked for again later";
}

// Two that cross: one record, one Message-UID.
TEST_F(Bye, of_both_sides_is_recorded_once) {
  send_plan();
  receive(of_flow("f3-1", alice_calls));  // the same INVITE again is no other call
  establish(of_flow("f1-1", alice_calls), "f1-3");
  asks.clear();
  sent.clear();
  alice_hangs_up();
  const auto onward = last_request("BYE");
  auto other = bye_of_callee(onward);
  receive(std::move(other));
  EXPECT_THAT(asks, SizeIs(1));
}

// Conversation 2: Message-UID is the own user's only.
TEST_F(Bye, does_not_pass_on_the_message_uid_of_another) {
  make({}, false);
  send_plan();
  alice_hangs_up();
  auto response = sip::make_response(last_request("BYE"), 200, "far");
  response.add(sip::Name::message_uid, "77");
  receive(std::move(response));
  EXPECT_EQ(uid_in_last_response(), "");
}

// RFC 4028 10
TEST_F(Bye, is_sent_to_both_sides_when_nothing_was_said_for_long) {
  send_plan();
  pass(24h);
  std::vector<sip::Message> byes;
  for (const auto& message : sent)
    if (message.method() == "BYE") byes.push_back(message);
  ASSERT_THAT(byes, SizeIs(2));
  EXPECT_EQ(byes[0].header(sip::Name::call_id), invite.header(sip::Name::call_id));
  EXPECT_EQ(byes[0].uri(), "sip:alice@198.51.100.11:5060;transport=tcp");
  EXPECT_EQ(byes[0].header(sip::Name::from), ok.header(sip::Name::to));
  EXPECT_EQ(byes[0].header(sip::Name::to), invite.header(sip::Name::from));
  EXPECT_EQ(byes[1].header(sip::Name::cseq), "2 BYE");
  EXPECT_EQ(byes[1].uri(), "sip:grp-8d21@cf.example.com");
  EXPECT_EQ(function->snapshot().calls, 0U);

  // And what it was is recorded: it broke off.
  ASSERT_THAT(asks, SizeIs(1));
  EXPECT_THAT(write(0).objects.at(0).flags, testing::Contains("ft-failed"));
}

}  // namespace
}  // namespace convene::participating
