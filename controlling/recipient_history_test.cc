#include "controlling/recipient_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_stage.h"

// RFC 5366 5, RFC 5364 4: who else was invited.
namespace convene::controlling {
namespace {

using testing::HasSubstr;
using testing::Not;

sip::Message creation(std::string_view entries) {
  auto message = flow("f1-2");
  message.set_body("multipart/mixed;boundary=b",
                   "--b\r\nContent-Type: application/sdp\r\n\r\n" + sdp_of(flow("f1-2")) +
                       "\r\n--b\r\nContent-Type: application/resource-lists+xml\r\n"
                       "Content-Disposition: recipient-list\r\n\r\n"
                       "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\" "
                       "xmlns:cp=\"urn:ietf:params:xml:ns:copycontrol\"><list>" +
                       std::string{entries} + "</list></resource-lists>\r\n--b--");
  return message;
}

TEST(RecipientHistory, names_to_and_cc_but_neither_bcc_nor_the_anonymised) {
  const auto history = recipient_history_of(
      creation(R"(<entry uri="sip:bob@example.com" cp:copyControl="to"/>)"
               R"(<entry uri="sip:carol@example.com" cp:copyControl="cc"/>)"
               R"(<entry uri="sip:dave@example.com" cp:copyControl="bcc"/>)"
               R"(<entry uri="sip:erin@example.com" cp:copyControl="to" cp:anonymize="true"/>)"),
      {});
  EXPECT_THAT(history, HasSubstr("sip:bob@example.com"));
  EXPECT_THAT(history, HasSubstr("sip:carol@example.com"));
  EXPECT_THAT(history, Not(HasSubstr("dave")));
  EXPECT_THAT(history, Not(HasSubstr("erin")));
  EXPECT_THAT(history, HasSubstr("sip:anonymous@anonymous.invalid"));
}

// Conversation 6.10
TEST(RecipientHistory, says_nothing_of_the_session_that_is_replaced) {
  const auto history = recipient_history_of(flow("f12-1"), {});
  EXPECT_THAT(history, HasSubstr("sip:bob@example.com\""));
  EXPECT_THAT(history, Not(HasSubstr("Session-Replaces")));
  EXPECT_THAT(history, Not(HasSubstr("gr=")));
}

TEST(RecipientHistory, is_empty_when_all_are_blind_copies) {
  EXPECT_EQ(recipient_history_of(creation(R"(<entry uri="sip:bob@example.com"/>)"), {}), "");
}

// RFC 5366 5; conversation 6.1: where the policy says so.
TEST(RecipientHistory, goes_with_the_invitations) {
  Stage stage{{.group = {.recipient_list_history = true}}};
  stage.receive(flow("f1-2"));
  const auto invite = stage.request("INVITE", "sip:bob").value();
  EXPECT_THAT(std::string{invite.body()}, HasSubstr("recipient-list-history;handling=optional"));
  EXPECT_THAT(std::string{invite.body()}, HasSubstr("sip:carol@example.com"));
  EXPECT_THAT(sdp_of(invite), HasSubstr("TCP/MSRP"));
}

// R1.19: who has not said yet whether to be known is in no list.
TEST(RecipientHistory, is_kept_back_where_members_may_be_anonymous) {
  Stage stage{{.group = {.allow_anonymity = true, .recipient_list_history = true}}};
  stage.receive(flow("f1-2"));
  EXPECT_THAT(std::string{stage.request("INVITE", "sip:bob").value().body()},
              Not(HasSubstr("carol")));
}

}  // namespace
}  // namespace convene::controlling
