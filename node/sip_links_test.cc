#include "node/sip_links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::node {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

constexpr TimePoint start{};
const sip::HostPort bob{.host = "10.0.0.2", .port = 40'000};
constexpr std::string_view options =
    "OPTIONS sip:example.com SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.0.2;branch=z9hG4bK1\r\nMax-Forwards: "
    "70\r\n"
    "From: <sip:bob@example.com>;tag=1\r\nTo: <sip:example.com>\r\nCall-ID: 1\r\nCSeq: 1 "
    "OPTIONS\r\n"
    "Content-Length: 0\r\n\r\n";

struct SipLinksTest : testing::Test {
  SeededRandom random{1};
  KeptLog log;
  Calendar calendar{start, {}};
  SipLinks links{
      {.message_timeout = 10s, .idle_timeout = 60s, .max_streams = 3, .max_streams_per_source = 2},
      {.random = random, .log = log, .calendar = calendar}};
  SipLinks::Input input;
  Effects effects;
};

TEST_F(SipLinksTest, cut_a_stream_into_messages_however_it_arrives) {
  links.accepted({2}, sip::Transport::tcp, bob, start, effects);
  const auto two = std::string{options} + std::string{options};
  for (const char octet : two) links.received({2}, {&octet, 1}, start, input, effects);

  ASSERT_THAT(input.messages, SizeIs(2));
  EXPECT_EQ(input.messages[0].message.method(), "OPTIONS");
  EXPECT_EQ(input.messages[0].source.address, bob);
}

// RFC 5626 4.4.1
TEST_F(SipLinksTest, answer_a_keep_alive) {
  links.accepted({2}, sip::Transport::tcp, bob, start, effects);
  links.received({2}, "\r\n\r\n", start, input, effects);

  ASSERT_THAT(effects, SizeIs(1));
  EXPECT_EQ(std::get<SendStream>(effects[0]).octets, "\r\n");
}

TEST_F(SipLinksTest, close_a_stream_whose_message_never_ends) {
  links.accepted({2}, sip::Transport::tcp, bob, start, effects);
  links.received({2}, "OPTIONS sip:example.com SIP/2.0\r\n", start, input, effects);
  for (auto now = start; now <= start + 11s; now += 1s) {
    links.received({2}, "X", now, input, effects);  // one octet a second does not help
    links.wake(now, input, effects);
  }

  EXPECT_EQ(links.streams(), 0U);
  ASSERT_THAT(effects, SizeIs(1));
  EXPECT_EQ(std::get<CloseStream>(effects[0]).flow, sip::Flow{2});
}

TEST_F(SipLinksTest, close_a_stream_that_is_silent) {
  links.accepted({2}, sip::Transport::tcp, bob, start, effects);
  links.received({2}, options, start, input, effects);

  links.wake(start + 59s, input, effects);
  EXPECT_EQ(links.streams(), 1U);
  links.wake(start + 61s, input, effects);
  EXPECT_EQ(links.streams(), 0U);
}

TEST_F(SipLinksTest, refuse_more_connections_than_one_source_may_have) {
  for (std::uint64_t flow = 2; flow <= 6; flow += 2)
    links.accepted({flow}, sip::Transport::tcp, bob, start, effects);
  EXPECT_EQ(links.streams(), 2U);
  ASSERT_THAT(effects, SizeIs(1));
  EXPECT_EQ(std::get<CloseStream>(effects[0]).flow, sip::Flow{6});
}

TEST_F(SipLinksTest, use_the_connection_that_stands_for_what_goes_there) {
  links.accepted({2}, sip::Transport::tcp, bob, start, effects);
  const auto message = *sip::parse_message(std::string{options});

  links.send(message, {.transport = sip::Transport::tcp, .address = bob, .flow = {}}, start,
             effects);

  ASSERT_THAT(effects, SizeIs(1));
  EXPECT_EQ(std::get<SendStream>(effects[0]).flow, sip::Flow{2});
}

TEST_F(SipLinksTest, open_one_connection_for_two_messages_to_a_new_place) {
  const auto message = *sip::parse_message(std::string{options});
  const sip::Destination there{
      .transport = sip::Transport::tcp, .address = {"10.9.9.9", 0}, .flow = {}};

  links.send(message, there, start, effects);
  links.send(message, there, start, effects);

  ASSERT_THAT(effects, SizeIs(3));
  EXPECT_EQ(std::get<OpenStream>(effects[0]).remote, (sip::HostPort{"10.9.9.9", 5060}));
  EXPECT_EQ(std::get<SendStream>(effects[2]).flow, std::get<SendStream>(effects[1]).flow);
}

TEST_F(SipLinksTest, tell_what_a_lost_connection_means) {
  links.accepted({2}, sip::Transport::tcp, bob, start, effects);
  links.closed({2}, input);

  ASSERT_THAT(input.failed, SizeIs(1));
  EXPECT_EQ(input.failed[0].address, bob);
  EXPECT_EQ(links.streams(), 0U);
}

TEST_F(SipLinksTest, drop_a_datagram_that_is_no_sip_and_say_so) {
  links.datagram(bob, "hello\r\n\r\n", start, input, effects);
  EXPECT_THAT(input.messages, IsEmpty());
  EXPECT_THAT(effects, IsEmpty());
  EXPECT_THAT(log.text(), testing::HasSubstr("10.0.0.2:40000"));
}

// RFC 3261 21.4.1
TEST_F(SipLinksTest, answer_a_request_that_cannot_be_read) {
  std::string request{options};
  request.insert(request.find("Max-Forwards"), "no header\r\n");
  links.datagram(bob, request, start, input, effects);

  EXPECT_THAT(input.messages, IsEmpty());
  ASSERT_THAT(effects, SizeIs(1));
  const auto& answer = std::get<SendDatagram>(effects[0]).octets;
  EXPECT_THAT(answer, testing::StartsWith("SIP/2.0 400 Bad Request\r\nVia: "));
  EXPECT_THAT(answer, testing::HasSubstr("\r\nCall-ID: 1\r\n"));
}

// RFC 3261 18.3, 21.5.7: nobody can tell where the next message begins.
TEST_F(SipLinksTest, answer_and_close_a_stream_that_cannot_be_cut) {
  std::string request{options};
  request.replace(request.find("Content-Length: 0"), 17, "Content-Length: 99999999");
  links.accepted({2}, sip::Transport::tcp, bob, start, effects);
  links.received({2}, request, start, input, effects);

  ASSERT_THAT(effects, SizeIs(2));
  EXPECT_THAT(std::get<SendStream>(effects[0]).octets, testing::StartsWith("SIP/2.0 513 "));
  EXPECT_EQ(std::get<CloseStream>(effects[1]).flow, sip::Flow{2});
}

}  // namespace
}  // namespace convene::node
