#include "sdp/session_description.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::sdp {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr std::string_view offer =
    "v=0\r\n"
    "o=- 5001 1 IN IP4 198.51.100.11\r\n"
    "s=-\r\n"
    "c=IN IP4 198.51.100.11\r\n"
    "t=0 0\r\n"
    "m=message 9 TCP/MSRP *\r\n"
    "a=sendonly\r\n"
    "a=accept-types:message/cpim text/plain\r\n"
    "a=setup:active\r\n"
    "a=path:msrp://198.51.100.11:9/alft1;tcp\r\n";

constexpr std::string_view begin = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n";

Fault fault_of(const std::string& text) {
  const auto parsed = parse_session_description(text);
  EXPECT_FALSE(parsed) << text.substr(0, 200);
  return parsed ? Fault::closed : parsed.error().fault;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(SessionDescription, is_parsed_and_printed) {
  const auto session = parse_session_description(offer);
  ASSERT_TRUE(session) << session.error().detail;
  EXPECT_EQ(session->origin.version, 1);
  EXPECT_EQ(session->origin.address, "198.51.100.11");
  ASSERT_THAT(session->media, SizeIs(1));
  const auto& media = session->media[0];
  EXPECT_EQ(media.kind, "message");
  EXPECT_EQ(media.port, 9);
  EXPECT_EQ(media.protocol, "TCP/MSRP");
  EXPECT_THAT(media.formats, ElementsAre("*"));
  EXPECT_TRUE(media.attributes.has("sendonly"));
  EXPECT_EQ(media.attributes.value("setup"), "active");
  EXPECT_EQ(connection_of(*session, media)->address, "198.51.100.11");
  EXPECT_EQ(to_text(*session), offer);
}

TEST(SessionDescription, may_end_its_lines_in_bare_lf) {
  std::string bare{offer};
  std::erase(bare, '\r');
  EXPECT_EQ(parse_session_description(bare), parse_session_description(offer));
}

// RFC 4566 5: the order of lines is fixed.
TEST(SessionDescription, keeps_what_it_does_not_read_in_its_place) {
  const std::string text =
      "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns= \r\ni=info\r\nu=http://a\r\nc=IN IP4 192.0.2.1\r\n"
      "b=AS:64\r\nt=0 0\r\nr=7d 1h 0 25h\r\nt=1 2\r\nz=0 0\r\nk=clear:x\r\na=recvonly\r\n"
      "m=audio 4000/2 RTP/AVP 0 8\r\ni=title\r\nc=IN IP6 2001:db8::1\r\nc=IN IP6 2001:db8::2\r\n"
      "b=AS:1\r\na=rtpmap:0 PCMU/8000\r\n";
  const auto session = parse_session_description(text);
  ASSERT_TRUE(session) << session.error().detail;
  EXPECT_EQ(to_text(*session), text);
  EXPECT_EQ(session->media[0].port_count, 2);
  EXPECT_EQ(connection_of(*session, session->media[0])->address, "2001:db8::1");
}

TEST(SessionDescription, puts_lines_into_order) {
  const auto session = parse_session_description(
      "v=0\r\no=- 1 1 IN IP4 a\r\nt=0 0\r\nb=AS:1\r\nc=IN IP4 a\r\ni=info\r\ns=x\r\n");
  ASSERT_TRUE(session);
  EXPECT_EQ(to_text(*session),
            "v=0\r\no=- 1 1 IN IP4 a\r\ns=x\r\ni=info\r\nc=IN IP4 a\r\nb=AS:1\r\nt=0 0\r\n");
}

TEST(SessionDescription, knows_ip6_addresses) {
  EXPECT_EQ(connection_to("[2001:db8::1]"), (Connection{"IN", "IP6", "2001:db8::1"}));
  EXPECT_EQ(connection_to("192.0.2.1"), (Connection{"IN", "IP4", "192.0.2.1"}));
  const auto session = parse_session_description(std::string{begin} + "c=IN IP6 [2001:db8::1]\r\n");
  EXPECT_EQ(session->connection, connection_to("2001:db8::1"));
}

TEST(SessionDescription, has_limits) {
  const std::string start{begin};
  EXPECT_TRUE(parse_session_description(start + repeated("m=message 9 TCP/MSRP *\n", max_media)));
  EXPECT_EQ(fault_of(start + repeated("m=message 9 TCP/MSRP *\n", max_media + 1)),
            Fault::too_large);
  EXPECT_EQ(fault_of(start + repeated("a=x\n", max_attributes + 1)), Fault::too_large);
  EXPECT_EQ(fault_of(start + repeated("b=x\n", max_other_lines + 1)), Fault::too_large);
  EXPECT_EQ(fault_of(start + "a=" + std::string(max_line, 'x')), Fault::too_large);
  EXPECT_EQ(fault_of(start + repeated("\n", max_octets)), Fault::too_large);
}

TEST(SessionDescription, is_refused_when_it_is_none) {
  const std::string start{begin};
  for (const auto& text :
       {std::string{}, std::string{"v=0\r\n"}, std::string{"o=- 1 1 IN IP4 a\r\n"},
        std::string{"v=0\r\no=- 1 x IN IP4 a\r\n"}, std::string{"v=0\r\no=- 1 1 IN IP4\r\n"},
        start + "s=again\r\n", start + "x\r\n", start + "a=\r\n", start + "a=:x\r\n",
        start + "m=message 70000 TCP/MSRP *\r\n", start + "m=message 9\r\n", start + "c=IN IP4\r\n",
        start + "a=x\ry\r\n", start + "==\r\n"})
    EXPECT_EQ(fault_of(text), Fault::malformed) << text;
  EXPECT_EQ(fault_of("v=1\r\n"), Fault::unsupported);
}

TEST(SessionDescription, cannot_be_injected_by_a_value) {
  SessionDescription session;
  session.origin.address = "a";
  session.name = "x\r\na=evil";
  EXPECT_EQ(to_text(session), "v=0\r\no=- 0 0 IN IP4 a\r\ns=x  a=evil\r\nt=0 0\r\n");
}

}  // namespace
}  // namespace convene::sdp
