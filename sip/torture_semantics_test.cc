// RFC 4475 3.2 to 3.4: well-formed messages whose meaning is unusual. What the layers above make of
// it is theirs; here they are parsed, and refused only if the message itself says so.
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
  return parse_message(torture_message("rfc4475/" + name)).value();
}

Message accepted(const std::string& name) {
  auto message = parsed(name);
  EXPECT_EQ(defect(message), std::nullopt);
  EXPECT_EQ(parse_message(to_text(message)), message);
  return message;
}

Rejection bad_request(std::string reason) { return {.status = 400, .reason = std::move(reason)}; }

// RFC 4475 3.2.1
TEST(TortureSemantics, badbranch_a_branch_without_identifier) {
  EXPECT_EQ(defect(parsed("badbranch")), bad_request("Malformed Via"));
}

// RFC 4475 3.3.1
TEST(TortureSemantics, insuf_missing_header_fields) {
  EXPECT_EQ(defect(parsed("insuf")), bad_request("Missing Call-ID"));
}

// RFC 4475 3.3.2
TEST(TortureSemantics, unkscm_a_request_uri_of_an_unknown_scheme) {
  EXPECT_EQ(parsed("unkscm").uri(), "nobodyKnowsThisScheme:totallyopaquecontent");
  EXPECT_EQ(defect(parsed("unkscm"))->status, 416);
}

// RFC 4475 3.3.3
TEST(TortureSemantics, novelsc_a_request_uri_of_an_atypical_scheme) {
  EXPECT_EQ(parse_uri(parsed("novelsc").uri())->scheme, "soap.beep");
  EXPECT_EQ(defect(parsed("novelsc"))->status, 416);
}

// RFC 4475 3.3.4
TEST(TortureSemantics, unksm2_unknown_schemes_in_headers) {
  const auto message = accepted("unksm2");

  EXPECT_EQ(parse_name_addr(message.header(Name::to))->uri.scheme, "isbn");
  EXPECT_EQ(parse_name_addr(message.header(Name::from))->uri.scheme, "http");
  EXPECT_EQ(parse_name_addr(message.header(Name::contact))->uri.opaque, "John_Smith");
}

// RFC 4475 3.3.5
TEST(TortureSemantics, bext01_unknown_extensions_are_required) {
  const auto message = accepted("bext01");

  EXPECT_TRUE(message.lists(Name::require, "nothingSupportsThis"));
  EXPECT_TRUE(message.lists(Name::require, "nothingSupportsThisEither"));
  EXPECT_TRUE(message.lists(Name::proxy_require, "norDoAnyProxiesSupportThis"));
}

// RFC 4475 3.3.6
TEST(TortureSemantics, invut_an_unknown_content_type) {
  EXPECT_EQ(accepted("invut").header(Name::content_type), "application/unknownformat");
}

// RFC 4475 3.3.7
TEST(TortureSemantics, regaut01_an_unknown_authorization_scheme) {
  EXPECT_EQ(accepted("regaut01").header(Name::authorization),
            "NoOneKnowsThisScheme opaque-data=here");
}

// RFC 4475 3.3.8
TEST(TortureSemantics, multi01_several_values_of_single_headers) {
  EXPECT_EQ(defect(parsed("multi01")), bad_request("Multiple Call-ID"));
}

// RFC 4475 3.3.9
TEST(TortureSemantics, mcl01_several_content_lengths) {
  EXPECT_EQ(defect(parsed("mcl01")), bad_request("Multiple Content-Length"));
}

// RFC 4475 3.3.10: whom the second Via names is the node's business.
TEST(TortureSemantics, bcast_a_broadcast_address_in_via) {
  const auto message = accepted("bcast");
  EXPECT_EQ(parse_via(message.values(Name::via).back())->sent_by.host, "255.255.255.255");
}

// RFC 4475 3.3.11
TEST(TortureSemantics, zeromf_max_forwards_of_zero) {
  EXPECT_EQ(accepted("zeromf").header(Name::max_forwards), "0");
}

// RFC 4475 3.3.12
TEST(TortureSemantics, cparam01_a_parameter_of_the_contact_header) {
  const auto contact = parse_name_addr(accepted("cparam01").header(Name::contact)).value();

  EXPECT_TRUE(contact.params.has("unknownparam"));
  EXPECT_TRUE(contact.uri.params.empty());
}

// RFC 4475 3.3.13
TEST(TortureSemantics, cparam02_a_parameter_of_the_contact_uri) {
  const auto contact = parse_name_addr(accepted("cparam02").header(Name::contact)).value();

  EXPECT_TRUE(contact.params.empty());
  EXPECT_TRUE(contact.uri.params.has("unknownparam"));
}

// RFC 4475 3.3.14
TEST(TortureSemantics, regescrt_a_header_in_the_contact_uri) {
  const auto contact = parse_name_addr(accepted("regescrt").header(Name::contact)).value();

  EXPECT_EQ(contact.uri.headers, "Route=%3Csip:sip.example.com%3E");
}

// RFC 4475 3.3.15
TEST(TortureSemantics, sdp01_an_unknown_type_in_accept) {
  const auto message = accepted("sdp01");
  EXPECT_THAT(message.values(Name::accept), ElementsAre("text/nobodyKnowsThis"));
}

// RFC 4475 3.4.1
TEST(TortureSemantics, inv2543_an_invite_of_rfc_2543) {
  const auto message = accepted("inv2543");

  EXPECT_EQ(parse_via(message.header(Name::via))->branch(), "");
  EXPECT_FALSE(parse_name_addr(message.header(Name::from))->params.has("tag"));
  EXPECT_TRUE(message.body().starts_with("v=0\r\n"));
}

}  // namespace
}  // namespace convene::sip
