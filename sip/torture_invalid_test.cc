// RFC 4475 3.1.2: messages that are not well formed. `refused` is the answer that the transaction
// layer gives; where the RFC leaves a choice the test says which one is ours.
#include <gtest/gtest.h>

#include "sip/message.h"
#include "sip/test_torture_message.h"

namespace convene::sip {
namespace {

Result<Message> parse(const std::string& name) {
  return parse_message(torture_message("rfc4475/" + name));
}

std::optional<Rejection> refused(const std::string& name) {
  const auto message = parse(name);
  EXPECT_TRUE(message) << message.error().detail;
  if (!message) return std::nullopt;
  EXPECT_EQ(defect(parse_message(to_text(*message)).value()),
            defect(*message));  // printing does not hide it
  return defect(*message);
}

Rejection bad_request(std::string reason) { return {.status = 400, .reason = std::move(reason)}; }

// RFC 4475 3.1.2.1
TEST(TortureInvalid, badinv01_extraneous_separators) {
  EXPECT_EQ(refused("badinv01"), bad_request("Malformed Via"));
}

// RFC 4475 3.1.2.2: a datagram that was cut off is dropped unanswered.
TEST(TortureInvalid, clerr_content_length_larger_than_the_message) {
  ASSERT_FALSE(parse("clerr"));
  EXPECT_EQ(parse("clerr").error().fault, Fault::malformed);
}

// RFC 4475 3.1.2.3
TEST(TortureInvalid, ncl_negative_content_length) {
  const auto message = parse("ncl");
  ASSERT_TRUE(message);
  EXPECT_EQ(defect(*message), bad_request("Malformed Content-Length"));
}

// RFC 4475 3.1.2.4
TEST(TortureInvalid, scalar02_overlarge_numbers_in_a_request) {
  EXPECT_EQ(refused("scalar02"), bad_request("Malformed Max-Forwards"));
}

// RFC 4475 3.1.2.5: a response with a defect is discarded.
TEST(TortureInvalid, scalarlg_overlarge_numbers_in_a_response) {
  EXPECT_EQ(refused("scalarlg"), bad_request("Malformed CSeq"));
}

// RFC 4475 3.1.2.6
TEST(TortureInvalid, quotbal_unterminated_quoted_string) {
  EXPECT_EQ(refused("quotbal"), bad_request("Malformed To"));
}

// RFC 4475 3.1.2.7
TEST(TortureInvalid, ltgtruri_brackets_around_the_request_uri) {
  EXPECT_EQ(refused("ltgtruri"), bad_request("Malformed Request-URI"));
}

// RFC 4475 3.1.2.8
TEST(TortureInvalid, lwsruri_blanks_in_the_request_uri) {
  EXPECT_EQ(refused("lwsruri"), bad_request("Malformed Request-URI"));
}

// RFC 4475 3.1.2.9: we choose to refuse it.
TEST(TortureInvalid, lwsstart_several_blanks_in_the_request_line) {
  EXPECT_EQ(refused("lwsstart"), bad_request("Malformed Request-URI"));
}

// RFC 4475 3.1.2.10: we choose to refuse it, unanswered.
TEST(TortureInvalid, trws_blanks_at_the_end_of_the_request_line) { EXPECT_FALSE(parse("trws")); }

// RFC 4475 3.1.2.11
TEST(TortureInvalid, escruri_headers_in_the_request_uri) {
  EXPECT_EQ(refused("escruri"), bad_request("Headers in Request-URI"));
}

// RFC 4475 3.1.2.12: "an element shouldn't [reject it] unless the contents of the Date header field
// were actually important to its processing". To us it is not.
TEST(TortureInvalid, baddate_a_foreign_time_zone_is_ignored) {
  EXPECT_EQ(refused("baddate"), std::nullopt);
}

// RFC 4475 3.1.2.13
TEST(TortureInvalid, regbadct_a_contact_that_needs_brackets) {
  EXPECT_EQ(refused("regbadct"), bad_request("Malformed Contact"));
}

// RFC 4475 3.1.2.14
TEST(TortureInvalid, badaspec_blanks_within_an_address) {
  EXPECT_EQ(refused("badaspec"), bad_request("Malformed To"));
}

// RFC 4475 3.1.2.15
TEST(TortureInvalid, baddn_a_comma_in_an_unquoted_display_name) {
  EXPECT_EQ(refused("baddn"), bad_request("Malformed From"));
}

// RFC 4475 3.1.2.16
TEST(TortureInvalid, badvers_an_unknown_protocol_version) {
  EXPECT_EQ(refused("badvers"), (Rejection{.status = 505, .reason = "Version Not Supported"}));
}

// RFC 4475 3.1.2.17
TEST(TortureInvalid, mismatch01_a_cseq_of_another_method) {
  EXPECT_EQ(refused("mismatch01"), bad_request("CSeq does not fit the method"));
}

// RFC 4475 3.1.2.18: "A 400 Bad Request is also acceptable".
TEST(TortureInvalid, mismatch02_an_unknown_method_and_a_cseq_of_another) {
  EXPECT_EQ(refused("mismatch02"), bad_request("CSeq does not fit the method"));
}

// RFC 4475 3.1.2.19: dropped.
TEST(TortureInvalid, bigcode_an_overlarge_status_code) { EXPECT_FALSE(parse("bigcode")); }

}  // namespace
}  // namespace convene::sip
