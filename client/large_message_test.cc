#include "client/test_client.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"
#include "cpm/standalone_message.h"

// CPM 7.2, conversation 13: messages outside any session, in large message mode.
namespace convene::client {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;

constexpr std::string_view tag =
    "+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\"";

std::string sdp(const std::string& direction) {
  return "v=0\r\no=- 1 1 IN IP4 192.0.2.20\r\ns=-\r\nc=IN IP4 192.0.2.20\r\nt=0 0\r\n"
         "m=message 2855 TCP/MSRP *\r\na=" +
         direction +
         "\r\na=accept-types:message/cpim\r\na=accept-wrapped-types:*\r\na=setup:passive\r\n"
         "a=path:msrp://192.0.2.20:2855/msg;tcp\r\n";
}

struct LargeMessageTest : ClientTest {
  void SetUp() override { be_alice(); }

  std::string send(std::vector<std::string> to) {
    const auto id = client->send_message({.to = std::move(to), .octets = text}, now, out);
    EXPECT_TRUE(id) << (id ? "" : id.error().detail);
    return id.value_or("");
  }
  void accept(const sip::Message& request) {
    auto ok = sip::make_response(request, 200, "script");
    ok.add(Name::contact, "<sip:msg@192.0.2.20:5060;transport=tcp>");
    ok.set_body("application/sdp", sdp("recvonly"));
    receive(std::move(ok));
  }
  sip::Message offer() {
    auto request = sip::Message::request("INVITE", "sip:alice@198.51.100.11:5060;transport=tcp");
    request.add(Name::via, "SIP/2.0/TCP pf.example.com;branch=z9hG4bKl" + std::to_string(++branch));
    request.add(Name::max_forwards, "70");
    request.add(Name::from, "<sip:bob@example.com>;tag=b");
    request.add(Name::to, "<sip:alice@example.com>");
    request.add(Name::call_id, "large-" + std::to_string(branch));
    request.add(Name::cseq, "1 INVITE");
    request.add(Name::contact, "<sip:bob@192.0.2.20:5060;transport=tcp>;" + std::string{tag});
    request.add(Name::accept_contact, "*;" + std::string{tag});
    request.add(Name::p_asserted_identity, "\"Bob\" <sip:bob@example.com>");
    request.add(Name::conversation_id, "thread-1");
    request.add(Name::contribution_id, "c0ffee");
    request.set_body("application/sdp", sdp("sendonly"));
    return request;
  }
  // One message of bob's over the session that `ok` answered.
  void bob_says(msrp::ConnectionId connection, const sip::Message& ok, const std::string& body,
                const std::string& type = "message/cpim") {
    const std::string answer{ok.body()};
    const auto at = answer.find("a=path:") + 7;
    const auto ours = answer.substr(at, answer.find("\r\n", at) - at);
    const auto size = std::to_string(body.size());
    says(connection, "MSRP bob1 SEND\r\nTo-Path: " + ours +
                         "\r\nFrom-Path: msrp://192.0.2.20:2855/msg;tcp\r\nMessage-ID: b-1\r\n"
                         "Byte-Range: 1-" +
                         size + "/" + size + "\r\nContent-Type: " + type + "\r\n\r\n" + body +
                         "\r\n-------bob1$\r\n");
  }

