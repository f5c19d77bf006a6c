#include "cpm/identity.h"

#include <gtest/gtest.h>

#include "cpm/flow_messages.h"

namespace convene::cpm {
namespace {

using sip::Name;

sip::Message privacy(std::string_view value) {
  auto message = sip::Message::request("INVITE", "sip:x@example.com");
  message.add(Name::privacy, value);
  return message;
}

// CPM 6.1
TEST(AuthenticatedOriginator, is_the_first_asserted_identity) {
  auto request = flow("f1-2");
  request.add(Name::p_asserted_identity, "<tel:+15550101>");
  const auto originator = authenticated_originator(request).value();
  EXPECT_EQ(sip::to_text(originator.uri), "sip:alice@example.com");
  EXPECT_EQ(originator.display, "Alice");
}

TEST(AuthenticatedOriginator, is_nobody_without_assertion) {
  EXPECT_FALSE(authenticated_originator(flow("f1-1")));
}

TEST(StripAssertions, leaves_nothing_that_only_a_trusted_peer_may_say) {
  auto request = flow("f3-2");
  strip_assertions(request);
  EXPECT_FALSE(request.has(Name::p_asserted_identity));
  EXPECT_FALSE(request.has(Name::p_asserted_service));
  EXPECT_FALSE(request.has(Name::referred_by));
}

// RFC 3325 9.1: F1.1 becomes F1.2
TEST(AssertIdentity, takes_the_display_name_that_was_preferred) {
  auto request = flow("f1-1");
  assert_identity(request, sip::parse_name_addr("<sip:alice@example.com>").value());
  EXPECT_EQ(request.header(Name::p_asserted_identity), "\"Alice\" <sip:alice@example.com>");
  EXPECT_FALSE(request.has(Name::p_preferred_identity));
}

TEST(AssertIdentity, ignores_a_preference_for_somebody_else) {
  auto request = flow("f1-1");
  request.set(Name::p_preferred_identity, "\"Boss\" <sip:boss@example.com>");
  assert_identity(request, sip::parse_name_addr("<sip:alice@example.com>").value());
  EXPECT_EQ(request.header(Name::p_asserted_identity), "<sip:alice@example.com>");
}

// RFC 3325 9.3
TEST(Anonymity, is_asked_for_by_id_alone_or_among_others) {
  EXPECT_TRUE(asks_for_anonymity(privacy("id")));
  EXPECT_TRUE(asks_for_anonymity(privacy("header;id;critical")));
  EXPECT_FALSE(asks_for_anonymity(privacy("none")));
  EXPECT_FALSE(asks_for_anonymity(flow("f1-2")));
  EXPECT_TRUE(asks_for_anonymity(flow("f10-3")));
}

TEST(Anonymity, is_any_user_at_anonymous_invalid) {
  EXPECT_TRUE(is_anonymous("sip:anonymous@anonymous.invalid"));
  EXPECT_TRUE(is_anonymous("SIP:x@Anonymous.Invalid"));
  EXPECT_FALSE(is_anonymous("sip:anonymous@example.com"));
}

// G-36
TEST(Pseudonyms, tell_anonymous_members_apart) {
  EXPECT_EQ(pseudonym(2, "cf.example.com"), "sip:anonymous-2@cf.example.com");
}

// G-36
TEST(Pseudonym, is_told_from_an_address) {
  EXPECT_TRUE(is_pseudonym(pseudonym(12, "cf.example.com:5070")));
  EXPECT_FALSE(is_pseudonym("sip:anonymous@anonymous.invalid"));
  EXPECT_FALSE(is_pseudonym("sip:anonymous-coward@example.com"));
}

}  // namespace
}  // namespace convene::cpm
