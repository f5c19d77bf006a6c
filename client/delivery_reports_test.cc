#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/test_chat.h"

// Conversation 11, RFC 5438: reports that come, and those that are sent.
namespace convene::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;

std::string imdn(const std::string& about, const std::string& kind, const std::string& status,
                 const std::string& who = "sip:bob@example.com") {
  return "<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\"><message-id>" + about +
         "</message-id><datetime>2025-11-22T10:02:11Z</datetime><recipient-uri>" + who +
         "</recipient-uri><" + kind + "-notification><status><" + status + "/></status></" + kind +
         "-notification></imdn>";
}

struct DeliveryReports : ChatTest {
  void SetUp() override {
    ChatTest::SetUp();
    id = client->send_chat(group, {.octets = "Hello"}, now, out).value();
    written(connection);
    out = {};
  }
  void bob_reports(const std::string& kind, const std::string& status) {
    focus_says(from_bob("message/imdn+xml", imdn(id, kind, status), ""));
  }
  DeliveryReport report(imdn::Disposition disposition, imdn::Status status) const {
    return {.group = group,
            .id = id,
            .recipient = "sip:bob@example.com",
            .disposition = disposition,
            .status = status};
  }
  // A SIP MESSAGE with bob's report, asserted to be of `who`.
  void page(const std::string& who, const std::string& text) {
    auto message =
        sip::parse_message(flow("032-f3-15-cf-to-alice-message-own-route-entry-removed.txt"))
            .value();
    message.set(Name::p_asserted_identity, "<" + who + ">");
    message.set_body("message/cpim", text);
    receive(std::move(message));
  }
  std::string id;
};

// Conversation 11: no report about a report.
TEST_F(DeliveryReports, are_told_about_its_own_messages_only) {
  focus_says(from_bob("message/imdn+xml", imdn("of-somebody", "delivery", "delivered"), ""));
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(client->dropped_reports(), 1U);

  focus_says(from_bob("message/imdn+xml", imdn(id, "delivery", "delivered"),
                      "imdn.Disposition-Notification: positive-delivery\r\n"));

  EXPECT_THAT(event<DeliveryReport>(),
              Optional(report(imdn::Disposition::delivery, imdn::Status::delivered)));
  EXPECT_THAT(written(connection), Not(HasSubstr("SEND")));
}

// R4.1h
TEST_F(DeliveryReports, are_kept_for_each_recipient) {
  bob_reports("delivery", "delivered");
  bob_reports("display", "displayed");

  EXPECT_THAT(client->deliveries(id),
              testing::Contains(Delivery{.recipient = "sip:bob@example.com",
                                         .delivery = imdn::Status::delivered,
                                         .display = imdn::Status::displayed}));
  EXPECT_THAT(client->deliveries("another"), IsEmpty());
}

// RFC 5438 7.2.1: at most one of a kind
TEST_F(DeliveryReports, are_told_once) {
  bob_reports("delivery", "delivered");
  EXPECT_TRUE(event<DeliveryReport>());

  bob_reports("delivery", "delivered");

  EXPECT_FALSE(event<DeliveryReport>());
  EXPECT_EQ(client->dropped_reports(), 1U);
}

// RFC 5438 8.3
TEST_F(DeliveryReports, may_come_gathered) {
  const auto part = [](const std::string& text) {
    return "--b1\r\nContent-Type: message/imdn+xml\r\n\r\n" + text + "\r\n";
  };
  focus_says(from_bob("multipart/mixed;boundary=b1",
                      part(imdn(id, "delivery", "delivered")) +
                          part(imdn(id, "delivery", "failed", "sip:carol@example.com")) +
                          "--b1--\r\n",
                      ""));

  EXPECT_THAT(events(),
              ElementsAre(Event{report(imdn::Disposition::delivery, imdn::Status::delivered)},
                          Event{DeliveryReport{.group = group,
                                               .id = id,
                                               .recipient = "sip:carol@example.com",
                                               .status = imdn::Status::failed}}));
}

TEST_F(DeliveryReports, of_any_namespace_prefix_are_understood) {
  auto text = from_bob("text/plain", "Hm", "x.Disposition-Notification: positive-delivery\r\n");
  text.replace(text.find("NS: imdn "), 9, "NS: x ");
  text.replace(text.find("imdn.Message-ID"), 4, "x");
  focus_says(text);

  EXPECT_THAT(written(connection), HasSubstr("<message-id>m-1</message-id>"));
}

// Reliability, abuse
TEST_F(DeliveryReports, by_message_come_from_who_reports_or_from_the_focus) {
  const auto text = from_bob("message/imdn+xml", imdn(id, "delivery", "delivered"), "");
  page("sip:mallory@example.com", text);
  EXPECT_FALSE(event<DeliveryReport>());
  EXPECT_EQ(client->dropped_reports(), 1U);

  page("sip:bob@example.com", text);
  EXPECT_TRUE(event<DeliveryReport>());

  page(client->session(group)->focus,
       from_bob("message/imdn+xml", imdn(id, "display", "displayed"), ""));
  EXPECT_TRUE(event<DeliveryReport>());
}

TEST_F(DeliveryReports, that_are_for_somebody_else_are_not_told) {
  auto text = from_bob("message/imdn+xml", imdn(id, "delivery", "delivered"), "");
  text.replace(text.find("sip:alice"), 9, "sip:carol");
  focus_says(text);

  EXPECT_FALSE(event<DeliveryReport>());
}

// Reliability: a receiver sees a message once per imdn.Message-ID, and reports on it once.
TEST_F(DeliveryReports, are_sent_once_for_a_message_that_comes_twice) {
  const auto text =
      from_bob("text/plain", "Hm", "imdn.Disposition-Notification: positive-delivery\r\n");
  focus_says(text);
  EXPECT_TRUE(event<ChatReceived>());
  EXPECT_THAT(written(connection), HasSubstr("<delivered/>"));

  focus_says(text);

  EXPECT_FALSE(event<ChatReceived>());
  EXPECT_THAT(written(connection), Not(HasSubstr("<delivered/>")));
}

// RFC 5438 8: somebody on the way knows who the sender was.
TEST_F(DeliveryReports, to_a_sender_who_stays_unknown_go_by_the_recorded_route) {
  auto text = from_bob("text/plain", "Hm", "imdn.Disposition-Notification: positive-delivery\r\n");
  text.replace(text.find("sip:bob@example.com"), 19, "sip:anonymous@anonymous.invalid");
  focus_says(text);
  EXPECT_THAT(written(connection), Not(HasSubstr("<delivered/>")));

  text.replace(text.find("m-1"), 3, "m-2");
  text.insert(text.find("DateTime"), "imdn.IMDN-Record-Route: <sip:cf.example.com>\r\n");
  focus_says(text);

  EXPECT_THAT(written(connection), HasSubstr("imdn.IMDN-Route: <sip:cf.example.com>"));
}

}  // namespace
}  // namespace convene::client
