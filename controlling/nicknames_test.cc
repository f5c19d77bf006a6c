#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/comparable_nickname.h"
#include "controlling/test_stage.h"

// RFC 7700, RFC 7701 7.
namespace convene::controlling {
namespace {

bool are_same(std::string_view a, std::string_view b) {
  return comparable_nickname(a).value() == comparable_nickname(b).value();
}

// RFC 7700 2.3, 4
TEST(ComparableNickname, knows_no_case_and_no_width) {
  EXPECT_TRUE(are_same("Alice", "aLICE"));
  EXPECT_TRUE(are_same("Ægir Ørsted", "ægir ørsted"));
  EXPECT_TRUE(are_same("ŠKODA", "škoda"));
  EXPECT_TRUE(are_same("ΣΊΣΥΦΟΣ", "σΊσυφος"));
  EXPECT_TRUE(are_same("ИВАН Ѐ", "иван ѐ"));
  EXPECT_TRUE(are_same("ＡＬＩＣＥ", "alice"));
  EXPECT_FALSE(are_same("Alice", "Alicia"));
}

// RFC 7700 2.1 (2): spaces
TEST(ComparableNickname, takes_spaces_as_one_between_words) {
  EXPECT_TRUE(are_same("  Swan  of   Avon ", "Swan of Avon"));
  EXPECT_TRUE(
      are_same("Swan\xC2\xA0of\xE3\x80\x80"
               "Avon",
               "swan of avon"));
  EXPECT_FALSE(are_same("Swan of Avon", "SwanofAvon"));
}

// RFC 7700 2.1
TEST(ComparableNickname, refuses_what_cannot_be_seen) {
  for (const std::string_view name : {"", "   ", "a\tb", "a\x7F", "al\xE2\x80\x8Bice",
                                      "\xE2\x80\xAE name", "a\xC2\x85", "\xFF"}) {
    EXPECT_FALSE(comparable_nickname(name)) << name;
  }
}

struct Nicknames : testing::Test {
  int ask(Group& in, const std::string& name, const std::string& nickname) {
    const auto asked = in.frame(name, "NICKNAME", {"Use-Nickname: \"" + nickname + "\""}, {});
    return in.status_heard(name, asked);
  }
  Group group;
};

// RFC 7701 7.2
TEST_F(Nicknames, are_given_once_however_they_are_written) {
  EXPECT_EQ(ask(group, "alice", "Trail Boss"), 200);
  EXPECT_EQ(ask(group, "bob", "trail  BOSS"), 425);
  EXPECT_EQ(ask(group, "alice", "TRAIL BOSS"), 200);  // her own
  EXPECT_EQ(ask(group, "alice", ""), 200);
  EXPECT_EQ(ask(group, "bob", "Trail Boss"), 200);
}

// RFC 7701 7.2: reserved
TEST_F(Nicknames, are_nobody_s_address_and_not_reserved) {
  EXPECT_EQ(ask(group, "bob", "SIP:alice@example.com"), 425);
  EXPECT_EQ(ask(group, "bob", group.focus_uri), 425);
  EXPECT_EQ(ask(group, "bob", "Anonymous"), 425);
  EXPECT_EQ(ask(group, "bob", "sip:bob@example.com"), 200);
}

TEST_F(Nicknames, are_refused_when_nobody_could_see_them) {
  EXPECT_EQ(ask(group, "bob", "   "), 424);
  EXPECT_EQ(ask(group, "bob", "al\xE2\x80\x8Bice"), 424);
}

// RFC 7701 8: not announced, not allowed.
TEST_F(Nicknames, are_not_given_where_they_are_not_offered) {
  Group plain{{.media = {.nicknames = false}}};
  EXPECT_EQ(ask(plain, "bob", "Bobby"), 403);
}

// RFC 7701 7.4, RFC 6501 4.6.5.3
TEST_F(Nicknames, are_told_to_the_subscribers) {
  group.receive(group.fresh("f1-12", group.focus_uri));
  group.sent.clear();
  group.pass(10s);
  ask(group, "alice", "Trail Boss");
  EXPECT_THAT(std::string{group.request("NOTIFY").value().body()},
              testing::HasSubstr("nickname=\"Trail Boss\""));
}

}  // namespace
}  // namespace convene::controlling