  const std::string text = std::string(2'000, 'x');
  const std::string cpim =
      "From: <sip:bob@example.com>\r\nTo: <sip:alice@example.com>\r\n"
      "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m-1\r\n"
      "DateTime: 2025-11-22T10:02:11Z\r\n"
      "imdn.Disposition-Notification: positive-delivery\r\n"
      "\r\nContent-Type: text/plain\r\n\r\n" +
      text;
};

// CPM 7.2.1.2
TEST_F(LargeMessageTest, invites_its_one_recipient_and_hangs_up_when_all_was_acknowledged) {
  const auto id = send({"sip:bob@example.com"});
  const auto request = sent("INVITE");
  EXPECT_EQ(request.uri(), "sip:bob@example.com");
  EXPECT_THAT(std::string{request.header(Name::accept_contact)}, HasSubstr("oma.cpm.largemsg"));
  EXPECT_EQ(request.header(Name::p_preferred_service), cpm::icsi::large_message);
  EXPECT_THAT(std::string{request.body()},
              AllOf(HasSubstr("a=sendonly"), HasSubstr("a=accept-types:message/cpim"),
                    Not(HasSubstr("file-selector"))));

  accept(request);
  EXPECT_EQ(sent().method(), "ACK");
  const auto connection = connect();
  const auto frame = written(connection);
  EXPECT_THAT(frame, AllOf(HasSubstr("From: \"Alice\" <sip:alice@example.com>"), HasSubstr(text)));
  confirm(connection, frame);
  EXPECT_THAT(event<ChatSent>(), Optional(ChatSent{{}, id}));
  EXPECT_EQ(sent().method(), "BYE");
}

// RFC 5366 3
TEST_F(LargeMessageTest, goes_to_several_through_the_factory) {
  send({"sip:bob@example.com", "sip:carol@example.com"});
  const auto request = sent("INVITE");
  EXPECT_EQ(request.uri(), "sip:conference-factory@example.com");
  EXPECT_EQ(request.header(Name::require), "recipient-list-invite");
  EXPECT_THAT(cpm::recipient_list_of(request).value_or(""), HasSubstr("sip:carol@example.com"));
}

TEST_F(LargeMessageTest, tells_that_it_was_refused) {
  const auto id = send({"sip:bob@example.com"});
  answer(sent("INVITE"), 480);
  EXPECT_THAT(event<ChatFailed>(), Optional(ChatFailed{{}, id, 480}));
}

TEST_F(LargeMessageTest, tells_that_it_was_stopped) {
  const auto id = send({"sip:bob@example.com"});
  accept(sent("INVITE"));
  sent();
  const auto connection = connect();
  confirm(connection, written(connection), "413 Too Large");
  EXPECT_THAT(event<ChatFailed>(), Optional(ChatFailed{{}, id, 413}));
  EXPECT_EQ(sent().method(), "BYE");
}

TEST_F(LargeMessageTest, gives_up_when_nobody_answers) {
  const auto id = send({"sip:bob@example.com"});
  const auto request = sent("INVITE");
  receive(sip::make_response(request, 180, "script"));
  wait(61s);
  EXPECT_THAT(event<ChatFailed>(), Optional(ChatFailed{{}, id, 408}));
  EXPECT_EQ(sent().method(), "CANCEL");
}

TEST_F(LargeMessageTest, has_a_limit) {
  EXPECT_EQ(
      client
          ->send_message({.to = {"sip:bob@example.com"}, .octets = std::string(2'000'000, 'x')},
                         now, out)
          .error()
          .fault,
      Fault::too_large);
  EXPECT_TRUE(is_silent());
}

// CPM 7.2.2: the same event as in pager mode.
TEST_F(LargeMessageTest, that_arrives_is_told_and_reported) {
  receive(offer());
  const auto ok = answered(200);
  EXPECT_THAT(std::string{ok.body()}, HasSubstr("a=recvonly"));
  EXPECT_THAT(std::string{ok.header(Name::contact)}, HasSubstr("oma.cpm.largemsg"));
  receive(request_in(ok, "ACK", 1));
  const auto connection = connect();
  written(connection);
  bob_says(connection, ok, cpim);

  EXPECT_THAT(written(connection), HasSubstr("MSRP bob1 200"));
  const auto chat = event<ChatReceived>();
  ASSERT_TRUE(chat);
  EXPECT_EQ(chat->group, GroupId{});
  EXPECT_EQ(chat->from, (Person{"sip:bob@example.com", "Bob"}));
  EXPECT_EQ(chat->octets, text);
  EXPECT_EQ(chat->conversation, "thread-1");
  EXPECT_THAT(std::string{sent("MESSAGE").body()}, HasSubstr("<delivered/>"));

  receive(request_in(ok, "BYE", 2));
  EXPECT_EQ(answered(200).status(), 200);
  EXPECT_EQ(client->media_sessions(), 0U);
  EXPECT_EQ(client->dialogs(), 0U);
}

// Conversation 17
TEST_F(LargeMessageTest, that_arrives_broken_is_refused) {
  receive(offer());
  const auto ok = answered(200);
  receive(request_in(ok, "ACK", 1));
  const auto connection = connect();
  written(connection);
  bob_says(connection, ok, "Hello", "text/plain");
  EXPECT_THAT(written(connection), HasSubstr("MSRP bob1 415"));
  EXPECT_THAT(events(), IsEmpty());

  auto none = offer();
  none.set_body("text/plain", "x");
  receive(none);
  EXPECT_EQ(answered(415).status(), 415);
}

TEST_F(LargeMessageTest, that_does_not_come_is_waited_for_so_long) {
  receive(offer());
  const auto ok = answered(200);
  receive(request_in(ok, "ACK", 1));
  wait(61s);
  EXPECT_EQ(sent("BYE").method(), "BYE");
  EXPECT_EQ(client->media_sessions(), 0U);
}

}  // namespace
}  // namespace convene::client
