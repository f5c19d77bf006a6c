#include <gtest/gtest.h>

#include "sip/uri.h"

namespace convene::sip {
namespace {

bool equivalent(std::string_view a, std::string_view b) {
  const auto first = parse_uri(a);
  const auto second = parse_uri(b);
  EXPECT_TRUE(first) << a;
  EXPECT_TRUE(second) << b;
  if (!first || !second) return false;
  const bool forward = are_equivalent(*first, *second);
  EXPECT_EQ(forward, are_equivalent(*second, *first)) << a << " and " << b;
  return forward;
}

// RFC 3261 19.1.4, its first examples.
TEST(UriComparison, finds_the_equivalent_ones_of_the_rfc) {
  EXPECT_TRUE(
      equivalent("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtlanTa.CoM;Transport=tcp"));
  EXPECT_TRUE(equivalent("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
  EXPECT_TRUE(equivalent("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(equivalent("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(equivalent("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                         "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"));
  EXPECT_TRUE(equivalent("sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                         "sip:alice@atlanta.com?priority=urgent&subject=project%20x"));
}

TEST(UriComparison, tells_different_user_names) {
  EXPECT_FALSE(
      equivalent("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
}

TEST(UriComparison, does_not_take_a_missing_port_for_the_default) {
  EXPECT_FALSE(equivalent("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
}

TEST(UriComparison, does_not_take_a_missing_transport_for_the_default) {
  EXPECT_FALSE(equivalent("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
  EXPECT_FALSE(equivalent("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
}

TEST(UriComparison, never_ignores_headers) {
  EXPECT_FALSE(equivalent("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
}

TEST(UriComparison, does_not_look_names_up) {
  EXPECT_FALSE(equivalent("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"));
}

// RFC 3261 19.1.4: "equality is not transitive".
TEST(UriComparison, is_not_transitive) {
  EXPECT_TRUE(equivalent("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(equivalent("sip:carol@chicago.com", "sip:carol@chicago.com;security=off"));
  EXPECT_FALSE(
      equivalent("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
}

// RFC 3261 19.1.4: user, ttl, method and maddr never match when only one URI has them.
TEST(UriComparison, minds_some_parameters_that_one_side_lacks) {
  for (const char* param : {";user=ip", ";ttl=1", ";method=INVITE", ";maddr=239.255.255.1"}) {
    EXPECT_FALSE(equivalent("sip:a@b", std::string{"sip:a@b"} + param)) << param;
  }
}

TEST(UriComparison, tells_sip_from_sips_and_with_password_from_without) {
  EXPECT_FALSE(equivalent("sip:a@b", "sips:a@b"));
  EXPECT_FALSE(equivalent("sip:a:x@b", "sip:a@b"));
  EXPECT_FALSE(equivalent("sip:a:x@b", "sip:a:X@b"));
}

// RFC 3261 19.1.4: a reserved character is not its escape.
TEST(UriComparison, tells_a_reserved_character_from_its_escape) {
  EXPECT_FALSE(equivalent("sip:a;b@c", "sip:a%3Bb@c"));
  EXPECT_TRUE(equivalent("sip:a%3bb@c", "sip:a%3Bb@c"));
  EXPECT_FALSE(equivalent("sip:%2541@c", "sip:A@c"));
}

// RFC 5118: one address has many spellings.
TEST(UriComparison, knows_the_spellings_of_an_ipv6_address) {
  EXPECT_TRUE(equivalent("sip:a@[2001:DB8::1]", "sip:a@[2001:db8:0:0::0001]"));
  EXPECT_FALSE(equivalent("sip:a@[2001:db8::1]", "sip:a@[2001:db8::2]"));
}

// RFC 3966 4
TEST(UriComparison, ignores_visual_separators_of_tel_numbers) {
  EXPECT_TRUE(equivalent("tel:+1-201-555-0123", "TEL:+1(201)555.0123"));
  EXPECT_TRUE(equivalent("tel:7042;phone-context=example.com;ext=1-2",
                         "tel:70-42;ext=12;phone-context=EXAMPLE.com"));
  EXPECT_FALSE(equivalent("tel:+12015550123", "tel:12015550123"));
  EXPECT_FALSE(
      equivalent("tel:7042;phone-context=example.com", "tel:7042;phone-context=example.org"));
  EXPECT_FALSE(equivalent("tel:+12015550123", "tel:+12015550123;ext=1"));
}

TEST(UriComparison, compares_other_schemes_as_text) {
  EXPECT_TRUE(equivalent("URN:service:sos", "urn:service:sos"));
  EXPECT_FALSE(equivalent("urn:service:sos", "urn:service:SOS"));
}

// RFC 3261 10.3 (5)
TEST(AddressOfRecord, is_one_text_for_all_spellings) {
  for (const char* text : {"SIP:%61lice@EXAMPLE.com:5060;transport=tcp", "sip:alice@example.com",
                           "sip:alice:pw@Example.Com", "sip:alice@example.com;gr=urn:uuid:1",
                           "sip:alice@example.com?subject=x"}) {
    EXPECT_EQ(address_of_record(text), "sip:alice@example.com") << text;
  }
}

TEST(AddressOfRecord, keeps_what_tells_addresses_apart) {
  EXPECT_EQ(address_of_record("sip:Alice@example.com"), "sip:Alice@example.com");
  EXPECT_EQ(address_of_record("sips:alice@example.com:5061"), "sips:alice@example.com");
  EXPECT_EQ(address_of_record("sip:alice@example.com:5070"), "sip:alice@example.com:5070");
  EXPECT_EQ(address_of_record("sip:a%40b@example.com"), "sip:a%40b@example.com");
  EXPECT_EQ(address_of_record("sip:a%3bb%00@[::1]"), "sip:a;b%00@[::1]");
}

TEST(AddressOfRecord, of_a_telephone_is_its_digits) {
  EXPECT_EQ(address_of_record("tel:+1-201-555-0123;ext=1"), "tel:+12015550123");
  EXPECT_EQ(address_of_record("tel:70-42;phone-context=Example.com"),
            "tel:7042;phone-context=example.com");
}

TEST(AddressOfRecord, of_no_uri_is_the_text) {
  EXPECT_EQ(address_of_record("not a uri"), "not a uri");
  EXPECT_EQ(address_of_record("urn:service:sos"), "urn:service:sos");
}

// Tables depend on it: the address of record of an address of record is itself.
TEST(AddressOfRecord, is_its_own_address_of_record) {
  for (const char* text :
       {"sip:a%40%25b@EXAMPLE.com:5070", "tel:70-42;phone-context=+44-1", "sip:%23a;b@[::FFFF]"}) {
    const auto once = address_of_record(text);
    EXPECT_EQ(address_of_record(once), once);
  }
}

}  // namespace
}  // namespace convene::sip
