#include "sip/framer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::sip {
namespace {

using testing::ElementsAre;

const std::string bye = "BYE sip:b SIP/2.0\r\nTo: <sip:b>\r\nContent-Length: 4\r\n\r\n\r\n\r\n";
const std::string ok = "SIP/2.0 200 OK\r\nl : 0\r\n\r\n";

// What comes out of a stream, in words: the frames, "ping", and at last "error" or nothing.
std::vector<std::string> frames(Framer& framer) {
  std::vector<std::string> seen;
  for (;;) {
    auto next = framer.next();
    if (!next) {
      seen.emplace_back("error");
      return seen;
    }
    if (std::holds_alternative<Framer::NeedOctets>(*next)) return seen;
    if (auto* frame = std::get_if<Framer::Frame>(&*next))
      seen.push_back(std::move(frame->octets));
    else
      seen.emplace_back("ping");
  }
}

std::vector<std::string> frames_of(std::string_view stream, std::size_t step,
                                   const MessageLimits& limits = {}) {
  Framer framer{limits};
  std::vector<std::string> seen;
  for (; !stream.empty(); stream.remove_prefix(std::min(step, stream.size()))) {
    framer.feed(stream.substr(0, step));
    for (auto& one : frames(framer)) seen.push_back(std::move(one));
    if (!seen.empty() && seen.back() == "error") break;
  }
  return seen;
}

TEST(Framer, cuts_messages_by_content_length) {
  EXPECT_THAT(frames_of(bye + ok + bye, 1'000), ElementsAre(bye, ok, bye));
}

TEST(Framer, does_not_mind_how_the_stream_is_cut) {
  const auto stream = "\r\n" + bye + "\r\n\r\n" + ok + ok + "\r\n\r\n\r\n\r\n" + bye;
  const auto whole = frames_of(stream, stream.size());

  EXPECT_THAT(whole, ElementsAre(bye, "ping", ok, ok, "ping", "ping", bye));
  for (std::size_t step = 1; step < stream.size(); ++step)
    EXPECT_EQ(frames_of(stream, step), whole) << step;
}

// RFC 5626 4.4.1: the ping is CRLFCRLF, the pong CRLF.
TEST(Framer, tells_a_ping_from_a_pong) {
  Framer framer;
  framer.feed("\r\n");
  EXPECT_THAT(frames(framer), ElementsAre());
  EXPECT_TRUE(framer.is_between_messages());

  framer.feed("\r\n");
  EXPECT_THAT(frames(framer), ElementsAre("ping"));
  EXPECT_TRUE(framer.is_between_messages());
}

TEST(Framer, knows_when_a_message_has_begun) {
  Framer framer;
  framer.feed(ok + "B");
  EXPECT_THAT(frames(framer), ElementsAre(ok));
  EXPECT_FALSE(framer.is_between_messages());

  framer.feed(bye.substr(1));
  EXPECT_THAT(frames(framer), ElementsAre(bye));
  EXPECT_TRUE(framer.is_between_messages());
}

TEST(Framer, reads_every_form_of_content_length) {
  for (const char* header :
       {"Content-Length: 2", "l:2", "CONTENT-LENGTH \t:\r\n  002 ", "L :\r\n\t2\r\n "}) {
    const auto message = "BYE sip:b SIP/2.0\r\n" + std::string{header} + "\r\nTo: x\r\n\r\nab";
    EXPECT_THAT(frames_of(message + ok, 7), ElementsAre(message, ok)) << header;
  }
}

// A folded line is no header, whatever it looks like.
TEST(Framer, does_not_take_a_folded_line_for_content_length) {
  const std::string message =
      "BYE sip:b SIP/2.0\r\nSubject: x\r\n l: 5\r\nContent-Length: 1\r\n\r\na";
  EXPECT_THAT(frames_of(message + ok, 1'000), ElementsAre(message, ok));
}

// RFC 3261 18.3: Content-Length is mandatory on streams.
TEST(Framer, ends_a_stream_that_cannot_be_cut) {
  for (const char* header : {"To: x", "l: five", "l: -1", "l:", "l: 1\r\nl: 1", "l: 1\r\n 2",
                             "l: 99999999999999999999"}) {
    const auto message = "BYE sip:b SIP/2.0\r\n" + std::string{header} + "\r\n\r\n";
    EXPECT_THAT(frames_of(ok + message, 1'000), ElementsAre(ok, "error")) << header;
  }
}

TEST(Framer, has_a_limit_for_the_headers) {
  const auto message = "BYE sip:b SIP/2.0\r\nX: " + std::string(60, 'x') + "\r\nl: 0\r\n\r\n";

  EXPECT_THAT(frames_of(message, 10, {.header_octets = message.size()}), ElementsAre(message));
  EXPECT_THAT(frames_of(message, 10, {.header_octets = message.size() - 1}), ElementsAre("error"));
  EXPECT_THAT(frames_of(message, 1'000, {.header_octets = message.size() - 1}),
              ElementsAre("error"));
}

TEST(Framer, has_a_limit_for_the_body_before_it_comes) {
  Framer framer{{.body_octets = 1'000}};
  framer.feed("BYE sip:b SIP/2.0\r\nl: 1001\r\n\r\n");

  const auto next = framer.next();

  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().fault, Fault::too_large);
}

TEST(Framer, hands_out_what_parses) {
  for (const auto& frame : frames_of(bye + ok, 3)) EXPECT_TRUE(parse_message(frame)) << frame;
}

}  // namespace
}  // namespace convene::sip
