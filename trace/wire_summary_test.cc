#include "trace/wire_summary.h"

#include <gmock/gmock.h>

namespace convene::trace {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

sip::Message message(const std::string& start, const std::string& headers,
                     const std::string& type = "", const std::string& body = "") {
  std::string text = start + "\r\n" + headers;
  if (!type.empty()) text += "Content-Type: " + type + "\r\n";
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  return sip::parse_message(text).value();
}

const std::string sdp =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=message 2855 TCP/MSRP *\r\na=path:msrp://192.0.2.1:2855/s1;tcp\r\n";

TEST(WireSummary, of_a_chat_invitation_says_who_is_invited) {
  const auto invite = message(
      "INVITE sip:conference-factory@ims.example;transport=tcp SIP/2.0",
      "To: <sip:conference-factory@ims.example>\r\n"
      "CSeq: 1 INVITE\r\n"
      "Contact: "
      "<sip:alice@192.0.2.1>;+g.3gpp.iari-ref=\"urn%3Aurn-7%3A3gpp-application.ims.iari.rcse.ft,"
      "urn%3Aurn-7%3A3gpp-application.ims.iari.rcs.ftthumb\"\r\n"
      "Subject: lunch\r\n",
      "multipart/mixed;boundary=b",
      "--b\r\nContent-Type: application/sdp\r\n\r\n" + sdp +
          "\r\n--b\r\nContent-Type: application/resource-lists+xml\r\n\r\n"
          "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"><list>"
          "<entry uri=\"sip:bob@ims.example\"/><entry uri=\"tel:+15551234\"/>"
          "</list></resource-lists>\r\n--b--\r\n");

  const auto summary = summary_of(invite);

  EXPECT_EQ(summary.title, "INVITE conference-factory");
  EXPECT_THAT(summary.notes, ElementsAre("Subject: lunch", "Contact: ft ftthumb",
                                         "SDP: chat, sendrecv", "recipients: bob, +15551234"));
}

TEST(WireSummary, of_a_file_offer_says_what_is_sent) {
  const auto invite = message(
      "INVITE sip:grp-1@ims.example SIP/2.0", "To: <sip:grp-1@ims.example>\r\nCSeq: 1 INVITE\r\n",
      "multipart/mixed;boundary=b",
      "--b\r\nContent-Type: application/sdp\r\n\r\n" + sdp +
          "a=sendonly\r\na=file-selector:name:\"plan.pdf\" type:application/pdf size:1234567\r\n"
          "a=file-transfer-id:0123456789abcdef0123456789abcdef\r\na=file-icon:cid:icon@a\r\n"
          "\r\n--b\r\nContent-Type: image/jpeg\r\nContent-Disposition: icon\r\n"
          "Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n");

  EXPECT_THAT(summary_of(invite).notes,
              ElementsAre("SDP: plan.pdf, application/pdf, 1.2 MB, with thumbnail, sendonly",
                          "thumbnail image/jpeg, 3 B"));
}

TEST(WireSummary, of_a_response_names_what_it_answers) {
  const auto refusal = message("SIP/2.0 403 Forbidden",
                               "CSeq: 1 INVITE\r\nWarning: 399 cf \"133 Size exceeded\"\r\n");

  EXPECT_EQ(summary_of(refusal).title, "403 Forbidden (INVITE)");
  EXPECT_THAT(summary_of(refusal).notes, ElementsAre("Warning: 399 cf \"133 Size exceeded\""));
}

TEST(WireSummary, of_a_notify_says_who_is_there) {
  const auto notify =
      message("NOTIFY sip:bob@192.0.2.2 SIP/2.0",
              "CSeq: 2 NOTIFY\r\nEvent: conference\r\nSubscription-State: active;expires=3600\r\n",
              "application/conference-info+xml",
              "<conference-info xmlns=\"urn:ietf:params:xml:ns:conference-info\" "
              "entity=\"sip:grp-1@ims.example\" "
              "state=\"partial\" version=\"2\"><users state=\"partial\">"
              "<user entity=\"sip:carol@ims.example\" state=\"partial\">"
              "<endpoint entity=\"sip:carol@192.0.2.3\"><status>disconnected</status>"
              "<disconnection-method>departed</disconnection-method></endpoint></user>"
              "</users></conference-info>");

  EXPECT_THAT(summary_of(notify).notes,
              ElementsAre("Event: conference", "Subscription-State: active;expires=3600",
                          "changes: carol disconnected (departed)"));
}

TEST(WireSummary, of_a_chat_message_quotes_its_beginning) {
  const std::string cpim =
      "From: <sip:alice@ims.example>\r\nTo: <sip:grp-1@ims.example>\r\nNS: imdn "
      "<urn:ietf:params:imdn>\r\n"
      "imdn.Message-ID: m1\r\nimdn.Disposition-Notification: positive-delivery, display\r\n\r\n"
      "Content-Type: text/plain;charset=UTF-8\r\n\r\n" +
      std::string(58, 'x') + "ü and more";

  EXPECT_THAT(body_notes("message/cpim", cpim),
              ElementsAre("CPIM alice → grp-1", "wants positive-delivery, display",
                          "“" + std::string(58, 'x') + "ü…”"));
}

TEST(WireSummary, of_a_report_says_what_became_of_which_message) {
  const std::string report =
      "<imdn "
      "xmlns=\"urn:ietf:params:xml:ns:imdn\"><message-id>m1</"
      "message-id><datetime>2026-11-22T10:02:11Z</datetime>"
      "<recipient-uri>sip:bob@ims.example</recipient-uri><delivery-notification><status><delivered/"
      "></status>"
      "</delivery-notification></imdn>";

  EXPECT_THAT(body_notes("message/imdn+xml", report),
              ElementsAre("IMDN: delivered to bob, message m1"));
}

TEST(WireSummary, keeps_terminals_safe_and_says_when_a_body_cannot_be_read) {
  EXPECT_THAT(body_notes("text/plain", "a\x1b[2Jb"), ElementsAre("“a\\x1B[2Jb”"));
  EXPECT_THAT(body_notes("application/sdp", "v=1"), ElementsAre("SDP that cannot be read"));
  EXPECT_THAT(body_notes("image/jpeg", "\xFF\xD8"), IsEmpty());
}

TEST(WireSummary, sizes_have_two_digits_or_three) {
  EXPECT_EQ(size_text(999), "999 B");
  EXPECT_EQ(size_text(1'234), "1.2 kB");
  EXPECT_EQ(size_text(65'536), "66 kB");
  EXPECT_EQ(size_text(999'999), "1.0 MB");
  EXPECT_EQ(size_text(200'000'000), "200 MB");
}

}  // namespace
}  // namespace convene::trace
