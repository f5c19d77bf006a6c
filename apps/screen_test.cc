#include "apps/screen.h"

#include <gtest/gtest.h>

namespace convene::apps {
namespace {

TEST(Screen, shows_how_far_a_file_is) {
  EXPECT_EQ(bar_line({.name = "bob", .done = 100'000'000, .total = 200'000'000, .seconds = 0.5}, 5,
                     false),
            "  bob    ███████████████░░░░░░░░░░░░░░░  50 %  100.0 MB of 200.0 MB  200 MB/s");
}

TEST(Screen, lines_up_the_columns_of_a_table) {
  EXPECT_EQ(table_text({{"who", "got"}, {"Zoë", "200 MB"}, {"dave", "-"}}),
            "  who   got\n"
            "  ────  ──────\n"
            "  Zoë   200 MB\n"
            "  dave  -\n");
}

TEST(Screen, lets_no_cell_speak_to_the_terminal) {
  EXPECT_EQ(table_text({{"name"}, {"\x1B[2J"}}).find('\x1B'), std::string::npos);
}

TEST(Screen, chooses_the_unit_by_size) {
  EXPECT_EQ(megabytes(65), "65 B");
  EXPECT_EQ(megabytes(312'400), "312 kB");
  EXPECT_EQ(megabytes(200'000'000), "200.0 MB");
}

}  // namespace
}  // namespace convene::apps
