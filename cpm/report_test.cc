#include "cpm/report.h"

#include <gtest/gtest.h>

#include "cpm/file_transfer_offer.h"
#include "cpm/flow_messages.h"

namespace convene::cpm {
namespace {

cpim::Message wrapper() {
  return read_file_transfer_offer(flow("f3-2")).value().files.front()->wrapper.value();
}

Report delivered() {
  return {.recipient = {.uri = "sip:bob@example.com"},
          .message_id = "r-f00d1",
          .date_time = "2025-11-22T10:05:09Z"};
}

// RFC 5438 7.2.1, 8: F3.2 gives F3.14
TEST(Report, on_a_file_is_that_of_the_flows) {
  EXPECT_EQ(cpim::to_text(make_report(wrapper(), delivered()).value()), flow("f3-14").body());
}

TEST(Report, goes_by_the_top_of_its_route) {
  EXPECT_EQ(report_target(make_report(wrapper(), delivered()).value()),
            "sip:grp-8d21@cf.example.com");
}

TEST(Report, without_route_goes_to_the_sender) {
  const auto plain = cpim::parse_message(std::string{flow("f3-15").body()}).value();
  EXPECT_EQ(report_target(plain), "sip:alice@example.com");
}

TEST(Report, that_nobody_asked_for_is_not_made) {
  auto report = delivered();
  report.disposition = imdn::Disposition::display;
  report.status = imdn::Status::displayed;
  EXPECT_FALSE(make_report(wrapper(), report));
}

// RFC 5438 14
TEST(Report, on_a_report_is_not_made) {
  const auto report = make_report(wrapper(), delivered()).value();
  EXPECT_TRUE(is_report(report));
  EXPECT_FALSE(make_report(report, delivered()));
}

imdn::Notification about(std::string_view id) {
  imdn::Notification notification;
  notification.message_id = id;
  return notification;
}

// RFC 5438 8.3
TEST(Report, may_gather_several) {
  auto report = make_report(wrapper(), delivered()).value();
  set_notifications(report, {about("m1"), about("m2")}, "b1");

  const auto again = cpim::parse_message(cpim::to_text(report)).value();

  EXPECT_TRUE(is_report(again));
  EXPECT_EQ(again.content_headers.value("Content-Disposition"), "notification");
  EXPECT_EQ(notifications_of(again), (std::vector{about("m1"), about("m2")}));
  set_notifications(report, {about("m2")}, "b1");
  EXPECT_EQ(cpim::content_type_of(report), imdn::content_type);
  EXPECT_EQ(notifications_of(report), std::vector{about("m2")});
}

TEST(Report, is_not_what_holds_something_else_as_well) {
  auto message = make_report(wrapper(), delivered()).value();
  cpim::set_content(message, "multipart/mixed;boundary=b1",
                    "--b1\r\nContent-Type: message/imdn+xml\r\n\r\n<imdn/>\r\n"
                    "--b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b1--\r\n");
  EXPECT_FALSE(is_report(message));
}

TEST(Report, leaves_out_what_cannot_be_read) {
  auto report = make_report(wrapper(), delivered()).value();
  cpim::set_content(report, imdn::content_type, "<imdn>");
  EXPECT_TRUE(notifications_of(report).empty());
}

}  // namespace
}  // namespace convene::cpm
