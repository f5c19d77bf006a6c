#include "trace/msrp_tap.h"

#include <gmock/gmock.h>

namespace convene::trace {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string paths =
    "To-Path: msrp://focus.example:2855/s1;tcp\r\nFrom-Path: msrp://alice.example:4000/s2;tcp\r\n";
const std::string answer = "MSRP a786hjs2 200 OK\r\n" + paths + "-------a786hjs2$\r\n";

std::string send(const std::string& type, const std::string& body, char flag = '$') {
  return "MSRP dkei38sd SEND\r\n" + paths +
         "Message-ID: 4564dpWd\r\nByte-Range: 1-*/8\r\nContent-Type: " + type + "\r\n\r\n" + body +
         "\r\n-------dkei38sd" + flag + "\r\n";
}

std::vector<Frame> frames_of(const std::string& octets, std::size_t at_once,
                             std::size_t max_body = 4'096) {
  MsrpTap tap{max_body};
  std::vector<Frame> frames;
  for (std::size_t at = 0; at < octets.size(); at += at_once)
    tap.pass(octets.substr(at, at_once), frames);
  return frames;
}

TEST(MsrpTap, hands_out_frames_however_the_stream_is_cut) {
  const auto text = send("text/plain", "abcd\r\n-------dkei38sdX$\r\n-------dkei38sd", '+');

  for (const std::size_t at_once : {1, 2, 3, 7, 50, 1'000}) {
    EXPECT_THAT(frames_of(answer + text + answer, at_once),
                ElementsAre(Frame{answer}, Frame{text}, Frame{answer}))
        << at_once;
  }
}

TEST(MsrpTap, counts_a_body_that_is_no_text) {
  const std::string body(10'000, '\0');

  EXPECT_THAT(frames_of(send("image/jpeg", body) + answer, 999),
              ElementsAre(Frame{send("image/jpeg", ""), 10'000}, Frame{answer}));
}

TEST(MsrpTap, keeps_the_beginning_of_a_long_text) {
  const std::string body(10'000, 'x');

  EXPECT_THAT(frames_of(send("message/cpim", body), 999, 100),
              ElementsAre(Frame{send("message/cpim", body.substr(0, 100)), 9'900}));
}

TEST(MsrpTap, counts_what_passes_without_being_in_memory) {
  const auto whole = send("text/plain", "");
  const auto head = whole.substr(0, whole.find("\r\n\r\n") + 4);
  MsrpTap tap;
  std::vector<Frame> frames;

  tap.pass(head, frames);
  tap.pass_unseen(65'536);
  tap.pass("\r\n-------dkei38sd+\r\n", frames);

  EXPECT_THAT(frames, ElementsAre(Frame{send("text/plain", "", '+'), 65'536}));
}

TEST(MsrpTap, is_silent_after_what_it_cannot_follow) {
  EXPECT_THAT(frames_of("GET / HTTP/1.1\r\n\r\n" + answer, 18),
              ElementsAre(Frame{"GET / HTTP/1.1\r\n"}));
  EXPECT_THAT(frames_of(std::string(20'000, 'x'), 20'000).size(), 1u);
  EXPECT_THAT(frames_of(answer.substr(0, 30), 1), IsEmpty());
}

TEST(MsrpTap, gives_up_at_the_same_octet_however_they_come) {
  for (const auto& lost : {"GET / HTTP/1.1\r\n\r\n" + answer, std::string(40'000, 'x'),
                           "MSRP a1b2 SEND\r\n" + std::string(20'000, 'x') + "\r\n\r\n"}) {
    EXPECT_EQ(frames_of(lost, lost.size()), frames_of(lost, 1));
  }
}

}  // namespace
}  // namespace convene::trace
