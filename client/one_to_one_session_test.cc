#include "client/test_client.h"

namespace convene::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// What Bob's device says in a session between two.
constexpr std::string_view bobs_description =
    "v=0\r\no=- 8101 1 IN IP4 198.51.100.12\r\ns=-\r\nc=IN IP4 198.51.100.12\r\nt=0 0\r\n"
    "m=message 2900 TCP/MSRP *\r\n"
    "a=accept-types:message/cpim application/im-iscomposing+xml\r\n"
    "a=accept-wrapped-types:text/plain message/imdn+xml application/im-iscomposing+xml\r\n"
    "a=setup:passive\r\na=path:msrp://198.51.100.12:2900/bob1;tcp\r\na=sendrecv\r\n";
constexpr std::string_view bobs_contact =
    "<sip:bob@198.51.100.12:5060;transport=tcp>;"
    "+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000000000002>\"";

// CPM 7.3.1.1
struct OneToOneSessionTest : ClientTest {
  void SetUp() override { be_alice(); }

  GroupId inviting() {
    const auto id = client->create_session(
        {.peer = "sip:bob@example.com", .subject = "Lunch", .ids = {}}, now, out);
    if (!id) ADD_FAILURE() << id.error().detail;
    invite = sent("INVITE");
    return id.value_or(GroupId{});
  }
  void bob_accepts() {
    auto response = sip::make_response(invite, 200, "script");
    response.add(Name::contact, bobs_contact);
    response.add(Name::require, "timer");
    response.add(Name::session_expires, "1800;refresher=uac");
    response.set_body("application/sdp", bobs_description);
    receive(std::move(response));
    sent("ACK");
  }
  // Connected and bound.
  GroupId talking() {
    const auto id = inviting();
    bob_accepts();
    connection = connect();
    confirm(connection, written(connection));
    out = {};
    return id;
  }
  void bob_says(const std::string& type, const std::string& body) {
    const auto own_path = path_in(std::string{invite.body()});
    says(connection, "MSRP b0b1 SEND\r\nTo-Path: " + own_path +
                         "\r\nFrom-Path: msrp://198.51.100.12:2900/bob1;tcp\r\n"
                         "Message-ID: m" +
                         std::to_string(++branch) + "\r\nByte-Range: 1-" +
                         std::to_string(body.size()) + "/" + std::to_string(body.size()) +
                         "\r\nContent-Type: " + type + "\r\n\r\n" + body + "\r\n-------b0b1$\r\n");
  }
  static std::string path_in(const std::string& description) {
    const auto at = description.find("a=path:") + 7;
    return description.substr(at, description.find("\r\n", at) - at);
  }

  msrp::ConnectionId connection;
};

// Conversation 2, 5, 9
TEST_F(OneToOneSessionTest, invites_the_other_user_himself) {
  inviting();
  EXPECT_EQ(invite.uri(), "sip:bob@example.com");
  EXPECT_THAT(std::string{invite.header(Name::accept_contact)},
              HasSubstr("3gpp-service.ims.icsi.oma.cpm.session\""));
  EXPECT_FALSE(invite.header(Name::conversation_id).empty());
  EXPECT_EQ(invite.header(Name::contribution_id).size(), 32U);
  EXPECT_EQ(invite.header(Name::subject), "Lunch");
  EXPECT_EQ(invite.header(Name::supported), "timer");
  EXPECT_EQ(invite.header(Name::session_expires), "1800");
  EXPECT_FALSE(invite.has(Name::require));
  EXPECT_EQ(invite.header(Name::content_type), "application/sdp");
  EXPECT_THAT(std::string{invite.body()},
              HasSubstr("a=accept-types:message/cpim application/im-iscomposing+xml\r\n"));
}

// A thread that goes on keeps its Conversation-ID. Conversation 2
TEST_F(OneToOneSessionTest, goes_on_with_a_thread) {
  ASSERT_TRUE(client->create_session(
      {.peer = "sip:bob@example.com",
       .subject = "",
       .ids = {.conversation = "Thread-1", .contribution = "", .in_reply_to = "abc"}},
      now, out));
  invite = sent("INVITE");
  EXPECT_EQ(invite.header(Name::conversation_id), "Thread-1");
  EXPECT_EQ(invite.header(Name::in_reply_to_contribution_id), "abc");
  EXPECT_FALSE(invite.header(Name::contribution_id).empty());
}

TEST_F(OneToOneSessionTest, is_up_when_the_other_accepts) {
  const auto id = inviting();
  bob_accepts();
  EXPECT_THAT(
      events(),
      ElementsAre(Event{Joined{.group = id, .focus = "sip:bob@198.51.100.12:5060;transport=tcp"}}));
  const auto session = client->session(id);
  EXPECT_FALSE(session->is_group);
  EXPECT_EQ(session->peer, "sip:bob@example.com");
  EXPECT_TRUE(is_silent()) << "nobody subscribes to a session between two";
}

// Nobody between the two says who we are: we do. Conversation 12 (1)
TEST_F(OneToOneSessionTest, names_both_in_what_it_says) {
  const auto id = talking();
  ASSERT_TRUE(client->send_chat(id, {.octets = "Hello"}, now, out));
  const auto text = written(connection);
  EXPECT_THAT(text, HasSubstr("From: <sip:alice@example.com>\r\n"));
  EXPECT_THAT(text, HasSubstr("To: <sip:bob@example.com>\r\n"));
}

