#include "msrp/relay_registration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::msrp {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using namespace std::chrono_literals;

constexpr TimePoint start{Duration{1'000'000}};
constexpr std::string_view challenge =
    "Digest realm=\"intra.example.com\", qop=\"auth\", "
    "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"";
constexpr std::string_view use_path = "msrp://intra.example.com:9000/jui787s2f;tcp";

class RelayRegistrationTest : public testing::Test {
 protected:
  static RelaySettings settings() {
    return {.relay = parse_uri("msrp://intra.example.com:9000;tcp").value(),
            .user = "alice",
            .password = "secret"};
  }

  // Connects, and takes the first AUTH.
  void begin() {
    registration.connected(now, ids, effects);
    auth = taken_auth();
  }
  std::string taken_auth() {
    if (effects.size() != 1 || !std::holds_alternative<RelayRegistration::SendAuth>(effects[0]))
      return "no AUTH";
    auto frame = std::get<RelayRegistration::SendAuth>(effects[0]).frame;
    effects.clear();
    transaction = frame.substr(5, 16);
    return frame;
  }
  void answer(const RelayAnswer& what) {
    ASSERT_TRUE(registration.awaits(transaction));
    registration.receive(what, now, ids, effects);
  }
  void challenge_it(std::string_view more = {}) {
    const auto text = std::string{challenge} + std::string{more};
    answer({.status = 401, .challenges = {text}});
  }
  void accept(std::chrono::seconds expires = 900s) {
    answer({.status = 200, .use_path = use_path, .challenges = {}, .expires = expires});
  }
  static bool is_right(const std::string& frame, std::string_view password) {
    const auto begin = frame.find("Authorization: ");
    if (begin == frame.npos) return false;
    const auto line = frame.substr(begin + 15, frame.find("\r\n", begin) - begin - 15);
    const auto credentials = digest::parse_authorization(line);
    return credentials && digest::is_right(*credentials, password, "AUTH");
  }

  TimePoint now = start;
  SeededRandom random{7};
  TransactionIds ids{random};
  RelayRegistration registration{settings(), parse_uri("msrp://alice.example:9/98cjs;tcp").value(),
                                 30s, random, start};
  RelayRegistration::Effects effects;
  std::string transaction;
  std::string auth;
};

// RFC 4976 5.1
TEST_F(RelayRegistrationTest, asks_first_without_credentials) {
  begin();
  EXPECT_EQ(auth, "MSRP " + transaction +
                      " AUTH\r\nTo-Path: msrp://intra.example.com:9000;tcp\r\n"
                      "From-Path: msrp://alice.example:9/98cjs;tcp\r\n-------" +
                      transaction + "$\r\n");
}

// RFC 4976 5.1, 9.1
TEST_F(RelayRegistrationTest, answers_the_challenge_and_learns_its_path) {
  begin();
  challenge_it();
  const auto second = taken_auth();
  EXPECT_TRUE(is_right(second, "secret"));
  EXPECT_FALSE(is_right(second, "guess"));
  EXPECT_THAT(second, HasSubstr("nc=00000001"));

  accept();
  ASSERT_THAT(effects, SizeIs(1));
  EXPECT_EQ(effects[0], (RelayRegistration::Effect{RelayReady{
                            .use_path = parse_path(use_path).value(), .expires = 900s}}));
}

TEST_F(RelayRegistrationTest, gives_up_when_the_password_is_wrong) {
  begin();
  challenge_it();
  taken_auth();
  challenge_it();
  ASSERT_THAT(effects, SizeIs(1));
  EXPECT_EQ(effects[0],
            (RelayRegistration::Effect{RelayLost{401, "the relay refuses the password"}}));
  EXPECT_FALSE(registration.deadline());
}

TEST_F(RelayRegistrationTest, answers_again_when_only_the_nonce_was_stale) {
  begin();
  challenge_it();
  taken_auth();
  challenge_it(", stale=true");
  EXPECT_TRUE(is_right(taken_auth(), "secret"));
  accept();
  EXPECT_EQ(registration.state(), RelayRegistration::State::registered);
}

