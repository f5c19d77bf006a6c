#include "sim/wire_log.h"

#include <gmock/gmock.h>

namespace convene::sim {
namespace {

using testing::ElementsAre;

std::vector<std::string> cut(FrameCutter& cutter, std::string_view octets) {
  std::vector<std::string> frames;
  cutter.feed(octets, frames);
  return frames;
}

const std::string send =
    "MSRP d93kswow SEND\r\nTo-Path: msrp://bob.example.com:8888/9di4eae923wzd;tcp\r\n"
    "From-Path: msrp://alicepc.example.com:7777/iau39soe2843z;tcp\r\nMessage-ID: 12339sdqwer\r\n"
    "Byte-Range: 1-16/16\r\nContent-Type: text/plain\r\n\r\nHi, I'm Alice!\r\n-------d93kswow$\r\n";
const std::string ok =
    "MSRP d93kswow 200 OK\r\nTo-Path: msrp://alicepc.example.com:7777/iau39soe2843z;tcp\r\n"
    "From-Path: msrp://bob.example.com:8888/9di4eae923wzd;tcp\r\n-------d93kswow$\r\n";

TEST(FrameCutter, cuts_two_frames_out_of_one_write) {
  FrameCutter cutter;

  EXPECT_THAT(cut(cutter, send + ok), ElementsAre(send, ok));
}

TEST(FrameCutter, finds_the_end_wherever_writes_are_cut) {
  for (std::size_t at = 0; at < send.size(); ++at) {
    FrameCutter cutter;
    EXPECT_THAT(cut(cutter, send.substr(0, at)), ElementsAre()) << at;
    EXPECT_THAT(cut(cutter, send.substr(at) + ok), ElementsAre(send, ok)) << at;
  }
}

TEST(FrameCutter, leaves_out_the_middle_of_a_large_body) {
  FrameCutter cutter;
  const auto body = send.find("Hi,");
  EXPECT_THAT(cut(cutter, send.substr(0, body)), ElementsAre());
  for (int i = 0; i < 100; ++i) EXPECT_THAT(cut(cutter, std::string(10'000, 'x')), ElementsAre());

  const auto frames = cut(cutter, "\r\n-------d93kswow+\r\n" + ok);

  ASSERT_EQ(frames.size(), 2);
  EXPECT_LE(frames[0].size(), max_logged_octets);
  EXPECT_TRUE(frames[0].contains("[octets left out]"));
  EXPECT_TRUE(frames[0].ends_with("x\r\n-------d93kswow+\r\n"));
  EXPECT_EQ(frames[1], ok);
}

TEST(WireLog, prints_for_people) {
  using namespace std::chrono_literals;
  const std::vector<Sent> wire{{.time = TimePoint{1012ms},
                                .from = "alice",
                                .to = "cf",
                                .protocol = Protocol::sip_udp,
                                .octets = "OPTIONS sip:cf SIP/2.0\r\nSubject: \x1b[31m\r\n",
                                .is_lost = true}};

  EXPECT_EQ(
      to_text(wire, TimePoint{1s}),
      "12 ms  alice -> cf  SIP/UDP  (lost)\n    OPTIONS sip:cf SIP/2.0\n    Subject: \\x1B[31m\n");
}

}  // namespace
}  // namespace convene::sim
