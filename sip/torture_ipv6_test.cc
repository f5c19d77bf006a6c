// RFC 5118: IPv6 addresses where SIP allows them, and where peers put them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sip/fields.h"
#include "sip/message.h"
#include "sip/name_addr.h"
#include "sip/test_torture_message.h"

namespace convene::sip {
namespace {

using testing::ElementsAre;

Message parsed(const std::string& name) {
  return parse_message(torture_message("rfc5118/" + name)).value();
}

Message accepted(const std::string& name) {
  auto message = parsed(name);
  EXPECT_EQ(defect(message), std::nullopt);
  EXPECT_EQ(parse_message(to_text(message)), message);
  return message;
}

HostPort target(const Message& message) {
  const auto uri = parse_uri(message.uri()).value();
  return {.host = uri.host, .port = uri.port};
}

// RFC 5118 4.1
TEST(TortureIpv6, ipv6_good_a_reference_in_the_request_uri) {
  const auto message = accepted("ipv6-good");

  EXPECT_EQ(target(message), (HostPort{"2001:db8::10", 0}));
  EXPECT_EQ(parse_via(message.header(Name::via))->sent_by, (HostPort{"2001:db8::9:1", 0}));
}

// RFC 5118 4.2
TEST(TortureIpv6, ipv6_bad_an_address_without_brackets) {
  EXPECT_EQ(defect(parsed("ipv6-bad")),
            (Rejection{.status = 400, .reason = "Malformed Request-URI"}));
}

// RFC 5118 4.3: well formed, though not what the sender meant.
TEST(TortureIpv6, port_ambiguous_within_the_brackets) {
  EXPECT_EQ(target(accepted("port-ambiguous")), (HostPort{"2001:db8::10:5070", 0}));
}

// RFC 5118 4.4
TEST(TortureIpv6, port_unambiguous_behind_the_brackets) {
  EXPECT_EQ(target(accepted("port-unambiguous")), (HostPort{"2001:db8::10", 5070}));
}

// RFC 5118 4.5
TEST(TortureIpv6, via_received_param_with_delim) {
  const auto via = parse_via(accepted("via-received-param-with-delim").header(Name::via)).value();
  EXPECT_EQ(via.params.value("received"), "[2001:db8::9:255]");
}

// RFC 5118 4.5
TEST(TortureIpv6, via_received_param_no_delim) {
  const auto via = parse_via(accepted("via-received-param-no-delim").header(Name::via)).value();
  EXPECT_EQ(via.params.value("received"), "2001:db8::9:255");
}

// RFC 5118 4.6
TEST(TortureIpv6, ipv6_in_sdp) {
  const auto message = accepted("ipv6-in-sdp");
  EXPECT_NE(message.body().find("c=IN IP6 2001:db8::20\r\n"), std::string_view::npos);
}

// RFC 5118 4.7
TEST(TortureIpv6, mult_ip_in_header) {
  const auto message = accepted("mult-ip-in-header");
  std::vector<std::string> senders;
  for (const auto value : message.values(Name::via))
    senders.push_back(to_text(parse_via(value)->sent_by));

  EXPECT_THAT(senders, ElementsAre("[2001:db8::9:1]:6050", "192.0.2.1", "[2001:db8::9:255]"));
}

// RFC 5118 4.8
TEST(TortureIpv6, mult_ip_in_sdp) {
  EXPECT_EQ(accepted("mult-ip-in-sdp").header(Name::content_type), "application/sdp");
}

// RFC 5118 4.9
TEST(TortureIpv6, ipv4_mapped_ipv6) {
  const auto message = accepted("ipv4-mapped-ipv6");

  EXPECT_EQ(parse_via(message.values(Name::via)[0])->sent_by,
            (HostPort{"::ffff:192.0.2.10", 19'823}));
  EXPECT_EQ(parse_name_addr(message.header(Name::contact))->uri.host, "::ffff:192.0.2.2");
}

// RFC 5118 4.10: tolerated, and repaired when printed.
TEST(TortureIpv6, ipv6_bug_abnf_3_colons) {
  EXPECT_EQ(target(accepted("ipv6-bug-abnf-3-colons")), (HostPort{"2001:db8::192.0.2.1", 0}));
}

// RFC 5118 4.10
TEST(TortureIpv6, ipv6_correct_abnf_2_colons) {
  EXPECT_EQ(target(accepted("ipv6-correct-abnf-2-colons")), (HostPort{"2001:db8::192.0.2.1", 0}));
}

}  // namespace
}  // namespace convene::sip
