#include "scenario/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::scenario {
namespace {

using ::testing::ElementsAre;

Word bare(std::string text) { return {.text = std::move(text), .is_quoted = false}; }
Word quoted(std::string text) { return {.text = std::move(text), .is_quoted = true}; }

TEST(WordsOfALine, are_cut_at_spaces) {
  EXPECT_THAT(words_of("  bob\treceives  it \r").value(),
              ElementsAre(bare("bob"), bare("receives"), bare("it")));
}

TEST(WordsOfALine, keep_a_quoted_text_whole) {
  EXPECT_THAT(words_of(R"(says "well, \"so\" # he\\she said\n")").value(),
              ElementsAre(bare("says"), quoted("well, \"so\" # he\\she said\n")));
}

TEST(WordsOfALine, end_before_each_of_their_colons) {
  EXPECT_THAT(words_of("carol:: says").value(),
              ElementsAre(bare("carol"), bare(":"), bare(":"), bare("says")));
}

TEST(WordsOfALine, may_be_empty_texts) {
  EXPECT_THAT(words_of("\"\"").value(), ElementsAre(quoted("")));
}

TEST(WordsOfALine, end_at_a_comment) {
  EXPECT_THAT(words_of("alice leaves # for good").value(),
              ElementsAre(bare("alice"), bare("leaves")));
  EXPECT_THAT(words_of("# nothing else").value(), ElementsAre());
}

TEST(WordsOfALine, set_commas_and_a_last_colon_apart) {
  EXPECT_THAT(words_of("clients bob, sip:eve@x: by").value(),
              ElementsAre(bare("clients"), bare("bob"), bare(","), bare("sip:eve@x"), bare(":"),
                          bare("by")));
}

TEST(WordsOfALine, refuse_a_quote_without_end) {
  EXPECT_FALSE(words_of("says \"hello"));
  EXPECT_FALSE(words_of("says \"hello\\"));
  EXPECT_FALSE(words_of(R"(says "\q")"));
}

TEST(WordsOfALine, print_as_they_were_read) {
  const auto word = quoted("a \"b\"\\\n\tc");

  EXPECT_THAT(words_of(to_text(word)).value(), ElementsAre(word));
}

}  // namespace
}  // namespace convene::scenario
