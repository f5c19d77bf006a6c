#include "sip/transaction_key.h"

#include <gtest/gtest.h>

#include "sip/test_transactions.h"

namespace convene::sip {
namespace {

std::string key(const Message& request, std::string_view method) {
  return server_key(request, *parse_via(request.header(Name::via)), method);
}
Message with_via(Message request, std::string_view via) {
  request.set(Name::via, via);
  return request;
}

// RFC 3261 17.2.3 (1) (2) (3)
TEST(ServerKey, is_branch_sent_by_and_method) {
  const auto invite = with_via(request_of("INVITE"), "SIP/2.0/UDP A.example;branch=z9hG4bK1");
  const auto same = with_via(request_of("ACK"), "SIP/2.0/TCP a.example;branch=z9hG4bK1;rport");
  EXPECT_EQ(key(invite, "INVITE"), key(same, "INVITE"));

  const auto port = with_via(request_of("INVITE"), "SIP/2.0/UDP a.example:5070;branch=z9hG4bK1");
  EXPECT_NE(key(invite, "INVITE"), key(port, "INVITE"));
  const auto branch = with_via(request_of("INVITE"), "SIP/2.0/UDP a.example;branch=z9hG4bK2");
  EXPECT_NE(key(invite, "INVITE"), key(branch, "INVITE"));
  EXPECT_NE(key(invite, "INVITE"), key(invite, "CANCEL"));
}

// RFC 3261 17.2.3: an RFC 2543 client's branch says nothing.
TEST(ServerKey, is_the_whole_request_without_the_magic_cookie) {
  const auto first = with_via(request_of("INVITE"), "SIP/2.0/UDP a.example;branch=1");
  auto second = first;
  second.set(Name::cseq, "3 INVITE");
  auto other_call = first;
  other_call.set(Name::call_id, "another");
  EXPECT_NE(key(first, "INVITE"), key(second, "INVITE"));
  EXPECT_NE(key(first, "INVITE"), key(other_call, "INVITE"));

  const auto noted = with_via(first, "SIP/2.0/UDP a.example;branch=1;received=192.0.2.1");
  EXPECT_EQ(key(first, "INVITE"), key(noted, "INVITE"));
}

// RFC 3261 8.2.2.2
TEST(MergeKey, is_the_same_on_every_path) {
  const auto one = with_via(request_of("INVITE"), "SIP/2.0/UDP a.example;branch=z9hG4bK1");
  const auto two = with_via(request_of("INVITE"), "SIP/2.0/UDP b.example;branch=z9hG4bK2");
  EXPECT_EQ(merge_key(one), merge_key(two));
  EXPECT_NE(merge_key(one), merge_key(request_of("MESSAGE")));

  auto in_dialog = one;
  in_dialog.set(Name::to, "<sip:bob@biloxi.example.com>;tag=b1");
  EXPECT_EQ(merge_key(in_dialog), "");
}

}  // namespace
}  // namespace convene::sip
