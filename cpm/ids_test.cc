#include "cpm/ids.h"

#include <gtest/gtest.h>

#include "cpm/flow_messages.h"

namespace convene::cpm {
namespace {

sip::Message with(sip::Name name, std::string_view value) {
  auto message = sip::Message::request("INVITE", "sip:x@example.com");
  message.add(name, value);
  return message;
}

// R1.13
TEST(Ids, are_copied_octet_for_octet) {
  auto received = flow("f1-2");
  received.set(sip::Name::in_reply_to_contribution_id, "AbCd-Q");

  auto sent = sip::Message::request("INVITE", "sip:bob@example.com");
  write_ids(sent, read_ids(received).value());

  for (const auto name : {sip::Name::conversation_id, sip::Name::contribution_id,
                          sip::Name::in_reply_to_contribution_id}) {
    EXPECT_EQ(sent.header(name), received.header(name));
  }
}

TEST(Ids, that_are_absent_are_not_written) {
  auto sent = sip::Message::request("INVITE", "sip:bob@example.com");
  write_ids(sent, {.conversation = "c", .contribution = {}, .in_reply_to = {}});
  EXPECT_FALSE(sent.has(sip::Name::contribution_id));
}

TEST(Ids, have_a_limit) {
  EXPECT_TRUE(read_ids(with(sip::Name::conversation_id, std::string(256, 'a'))));
  EXPECT_EQ(read_ids(with(sip::Name::conversation_id, std::string(257, 'a'))).error().fault,
            Fault::too_large);
}

TEST(Ids, cannot_be_given_twice) {
  auto message = with(sip::Name::contribution_id, "a");
  message.add(sip::Name::contribution_id, "b");
  EXPECT_EQ(read_ids(message).error().fault, Fault::malformed);
}

TEST(Ids, of_two_calls_differ) {
  EXPECT_EQ(contribution_id("secret", "call-1@host").size(), 32U);
  EXPECT_NE(contribution_id("secret", "call-1@host"), contribution_id("secret", "call-2@host"));
  EXPECT_NE(contribution_id("secret", "call-1@host"), contribution_id("other", "call-1@host"));
}

// RFC 2202 2, test case 2: the first 128 of its 160 bits.
TEST(Ids, are_hmac_sha1) {
  EXPECT_EQ(contribution_id("Jefe", "what do ya want for nothing?"),
            "effcdf6ae5eb2fa2d27416d5f184df9c");
}

}  // namespace
}  // namespace convene::cpm
