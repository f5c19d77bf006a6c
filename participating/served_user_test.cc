#include "participating/served_user.h"

#include <gtest/gtest.h>

namespace convene::participating {
namespace {

sip::Message invite(std::string_view name, std::string_view value) {
  auto request = sip::Message::request("INVITE", "sip:bob@example.com");
  request.add(name, value);
  return request;
}

const Settings anybody{};

// RFC 5502 4.2
TEST(ServedUser, is_who_the_core_says) {
  const auto request =
      invite("P-Served-User", "\"Alice\" <sip:alice@example.com>;sescase=orig;regstate=reg");
  EXPECT_EQ(served_user(request, "", anybody),
            (ServedUser{"sip:alice@example.com", SessionCase::originating, true}));
}

// RFC 5502 4.2
TEST(ServedUser, may_be_unregistered) {
  const auto request = invite("P-Served-User", "<sip:bob@example.com>;sescase=term;regstate=unreg");
  EXPECT_EQ(served_user(request, "", anybody),
            (ServedUser{"sip:bob@example.com", SessionCase::terminating, false}));
}

// 3GPP TS 24.229 5.7.3: without P-Served-User, the Route tells
TEST(ServedUser, is_the_asserted_originator_when_the_route_says_orig) {
  const auto request = invite("P-Asserted-Identity", "<sip:alice@example.com>");
  EXPECT_EQ(served_user(request, "<sip:pf@10.0.0.3;lr;orig>", anybody),
            (ServedUser{"sip:alice@example.com", SessionCase::originating, true}));
}

TEST(ServedUser, is_nobody_when_nobody_is_asserted) {
  const auto user = served_user(invite("Subject", "-"), "<sip:pf@10.0.0.3;lr;orig>", anybody);
  ASSERT_FALSE(user);
  EXPECT_EQ(user.error().fault, Fault::unsupported);
}

TEST(ServedUser, is_whom_the_request_is_for_otherwise) {
  EXPECT_EQ(served_user(invite("Subject", "-"), "", anybody),
            (ServedUser{"sip:bob@example.com", SessionCase::terminating, true}));
}

TEST(ServedUser, is_one_of_our_domains) {
  const Settings ours{.uri = {}, .domains = {"Example.COM"}, .layer = {}};
  EXPECT_TRUE(served_user(invite("P-Served-User", "<sip:bob@example.com>"), "", ours));
  EXPECT_FALSE(served_user(invite("P-Served-User", "<sip:bob@elsewhere.example>"), "", ours));
}

}  // namespace
}  // namespace convene::participating
