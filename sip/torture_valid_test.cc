// RFC 4475 3.1.1: messages that every element must accept, with the meaning that the RFC gives
// them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "sip/fields.h"
#include "sip/message.h"
#include "sip/name_addr.h"
#include "sip/test_torture_message.h"

namespace convene::sip {
namespace {

using testing::ElementsAre;

// Parsed, found good, and printed to a message that parses to the same.
Message accepted(const std::string& name) {
  auto message = parse_message(torture_message("rfc4475/" + name)).value();
  EXPECT_EQ(defect(message), std::nullopt) << defect(message)->reason;
  EXPECT_EQ(parse_message(to_text(message)), message);
  return message;
}

Uri uri_of(const Message& message) { return parse_uri(message.uri()).value(); }
NameAddr address_of(const Message& message, Name name) {
  return parse_name_addr(message.header(name)).value();
}

// RFC 4475 3.1.1.1
TEST(TortureValid, wsinv_a_short_tortuous_invite) {
  const auto message = accepted("wsinv");

  EXPECT_TRUE(uri_of(message).params.has("unknownparam"));
  EXPECT_EQ(address_of(message, Name::to).params.value("tag"), "1918181833n");
  EXPECT_EQ(address_of(message, Name::from).display, R"(J Rosenberg \")");
  EXPECT_EQ(message.header(Name::max_forwards), "0068");
  EXPECT_EQ(parse_cseq(message.header(Name::cseq)), (CSeq{9, "INVITE"}));
  EXPECT_EQ(message.count(Name::subject), 1U);
  EXPECT_EQ(message.header(Name::subject), "");
  EXPECT_EQ(message.header("NewFangledHeader"), "newfangled value   continued newfangled value");
  EXPECT_EQ(message.header("UnknownHeaderWithUnusualValue"), ";;,,;;,;");
  EXPECT_EQ(message.body().size(), 150U);

  std::vector<std::string> branches;
  for (const auto value : message.values(Name::via))
    branches.emplace_back(parse_via(value)->branch());
  EXPECT_THAT(branches, ElementsAre("390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"));

  const auto contact = address_of(message, Name::contact);
  EXPECT_EQ(contact.display, R"(Quoted string "")");
  EXPECT_EQ(to_text(contact.params), ";newparam=newvalue;secondparam;q=0.33");
  EXPECT_TRUE(address_of(message, Name::route).uri.params.has("unknown-no-value"));
}

// RFC 4475 3.1.1.2
TEST(TortureValid, intmeth_a_wide_range_of_valid_characters) {
  const auto message = accepted("intmeth");

  EXPECT_EQ(message.method(), "!interesting-Method0123456789_*+`.%indeed'~");
  EXPECT_EQ(uri_of(message).user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
  EXPECT_EQ(uri_of(message).password, "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
  EXPECT_EQ(uri_of(message).host, "example.com");
  EXPECT_EQ(address_of(message, Name::to).display,
            (std::string_view{"BEL:\x07 NUL:\0 DEL:\x7F", 17}));
  const auto from = address_of(message, Name::from);
  EXPECT_EQ(from.display, "token1~` token2'+_ token3*%!.-");
  EXPECT_EQ(from.params.value("fromParam''~+*_!.-%"),
            "\xD1\x80\xD0\xB0\xD0\xB1\xD0\xBE\xD1\x82\xD0\xB0\xD1\x8E\xD1\x89\xD0\xB8\xD0\xB9");
  EXPECT_EQ(from.params.value("tag"), "_token~1'+`*%!-.");
  EXPECT_EQ(message.header(Name::call_id), R"(intmeth.word%ZK-!.*_+'@word`~)(><:\/"][?}{)");
  EXPECT_EQ(message.header("extensionHeader-!.%*+_`'~"),
            "\xEF\xBB\xBF\xE5\xA4\xA7\xE5\x81\x9C\xE9\x9B\xBB");
}

// RFC 4475 3.1.1.3
TEST(TortureValid, esc01_valid_use_of_the_percent_escape) {
  const auto message = accepted("esc01");

  EXPECT_EQ(uri_of(message).user, "sips%3Auser%40example.com");
  EXPECT_EQ(uri_of(message).host, "example.net");
  EXPECT_TRUE(
      are_equivalent(address_of(message, Name::to).uri, parse_uri("sip:user@example.com").value()));
  EXPECT_EQ(address_of(message, Name::from).uri.user, "I%20have%20spaces");
  const auto contact = address_of(message, Name::contact);
  EXPECT_TRUE(are_equivalent(
      contact.uri, parse_uri("sip:caller@host5.example.net;%6C%72;n%61me=value%2541").value()));
  EXPECT_FALSE(are_equivalent(
      contact.uri, parse_uri("sip:caller@host5.example.net;%6C%72;n%61me=valueA").value()));
}

// RFC 4475 3.1.1.4
TEST(TortureValid, escnull_escaped_nulls_in_uris) {
  const auto message = accepted("escnull");

  EXPECT_EQ(percent_decode(address_of(message, Name::to).uri.user),
            (std::string{"null-\0-null", 11}));
  const auto contacts = message.values(Name::contact);
  ASSERT_EQ(contacts.size(), 2U);
  EXPECT_FALSE(
      are_equivalent(parse_name_addr(contacts[0])->uri, parse_name_addr(contacts[1])->uri));
}

// RFC 4475 3.1.1.5
TEST(TortureValid, esc02_percent_where_it_is_no_escape) {
  const auto message = accepted("esc02");

  EXPECT_EQ(message.method(), "RE%47IST%45R");
  EXPECT_EQ(address_of(message, Name::to).display, "%Z%45");
  EXPECT_EQ(address_of(message, Name::from).display, "%Z%45");
  EXPECT_EQ(message.values(Name::contact).size(), 2U);
}

// RFC 4475 3.1.1.6
TEST(TortureValid, lwsdisp_no_blank_between_display_name_and_bracket) {
  EXPECT_EQ(address_of(accepted("lwsdisp"), Name::from).display, "caller");
}

// RFC 4475 3.1.1.7
TEST(TortureValid, longreq_long_values) {
  const auto message = accepted("longreq");

  EXPECT_EQ(message.values(Name::via).size(), 34U);
  EXPECT_EQ(address_of(message, Name::to).uri.port, 6000);
  EXPECT_EQ(address_of(message, Name::from).params.value("tag")->size(), 2U + 150U + 3U);
  EXPECT_EQ(message.header(Name::call_id).size(), 11U + 120U + 10U);
  EXPECT_EQ(parse_via(message.values(Name::via).back())->params.value("received"), "192.0.2.5");
}

// RFC 4475 3.1.1.8
TEST(TortureValid, dblreq_extra_octets_in_a_datagram) {
  const auto message = accepted("dblreq");

  EXPECT_EQ(message.method(), "REGISTER");
  EXPECT_EQ(message.body(), "");
  EXPECT_EQ(to_text(message).find("joe@example.com"), std::string::npos);
}

// RFC 4475 3.1.1.9
TEST(TortureValid, semiuri_semicolons_in_the_user_part) {
  const auto message = accepted("semiuri");

  EXPECT_EQ(percent_decode(uri_of(message).user), "user;par=u@example.net");
  EXPECT_EQ(uri_of(message).host, "example.com");
  EXPECT_TRUE(uri_of(message).params.empty());
  EXPECT_EQ(message.values(Name::accept).size(), 6U);
}

// RFC 4475 3.1.1.10
TEST(TortureValid, transports_known_and_unknown) {
  const auto message = accepted("transports");
  std::vector<std::string> transports;
  for (const auto value : message.values(Name::via))
    transports.push_back(parse_via(value)->transport);

  EXPECT_THAT(transports, ElementsAre("UDP", "SCTP", "TLS", "UNKNOWN", "TCP"));
}

// RFC 4475 3.1.1.11
TEST(TortureValid, mpart01_a_binary_multipart_body) {
  const auto message = accepted("mpart01");

  EXPECT_EQ(message.body().size(), 553U);
  EXPECT_TRUE(message.body().ends_with("--7a9cbec02ceef655--\r\n"));
  EXPECT_NE(message.body().find('\0'), std::string_view::npos);
}

// RFC 4475 3.1.1.12
TEST(TortureValid, unreason_an_unusual_reason_phrase) {
  const auto message = accepted("unreason");

  EXPECT_EQ(message.status(), 200);
  EXPECT_TRUE(message.reason().starts_with("= 2**3 * 5**2 \xD0\xBD\xD0\xBE"));
}

// RFC 4475 3.1.1.13
TEST(TortureValid, noreason_an_empty_reason_phrase) {
  const auto message = accepted("noreason");

  EXPECT_EQ(message.status(), 100);
  EXPECT_EQ(message.reason(), "");
}

}  // namespace
}  // namespace convene::sip
