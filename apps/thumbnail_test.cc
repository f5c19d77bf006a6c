#include "apps/thumbnail.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/test_tree.h"

namespace convene::apps {
namespace {

std::string example_picture() {
  std::ifstream file{test_tree() / "examples/media/fjord.jpg", std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(Thumbnail, is_a_small_jpeg) {
  const auto thumbnail = make_thumbnail(example_picture());
  ASSERT_TRUE(thumbnail);
  EXPECT_EQ(thumbnail->type, "image/jpeg");
  EXPECT_TRUE(thumbnail->octets.starts_with("\xFF\xD8"));
  EXPECT_LE(thumbnail->octets.size(), max_thumbnail_octets);
}

TEST(Thumbnail, is_not_made_of_what_is_no_picture) {
  for (const char* octets : {"", "hello", "\x89PNG\r\n\x1A\n", "\xFF\xD8\xFF"})
    EXPECT_FALSE(make_thumbnail(octets)) << octets;
}

}  // namespace
}  // namespace convene::apps
