// NICKNAME: RFC 7701 7.
#include "msrp/nickname.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_peer.h"

namespace convene::msrp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

class Nickname : public testing::Test {
 protected:
  Nickname() {
    peer.open();
    peer.bind();
  }
  void say(const Frame& frame) { peer.say(frame); }
  std::vector<int> failed() const {
    std::vector<int> statuses;
    for (const auto& message : peer.it.all<MessageFailed>()) statuses.push_back(message.status);
    return statuses;
  }

  Scripted peer;
};

TEST_F(Nickname, is_quoted_and_read_again) {
  for (const std::string name : {"", "Bo", "Bo \"B\"", "back\\slash", "\xC3\xA4"})
    EXPECT_EQ(parse_nickname(quote(name)), name);
}

// RFC 7701 7
TEST_F(Nickname, is_passed_to_the_user) {
  say({.transaction = "nik1",
       .method = "NICKNAME",
       .headers = {"Use-Nickname: \"Bo \\\"B\\\"\""},
       .body = {}});
  say({.transaction = "nik2", .method = "NICKNAME", .headers = {"Use-Nickname: \"\""}, .body = {}});
  const auto requests = peer.it.all<NicknameRequested>();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].nickname, "Bo \"B\"");
  EXPECT_EQ(requests[1].nickname, "");
  peer.call([&](Endpoint& it, TimePoint now, Output& out) {
    it.answer_nickname(peer.session, "nik1", 425, now, out);
  });
  EXPECT_THAT(peer.answers(), ElementsAre("nik1 425"));
}

TEST_F(Nickname, is_refused_when_malformed) {
  for (const std::string value : {"Bo", "\"", "\"B\"o\"", "\"Bo\\\"", "\"\xff\""})
    say({.transaction = "nick",
         .method = "NICKNAME",
         .headers = {"Use-Nickname: " + value},
         .body = {}});
  say({.transaction = "nick", .method = "NICKNAME", .headers = {}, .body = {}});
  say({.transaction = "nick",
       .method = "NICKNAME",
       .headers = {"Use-Nickname: \"" + std::string(1'024, 'x') + "\""},
       .body = {}});
  const auto answers = peer.answers();
  EXPECT_EQ(answers.size(), 7U);
  EXPECT_THAT(answers, testing::Each("nick 424"));
}

// RFC 7701 7
TEST_F(Nickname, is_asked_for_and_given_or_not) {
  const auto ask = [&](std::string_view nickname) {
    return peer.pipe.call(peer.it, [&](Endpoint& it, TimePoint now, Output& out) {
      return it.request_nickname(peer.session, nickname, now, out);
    });
  };
  ask("Bo \"B\"");
  const auto heard = peer.heard();
  EXPECT_THAT(
      heard,
      HasSubstr(" NICKNAME\r\nTo-Path: msrp://peer.example:9/peer;tcp\r\nFrom-Path: "
                "msrp://it.example:2855/it;tcp\r\nUse-Nickname: \"Bo \\\"B\\\"\"\r\n-------"));
  peer.respond(heard.substr(5, 16), 200);
  EXPECT_EQ(peer.it.count<MessageSent>(), 1U);

  const auto taken = ask("Ann");
  peer.answers();
  peer.respond(425);
  ASSERT_THAT(failed(), ElementsAre(425));
  EXPECT_EQ(peer.it.all<MessageFailed>()[0].message, taken);

  ask("Cy");
  peer.pipe.advance(30s);
  EXPECT_THAT(failed(), ElementsAre(425, 408));
  ask("Di");
  EXPECT_THAT(failed(), ElementsAre(425, 408, 481));
}

}  // namespace
}  // namespace convene::msrp
