#include "sip/unreadable_request.h"

#include <gtest/gtest.h>

namespace convene::sip {
namespace {

const Source alice{
    .transport = Transport::udp, .address = {.host = "10.0.0.1", .port = 5070}, .flow = {}};

std::string request(std::string_view extra, std::string_view method = "INVITE") {
  return std::string{method} + " sip:bob@example.com SIP/2.0\r\n" +
         "v: SIP/2.0/UDP alice.example.com;branch=z9hG4bK7;rport,\r\n SIP/2.0/UDP "
         "b.example.com\r\n" +
         std::string{extra} +
         "\r\nf: <sip:alice@example.com>;tag=1\r\nt: <sip:bob@example.com>\r\ni: c1\r\nCSeq: 7 " +
         std::string{method} + "\r\n\r\n";
}

std::optional<Send> answer_to(std::string octets) {
  const auto message = parse_message(octets);
  EXPECT_FALSE(message);
  return answer_unreadable(octets, message.error(), alice);
}

// RFC 3261 8.2.6, 21.4.1
TEST(UnreadableRequest, is_answered_400_with_what_its_sender_needs) {
  const auto answer = answer_to(request("this is no header"));

  ASSERT_TRUE(answer);
  const auto& response = answer->message;
  EXPECT_EQ(response.status(), 400);
  EXPECT_EQ(response.values(Name::via).size(), 2U);
  EXPECT_EQ(response.header(Name::call_id), "c1");
  EXPECT_EQ(response.header(Name::cseq), "7 INVITE");
  EXPECT_EQ(response.header(Name::from), "<sip:alice@example.com>;tag=1");
  EXPECT_EQ(response.header(Name::to), "<sip:bob@example.com>;tag=bad-z9hG4bK7");
}

// RFC 3581 4
TEST(UnreadableRequest, is_answered_where_it_came_from) {
  const auto answer = answer_to(request("no header"));

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->destination.address, alice.address);
  EXPECT_EQ(answer->message.values(Name::via).front(),
            "SIP/2.0/UDP alice.example.com;branch=z9hG4bK7;rport=5070;received=10.0.0.1");
}

// RFC 3261 21.5.7
TEST(UnreadableRequest, that_is_too_large_is_told_so) {
  std::string headers;
  for (int i = 0; i < 1'000; ++i) headers += "X: 1\r\n";
  const auto answer = answer_to(request(headers + "X: 1"));

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->message.status(), 513);
}

// RFC 3261 17.1.1.3, 18.1.2: neither is ever answered.
TEST(UnreadableRequest, that_is_an_ack_or_a_response_gets_nothing) {
  EXPECT_FALSE(answer_to(request("no header", "ACK")));
  auto response = request("no header");
  response.replace(0, response.find("\r\n"), "SIP/2.0 200 OK");
  EXPECT_FALSE(answer_to(response));
}

TEST(UnreadableRequest, from_nobody_gets_nothing) {
  EXPECT_FALSE(answer_to("GET / HTTP/1.1\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n\r\n"));
  EXPECT_FALSE(answer_to("INVITE sip:bob@example.com SIP/2.0\r\nVia: ?\r\nno header\r\n\r\n"));
  EXPECT_FALSE(answer_to(""));
}

// A forged list of Vias does not make us a source of long messages.
TEST(UnreadableRequest, that_came_a_very_long_way_gets_nothing) {
  std::string vias;
  for (std::size_t i = 0; i < max_salvaged_vias; ++i) vias += "Via: SIP/2.0/UDP x.example.com\r\n";
  EXPECT_FALSE(answer_to(request(vias + "no header")));
}

}  // namespace
}  // namespace convene::sip