TEST_F(RelayRegistrationTest, is_not_led_on_for_ever) {
  begin();
  for (int i = 1; i < RelayRegistration::max_requests; ++i) {
    challenge_it(", stale=true");
    ASSERT_NE(taken_auth(), "no AUTH");
  }
  challenge_it(", stale=true");
  ASSERT_THAT(effects, SizeIs(1));
  EXPECT_TRUE(std::holds_alternative<RelayLost>(effects[0]));
}

TEST_F(RelayRegistrationTest, renews_before_the_path_expires_with_the_nonce_it_has) {
  begin();
  challenge_it();
  taken_auth();
  accept(900s);
  effects.clear();
  ASSERT_EQ(registration.deadline(), start + 840s);

  now = start + 840s;
  registration.wake(now, ids, effects);
  const auto renewal = taken_auth();
  EXPECT_TRUE(is_right(renewal, "secret"));
  EXPECT_THAT(renewal, HasSubstr("nc=00000002"));

  challenge_it();  // a relay that forgot the nonce, and does not say that it is stale
  EXPECT_THAT(taken_auth(), HasSubstr("nc=00000001"));
  accept();
  EXPECT_EQ(registration.deadline(), start + 1680s);
}

TEST_F(RelayRegistrationTest, renews_short_lived_paths_half_way) {
  begin();
  accept(20s);
  EXPECT_EQ(registration.deadline(), start + 10s);
}

// RFC 4976 5.1: 423
TEST_F(RelayRegistrationTest, asks_for_as_long_as_the_relay_allows) {
  begin();
  answer({.status = 423, .challenges = {}, .min_expires = 60s});
  EXPECT_THAT(taken_auth(), HasSubstr("\r\nExpires: 60\r\n"));
  answer({.status = 423, .challenges = {}, .min_expires = 60s});
  ASSERT_THAT(effects, SizeIs(1));
  EXPECT_EQ(std::get<RelayLost>(effects[0]).status, 423);
}

TEST_F(RelayRegistrationTest, waits_30_seconds_for_each_answer) {
  begin();
  registration.wake(start + 29'999ms, ids, effects);
  EXPECT_THAT(effects, SizeIs(0));
  registration.wake(start + 30s, ids, effects);
  ASSERT_THAT(effects, SizeIs(1));
  EXPECT_EQ(effects[0], (RelayRegistration::Effect{RelayLost{408, "the relay does not answer"}}));
}

TEST_F(RelayRegistrationTest, takes_no_success_without_a_path) {
  begin();
  answer({.status = 200, .use_path = "sip:relay", .challenges = {}});
  ASSERT_THAT(effects, SizeIs(1));
  EXPECT_EQ(std::get<RelayLost>(effects[0]).reason, "the relay gives no path");
}

TEST_F(RelayRegistrationTest, answers_no_challenge_without_a_password) {
  auto without = settings();
  without.password.clear();
  RelayRegistration other{without, parse_uri("msrp://a.example:9/x;tcp").value(), 30s, random,
                          start};
  other.connected(start, ids, effects);
  EXPECT_THAT(taken_auth(), Not(HasSubstr("Authorization")));
  other.receive({.status = 401, .challenges = {challenge}}, start, ids, effects);
  ASSERT_THAT(effects, SizeIs(1));
  EXPECT_EQ(std::get<RelayLost>(effects[0]).reason, "the relay wants a password");
}

TEST(RelayAnswer, reads_the_headers_whatever_their_case) {
  const std::vector<HeaderLine> lines{{"To-Path", "msrp://a;tcp"},
                                      {"From-Path", "msrp://b;tcp"},
                                      {"use-path", use_path},
                                      {"WWW-Authenticate", challenge},
                                      {"www-authenticate", "Digest nonce=\"2\""},
                                      {"Expires", "1800"},
                                      {"Max-Expires", "99999999999"}};
  ChunkBegin begin;
  begin.status = 401;
  begin.headers = lines;
  const auto answer = read_relay_answer(begin);
  EXPECT_EQ(answer.use_path, use_path);
  EXPECT_THAT(answer.challenges, SizeIs(2));
  EXPECT_EQ(answer.expires, 1800s);
  EXPECT_FALSE(answer.min_expires);
  EXPECT_EQ(answer.max_expires, RelayRegistration::longest_expires);
}

}  // namespace
}  // namespace convene::msrp
