#include "imdn/notification.h"

#include <gtest/gtest.h>

namespace convene::imdn {
namespace {

constexpr std::string_view delivered =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
    "<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\">\r\n"
    "<message-id>m-7Qx2Lr9</message-id>\r\n"
    "<datetime>2025-11-22T10:02:11Z</datetime>\r\n"
    "<recipient-uri>sip:bob@example.com</recipient-uri>\r\n"
    "<delivery-notification><status><delivered/></status></delivery-notification>\r\n"
    "</imdn>";

std::string with(std::string_view children) {
  return "<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\">" + std::string{children} + "</imdn>";
}

// RFC 5438 11
TEST(ImdnNotification, is_printed_as_in_the_flows) {
  const Notification notification{.message_id = "m-7Qx2Lr9",
                                  .datetime = "2025-11-22T10:02:11Z",
                                  .recipient_uri = "sip:bob@example.com"};
  EXPECT_EQ(to_text(notification), delivered);
  EXPECT_EQ(parse_notification(delivered), notification);
}

TEST(ImdnNotification, is_read_whatever_its_prefix_and_layout) {
  const auto notification = parse_notification(
      "<i:imdn xmlns:i='urn:ietf:params:xml:ns:imdn'><i:message-id> x\n</i:message-id>"
      "<i:original-recipient-uri>sip:grp@a</i:original-recipient-uri><i:subject>s</i:subject>"
      "<i:display-notification>\n<i:status>\n<i:displayed/>\n</i:status></i:display-notification>"
      "<v:extra xmlns:v='urn:v'>1</v:extra></i:imdn>");
  ASSERT_TRUE(notification) << notification.error().detail;
  EXPECT_EQ(notification->message_id, "x");
  EXPECT_EQ(notification->original_recipient_uri, "sip:grp@a");
  EXPECT_EQ(notification->disposition, Disposition::display);
  EXPECT_EQ(notification->status, Status::displayed);
  EXPECT_EQ(notification->extensions.size(), 1);
  EXPECT_EQ(parse_notification(to_text(*notification)), *notification);
}

// RFC 5438 11.1.9
TEST(ImdnNotification, has_a_status_that_its_disposition_allows) {
  for (const auto disposition :
       {Disposition::delivery, Disposition::display, Disposition::processing})
    for (const auto status :
         {Status::delivered, Status::failed, Status::displayed, Status::processed, Status::stored,
          Status::forbidden, Status::error}) {
      const Notification notification{
          .message_id = "x", .datetime = "t", .disposition = disposition, .status = status};
      const auto parsed = parse_notification(to_text(notification));
      EXPECT_EQ(parsed.has_value(), allows(disposition, status));
      if (parsed) {
        EXPECT_EQ(*parsed, notification);
      }
    }
}

TEST(ImdnNotification, is_refused_when_it_says_nothing) {
  const std::string id = "<message-id>x</message-id>";
  const std::string status = "<status><delivered/></status>";
  for (const auto& text : {std::string{"<a/>"}, with(id),
                           with("<delivery-notification>" + status + "</delivery-notification>"),
                           with(id + "<delivery-notification/>"),
                           with(id + "<delivery-notification><status/></delivery-notification>")})
    EXPECT_EQ(parse_notification(text).error().fault, Fault::malformed) << text;
  EXPECT_EQ(parse_notification(with(id + "<delivery-notification><status><lost/></status>"
                                         "</delivery-notification>"))
                .error()
                .fault,
            Fault::unsupported);
}

}  // namespace
}  // namespace convene::imdn
