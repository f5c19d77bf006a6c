#include "mime/base64_lines.h"

#include <gtest/gtest.h>

#include "mime/part.h"

namespace convene::mime {
namespace {

std::string octets(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += static_cast<char>(i * 7 % 256);
  return text;
}

// RFC 2045 6.8: at most 76 characters in a line.
TEST(Base64Lines, breaks_after_76_characters) {
  EXPECT_EQ(to_base64_lines(std::string(57, 'a')).size(), 76);
  EXPECT_EQ(to_base64_lines(std::string(58, 'a')),
            to_base64_lines(std::string(57, 'a')) + "\r\nYQ==");
}

TEST(Base64Lines, gives_the_body_back_and_knows_its_size) {
  for (const std::size_t count : {0, 1, 2, 3, 56, 57, 58, 113, 114, 115, 1'000}) {
    const Part part{{{"Content-Transfer-Encoding", "base64"}}, to_base64_lines(octets(count))};
    EXPECT_EQ(decoded_body(part), octets(count)) << count;
    EXPECT_EQ(part.body.size(), base64_lines_size(count)) << count;
  }
}

TEST(Base64Lines, can_be_made_piece_by_piece) {
  const auto body = octets(500);
  for (const std::size_t step : {57, 114, 171, 570}) {
    std::string text;
    for (std::size_t at = 0; at < body.size(); at += step)
      text += base64_lines_piece(at, std::string_view{body}.substr(at, step));
    EXPECT_EQ(text, to_base64_lines(body)) << step;
  }
}

}  // namespace
}  // namespace convene::mime
