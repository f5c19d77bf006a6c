#include "sip/session_timer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::sip {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using Effect = SessionTimerEffect;

constexpr TimePoint start{};

struct SessionTimerTest : testing::Test {
  std::vector<Effect> wake(TimePoint now) {
    std::vector<Effect> effects;
    timer.wake(now, effects);
    return effects;
  }
  SessionTimer timer;
};

// RFC 4028 10: the refresher acts at half the interval.
TEST_F(SessionTimerTest, asks_the_refresher_to_refresh_at_half_time) {
  timer.agree(SessionAgreement{1800s, true}, start);
  EXPECT_EQ(timer.deadline(), start + 900s);
  EXPECT_THAT(wake(start + 899s), IsEmpty());
  EXPECT_THAT(wake(start + 900s), ElementsAre(Effect::refresh));
  EXPECT_THAT(wake(start + 901s), IsEmpty());

  timer.agree(SessionAgreement{1800s, true}, start + 901s);
  EXPECT_EQ(timer.deadline(), start + 1801s);
}

// RFC 4028 10: min(32 s, interval / 3) before the end.
TEST_F(SessionTimerTest, ends_a_session_that_nobody_refreshed_shortly_before_its_time) {
  timer.agree(SessionAgreement{1800s, false}, start);
  EXPECT_EQ(timer.deadline(), start + 1768s);
  EXPECT_THAT(wake(start + 1768s), ElementsAre(Effect::expired));
  EXPECT_EQ(timer.deadline(), Deadline{});

  timer.agree(SessionAgreement{90s, false}, start);
  EXPECT_EQ(timer.deadline(), start + 60s);
}

TEST_F(SessionTimerTest, tries_again_after_a_refresh_that_failed) {
  timer.agree(SessionAgreement{1800s, true}, start);
  wake(start + 900s);
  timer.refresh_failed(start + 900s);
  EXPECT_EQ(timer.deadline(), start + 1334s);
  EXPECT_THAT(wake(start + 1334s), ElementsAre(Effect::refresh));
  EXPECT_THAT(wake(start + 1768s), ElementsAre(Effect::expired));
}

TEST_F(SessionTimerTest, is_off_when_nothing_was_agreed) {
  EXPECT_EQ(timer.deadline(), Deadline{});
  timer.agree(SessionAgreement{1800s, true}, start);
  timer.agree(std::nullopt, start);
  EXPECT_EQ(timer.state(), SessionTimer::State::off);
  EXPECT_EQ(timer.deadline(), Deadline{});
}

struct SessionTimerAnswerTest : testing::Test {
  static SessionTimerRequest asked(std::string_view session_expires, bool is_supported = true) {
    auto request = Message::request("INVITE", "sip:bob@example.com");
    if (!session_expires.empty()) request.add(Name::session_expires, session_expires);
    if (is_supported) request.add(Name::supported, "path, timer");
    return session_timer_request(request);
  }
  std::optional<SessionAgreement> answer(const SessionTimerRequest& request) {
    response = Message::response(200);
    return answer_session_timer(request, response);
  }
  Message response = Message::response(200);
};

// RFC 4028 9, table 2; conversation.md 8
TEST_F(SessionTimerAnswerTest, echoes_the_refresher_that_was_asked_for) {
  EXPECT_EQ(answer(asked("1800;refresher=uas")), (SessionAgreement{1800s, true}));
  EXPECT_EQ(response.header(Name::session_expires), "1800;refresher=uas");
  EXPECT_EQ(response.header(Name::require), "timer");

  EXPECT_EQ(answer(asked("1800;refresher=uac")), (SessionAgreement{1800s, false}));
  EXPECT_EQ(response.header(Name::session_expires), "1800;refresher=uac");
  EXPECT_EQ(response.header(Name::require), "timer");
}

TEST_F(SessionTimerAnswerTest, leaves_the_refreshing_to_a_caller_who_can) {
  EXPECT_EQ(answer(asked("1800")), (SessionAgreement{1800s, false}));
  EXPECT_EQ(response.header(Name::session_expires), "1800;refresher=uac");
}

// RFC 4028 9: a proxy asked; the caller does not know timers.
TEST_F(SessionTimerAnswerTest, refreshes_for_a_caller_who_cannot) {
  EXPECT_EQ(answer(asked("1800", false)), (SessionAgreement{1800s, true}));
  EXPECT_EQ(response.header(Name::session_expires), "1800;refresher=uas");
  EXPECT_FALSE(response.has(Name::require));
}

TEST_F(SessionTimerAnswerTest, agrees_on_nothing_when_nothing_was_asked) {
  EXPECT_EQ(answer(asked("")), std::nullopt);
  EXPECT_FALSE(response.has(Name::session_expires));
}

TEST_F(SessionTimerAnswerTest, lets_the_user_shorten_the_interval) {
  response.add(Name::session_expires, "600");
  EXPECT_EQ(answer_session_timer(asked("1800;refresher=uas"), response),
            (SessionAgreement{600s, true}));
  EXPECT_EQ(response.header(Name::session_expires), "600;refresher=uas");
}

// RFC 4028 9: 422 only to those who would understand it.
TEST_F(SessionTimerAnswerTest, finds_an_interval_too_small) {
  EXPECT_TRUE(is_interval_too_small(asked("60"), 90s));
  EXPECT_FALSE(is_interval_too_small(asked("90"), 90s));
  EXPECT_FALSE(is_interval_too_small(asked("60", false), 90s));
  EXPECT_FALSE(is_interval_too_small(asked(""), 90s));
}

// RFC 4028 7.2
TEST_F(SessionTimerAnswerTest, reads_what_was_agreed) {
  EXPECT_EQ(session_agreement(response), std::nullopt);
  response.add(Name::session_expires, "1800;refresher=uac");
  EXPECT_EQ(session_agreement(response), (SessionAgreement{1800s, true}));
  response.set(Name::session_expires, "1800;refresher=uas");
  EXPECT_EQ(session_agreement(response), (SessionAgreement{1800s, false}));
}

}  // namespace
}  // namespace convene::sip
