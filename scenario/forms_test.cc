#include "scenario/forms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "base/test_tree.h"

namespace convene::scenario {
namespace {

TEST(Forms, can_be_played) {
  for (const auto& form : all_forms()) EXPECT_NE(form.play, nullptr) << form.pattern;
}

TEST(Forms, are_all_different) {
  std::set<std::string_view> patterns;
  for (const auto& form : all_forms())
    EXPECT_TRUE(patterns.insert(form.pattern).second) << form.pattern;
}

TEST(Forms, close_what_they_open) {
  for (const auto& form : all_forms()) {
    const auto count = [&](char c) { return std::ranges::count(form.pattern, c); };
    EXPECT_EQ(count('<'), count('>')) << form.pattern;
    EXPECT_EQ(count('['), count(']')) << form.pattern;
  }
}

TEST(Forms, are_all_in_the_manual) {
  std::ifstream file{test_tree() / "docs/scenarios.md"};
  const std::string manual{std::istreambuf_iterator<char>{file}, {}};

  for (const auto& form : all_forms())
    EXPECT_THAT(manual, ::testing::HasSubstr("\n" + std::string{form.pattern} + "\n"));
}

}  // namespace
}  // namespace convene::scenario
