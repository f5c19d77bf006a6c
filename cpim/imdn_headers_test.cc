#include "cpim/imdn_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::cpim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// RFC 5438 6.2
TEST(ImdnHeaders, ask_for_reports) {
  const auto wanted = parse_disposition_notification("positive-delivery,display;x=y, Unknown");
  EXPECT_EQ(wanted, (DispositionNotification{.positive_delivery = true, .display = true}));
  EXPECT_EQ(to_text(wanted), "positive-delivery, display");
  EXPECT_FALSE(parse_disposition_notification("").any());
}

TEST(ImdnHeaders, are_set_and_read) {
  Message message;
  EXPECT_EQ(imdn_message_id(message), "");
  set_imdn_message_id(message, "m-1");
  set_imdn_message_id(message, "m-2");
  set_disposition_notification(message, {.negative_delivery = true, .processing = true});
  EXPECT_EQ(imdn_message_id(message), "m-2");
  EXPECT_EQ(to_text(message),
            "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m-2\r\n"
            "imdn.Disposition-Notification: negative-delivery, processing\r\n\r\n\r\n");

  set_disposition_notification(message, {});
  EXPECT_FALSE(disposition_notification(message).any());
}

// Found by the fuzzer.
TEST(ImdnHeaders, given_twice_are_set_to_one) {
  auto message = parse_message(
                     "imdn.Disposition-Notification: display\r\nX: y\r\n"
                     "imdn.Disposition-Notification: negative-delivery\r\n\r\n\r\n")
                     .value();
  const DispositionNotification wanted{.processing = true};
  set_disposition_notification(message, wanted);
  EXPECT_EQ(disposition_notification(message), wanted);
  EXPECT_EQ(message.headers.size(), 2);
}

// RFC 5438 8.1: the last intermediary stands on top.
TEST(ImdnHeaders, record_the_route_from_the_last_intermediary) {
  Message message;
  add_imdn_record_route(message, {"", "sip:cf.example.com"});
  add_imdn_record_route(message, {"", "sip:pf-b.example.com"});
  EXPECT_THAT(imdn_record_route(message),
              ElementsAre(Address{"", "sip:pf-b.example.com"}, Address{"", "sip:cf.example.com"}));
}

// RFC 5438 7.2.1: the recipient copies the recorded route, in order; each hop takes itself off.
TEST(ImdnHeaders, lead_a_report_back) {
  Message report;
  add_imdn_route(report, {"", "sip:pf-b.example.com"});
  add_imdn_route(report, {"", "sip:cf.example.com"});
  remove_top_imdn_route(report);
  EXPECT_THAT(imdn_route(report), ElementsAre(Address{"", "sip:cf.example.com"}));
  remove_top_imdn_route(report);
  remove_top_imdn_route(report);
  EXPECT_THAT(imdn_route(report), IsEmpty());
}

// RFC 5438 6.3
TEST(ImdnHeaders, remember_the_original_recipient) {
  Message message;
  EXPECT_EQ(original_to(message), std::nullopt);
  set_original_to(message, {"Group", "sip:grp@cf.example.com"});
  EXPECT_EQ(original_to(message), (Address{"Group", "sip:grp@cf.example.com"}));
}

}  // namespace
}  // namespace convene::cpim
