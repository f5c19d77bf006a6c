#include "imap/framer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace convene::imap {
namespace {

using testing::ElementsAre;

struct Verdict {
  std::vector<std::string> responses;
  std::optional<Fault> fault;
  bool operator==(const Verdict&) const = default;
};

Verdict frames(std::string_view stream, std::size_t step, ResponseLimits limits = {}) {
  Framer framer{limits};
  Verdict verdict;
  for (; !stream.empty(); stream.remove_prefix(std::min(step, stream.size()))) {
    framer.feed(stream.substr(0, step));
    for (;;) {
      auto next = framer.next();
      if (!next) {
        verdict.fault = next.error().fault;
        return verdict;
      }
      if (!*next) break;
      verdict.responses.push_back(**next);
    }
  }
  return verdict;
}

// RFC 3501 2.2.2
TEST(ImapFramer, cuts_lines) {
  EXPECT_THAT(frames("* OK hi\r\na1 OK done\r\n+ go on\r\n", 1'000).responses,
              ElementsAre("* OK hi", "a1 OK done", "+ go on"));
}

// RFC 3501 4.3
TEST(ImapFramer, keeps_a_literal_with_its_response) {
  const auto* stream = "* 1 FETCH (BODY[] {9}\r\na\r\nb {5}\r FLAGS ())\r\n* OK next\r\n";
  for (const std::size_t step : {1, 2, 3, 1'000})
    EXPECT_THAT(frames(stream, step).responses,
                ElementsAre("* 1 FETCH (BODY[] {9}\r\na\r\nb {5}\r FLAGS ())", "* OK next"));
}

// RFC 3516: literal8
TEST(ImapFramer, reads_a_literal_of_any_octets) {
  const std::string stream{"* 1 FETCH (BINARY[1] ~{3}\r\n\0\r\n)\r\n", 33};
  EXPECT_THAT(frames(stream, 1).responses, testing::SizeIs(1));
}

TEST(ImapFramer, takes_words_for_people_as_they_are) {
  EXPECT_THAT(frames("a1 NO not in {5}\r\n* BYE {7}\r\n+ {1}\r\n", 1).responses,
              ElementsAre("a1 NO not in {5}", "* BYE {7}", "+ {1}"));
}

TEST(ImapFramer, gives_an_empty_line_as_it_is) {
  EXPECT_THAT(frames("\r\n\r\n", 1).responses, ElementsAre("", ""));
}

TEST(ImapFramer, has_limits) {
  const ResponseLimits limits{.line_octets = 20, .response_octets = 50};
  EXPECT_EQ(frames("* " + std::string(30, 'a') + "\r\n", 1, limits).fault, Fault::too_large);
  EXPECT_EQ(frames("* " + std::string(30, 'a'), 1'000, limits).fault, Fault::too_large);
  EXPECT_EQ(frames("* 1 A {60}\r\n", 1'000, limits).fault, Fault::too_large);
  EXPECT_EQ(frames("* 1 A {99999999999999999999}\r\n", 1'000, limits).fault, Fault::too_large);
  EXPECT_EQ(frames("* A {18446744073709551615}\r\n", 1'000).fault, Fault::too_large);
}

}  // namespace
}  // namespace convene::imap
