#include "scenario/form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::scenario {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Names cast{"alice", "bob", "carol"};

std::optional<Arguments> matched(std::string_view pattern, std::string_view sentence) {
  return match(pattern, words_of(sentence).value(), cast);
}

TEST(Form, is_met_word_by_word) {
  EXPECT_TRUE(matched("leaves|leave the group", "leaves the group"));
  EXPECT_TRUE(matched("leaves|leave the group", "leave the group"));
  EXPECT_FALSE(matched("leaves|leave the group", "leaves the"));
  EXPECT_FALSE(matched("leaves|leave the group", "leaves the group now"));
  EXPECT_FALSE(matched("leaves|leave", "\"leaves\""))
      << "a text in quotes is never a word of the form";
}

TEST(Form, has_blanks) {
  const auto found = matched("says <words:text> to <who:client>", "says \"hello there\" to bob");

  ASSERT_TRUE(found);
  EXPECT_EQ((*found)["words"], "hello there");
  EXPECT_EQ((*found)["who"], "bob");
  EXPECT_EQ((*found)["nothing"], "");
  EXPECT_FALSE(matched("says <words:text> to <who:client>", "says hello to mallory"));
}

TEST(Form, may_leave_parts_out) {
  constexpr auto pattern = "ends [with <status:number>] [because <how:left|gone>]";

  EXPECT_EQ(matched(pattern, "ends with 410 because gone").value()["status"], "410");
  EXPECT_EQ(matched(pattern, "ends because left").value()["how"], "left");
  EXPECT_TRUE(matched(pattern, "ends"));
  EXPECT_FALSE(matched(pattern, "ends because lost"));
  EXPECT_FALSE(matched(pattern, "ends with many"));
}

TEST(Form, takes_lists_of_people) {
  constexpr auto pattern = "invites <with:people> [to <group:text>]";

  EXPECT_THAT(matched(pattern, "invites bob, carol and sip:x@y to \"Trail\"").value().all("with"),
              ElementsAre("bob", "carol", "sip:x@y"));
  EXPECT_THAT(matched(pattern, "invites bob carol").value().all("with"),
              ElementsAre("bob", "carol"));
  EXPECT_FALSE(matched(pattern, "invites mallory"));
  EXPECT_FALSE(matched(pattern, "invites to \"Trail\""));
}

TEST(Form, gives_words_back_that_a_list_does_not_need) {
  const auto found = matched("tells <with:people> <who:client>", "tells alice bob carol");

  ASSERT_TRUE(found);
  EXPECT_THAT(found->all("with"), ElementsAre("alice", "bob"));
  EXPECT_EQ((*found)["who"], "carol");
}

TEST(Form, knows_times) {
  EXPECT_EQ(milliseconds_of("200ms"), 200);
  EXPECT_EQ(milliseconds_of("5s"), 5'000);
  EXPECT_EQ(milliseconds_of("2m"), 120'000);
  EXPECT_EQ(milliseconds_of("5"), std::nullopt);
  EXPECT_EQ(milliseconds_of("s"), std::nullopt);
  EXPECT_EQ(milliseconds_of("99999999s"), std::nullopt);
}

TEST(Form, begins_with_its_verb) {
  EXPECT_TRUE(begins_with("says|say <words:text>", "say"));
  EXPECT_FALSE(begins_with("says|say <words:text>", "sa"));
}

}  // namespace
}  // namespace convene::scenario