// RFC 3325: who is in the session speaks, whoever the envelope says it is.
TEST_F(OneToOneSessionTest, believes_the_session_and_not_the_envelope) {
  talking();
  bob_says("message/cpim",
           "From: Eve <sip:eve@example.com>\r\nTo: <sip:alice@example.com>\r\n\r\n"
           "Content-Type: text/plain\r\n\r\nHello");
  const auto chat = event<ChatReceived>();
  ASSERT_TRUE(chat);
  EXPECT_EQ(chat->from, (Person{.address = "sip:bob@example.com"}));
  EXPECT_EQ(chat->octets, "Hello");
}

// Conversation 11: the report goes to the other user, though the envelope says nobody sent it.
TEST_F(OneToOneSessionTest, reports_to_the_other_who_hides_in_the_envelope) {
  talking();
  bob_says("message/cpim",
           "From: <sip:anonymous@anonymous.invalid>\r\nTo: <sip:anonymous@anonymous.invalid>\r\n"
           "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: q1\r\n"
           "DateTime: 2025-11-22T10:00:00Z\r\n"
           "imdn.Disposition-Notification: positive-delivery\r\n\r\n"
           "Content-Type: text/plain\r\n\r\nHello");
  const auto text = written(connection);
  EXPECT_THAT(text, HasSubstr("To: <sip:bob@example.com>"));
  EXPECT_THAT(text, HasSubstr("<message-id>q1</message-id>"));
}

// RFC 3994; conversation 9
TEST_F(OneToOneSessionTest, hears_bare_composing) {
  const auto id = talking();
  bob_says("application/im-iscomposing+xml",
           "<isComposing xmlns=\"urn:ietf:params:xml:ns:im-iscomposing\"><state>active</state>"
           "</isComposing>");
  EXPECT_EQ(
      event<Composing>(),
      (Composing{.group = id, .from = {.address = "sip:bob@example.com"}, .is_active = true}));
}

TEST_F(OneToOneSessionTest, ends_when_the_other_declines) {
  const auto id = inviting();
  answer(invite, 603);
  const auto ended = event<Ended>();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->group, id);
  EXPECT_EQ(ended->reason, EndReason::refused);
  EXPECT_EQ(ended->status, 603);
}

// CPM 7.3.5
TEST_F(OneToOneSessionTest, is_left_with_a_bye) {
  const auto id = talking();
  ASSERT_TRUE(client->leave(id, now, out));
  sent("BYE");
  EXPECT_EQ(event<Ended>()->reason, EndReason::left);
}

// Crossing BYEs: each is answered, and each side knows one end.
TEST_F(OneToOneSessionTest, ends_once_when_both_hang_up) {
  const auto id = talking();
  ASSERT_TRUE(client->leave(id, now, out));
  const auto bye = sent("BYE");
  receive(request_back(invite, "BYE", 1));
  answered(200);
  answer(bye, 200);
  const auto told = events();
  EXPECT_EQ(std::ranges::count_if(
                told, [](const auto& one) { return std::holds_alternative<Ended>(one); }),
            1);
  EXPECT_EQ(client->dialogs(), 0U);
}

// RFC 3261 9.1: CANCEL against 200.
TEST_F(OneToOneSessionTest, hangs_up_on_a_200_that_crosses_its_cancel) {
  const auto id = inviting();
  answer(invite, 180);
  ASSERT_TRUE(client->leave(id, now, out));
  sent("CANCEL");
  bob_accepts();
  const auto bye = sent("BYE");
  EXPECT_EQ(event<Ended>()->reason, EndReason::cancelled);
  answer(bye, 200);
  EXPECT_TRUE(client->is_idle());
}

// RFC 3261 14.2: a re-INVITE while ours is under way.
TEST_F(OneToOneSessionTest, answers_glare_with_491) {
  talking();
  now += 900s;
  client->wake(now, out);  // RFC 4028 10: the session is refreshed
  const auto refresh = sent();
  ASSERT_EQ(refresh.method(), "INVITE") << "Bob did not say that he takes UPDATE";
  auto crossing = request_back(invite, "INVITE", 1);
  crossing.set_body("application/sdp", bobs_description);
  receive(std::move(crossing));
  answered(491);
}

// Conversation 5: nothing is said for long.
TEST_F(OneToOneSessionTest, is_released_when_nothing_is_said) {
  auto settings = alice();
  settings.idle_timeout = 300s;
  be(settings, "198.51.100.11");
  const auto id = talking();
  wait(299s);
  ASSERT_TRUE(client->send_chat(id, {.octets = "Still there?"}, now, out));
  confirm(connection, written(connection));
  wait(299s);
  EXPECT_FALSE(event<Ended>());
  wait(2s);
  EXPECT_EQ(event<Ended>()->reason, EndReason::idle);
  sent("BYE");
}

TEST_F(OneToOneSessionTest, is_given_up_when_it_rings_for_ever) {
  const auto id = inviting();
  answer(invite, 180);
  wait(181s);
  sent("CANCEL");
  answer(invite, 487);
  EXPECT_EQ(event<Ended>(), (Ended{.group = id,
                                   .reason = EndReason::cancelled,
                                   .status = 487,
                                   .text = "Request Terminated"}));
}

TEST_F(OneToOneSessionTest, is_not_with_ourselves) {
  const auto id =
      client->create_session({.peer = "sip:alice@EXAMPLE.com", .subject = "", .ids = {}}, now, out);
  EXPECT_FALSE(id);
}

}  // namespace
}  // namespace convene::client
