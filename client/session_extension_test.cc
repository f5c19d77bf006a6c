#include "client/test_client.h"

namespace convene::client {
namespace {

using testing::HasSubstr;
using testing::Not;

// Alice talks with Bob, who is the one of flow F12.
struct SessionExtensionTest : ClientTest {
  void SetUp() override {
    be_alice();
    between = client
                  ->create_session({.peer = "sip:bob@example.com",
                                    .subject = "",
                                    .ids = {.conversation = "2d6f0c1e-7b7a-4a44-9a5c-91b5b7a0f3aa",
                                            .contribution = "0c9d8e7f6a5b4c3d2e1f00112233aabb",
                                            .in_reply_to = ""}},
                                   now, out)
                  .value();
    invite = sent("INVITE");
    auto response = sip::make_response(invite, 200, "script");
    response.add(Name::contact,
                 "<sip:bob@198.51.100.12:5060;transport=tcp>;"
                 "+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000000000002>\"");
    response.set_body("application/sdp",
                      "v=0\r\no=- 8101 1 IN IP4 198.51.100.12\r\ns=-\r\nc=IN IP4 198.51.100.12\r\n"
                      "t=0 0\r\nm=message 2900 TCP/MSRP *\r\na=accept-types:message/cpim\r\n"
                      "a=accept-wrapped-types:text/plain\r\na=setup:passive\r\n"
                      "a=path:msrp://198.51.100.12:2900/bob1;tcp\r\n");
    receive(std::move(response));
    out = {};
  }
  sip::Message extending() {
    const auto id = client->extend_to_group(
        between, {.subject = "", .members = {"sip:carol@example.com"}}, now, out);
    if (!id) ADD_FAILURE() << id.error().detail;
    group = id.value_or(GroupId{});
    return sent("INVITE");
  }
  void bob_hangs_up() { receive(request_back(invite, "BYE", 1)); }

  GroupId between;
  GroupId group;
};

// Conversation 6.10, R1.11; flow F12.1
TEST_F(SessionExtensionTest, names_the_device_and_what_it_replaces) {
  const auto factory = extending();
  EXPECT_EQ(factory.uri(), "sip:conference-factory@example.com");
  EXPECT_EQ(factory.header(Name::conversation_id), invite.header(Name::conversation_id));
  EXPECT_NE(factory.header(Name::contribution_id), invite.header(Name::contribution_id));
  EXPECT_THAT(std::string{factory.body()},
              HasSubstr("uri=\"sip:bob@example.com;gr=urn:uuid:00000000-0000-1000-8000-000000000002"
                        "?Session-Replaces=0c9d8e7f6a5b4c3d2e1f00112233aabb\""));
  EXPECT_THAT(std::string{factory.body()}, HasSubstr("uri=\"sip:carol@example.com\""));
}

// R2.6b, R2.12; flow F12.3: the other one ends it, once he is in the group.
TEST_F(SessionExtensionTest, ends_the_old_session_as_replaced) {
  answer_like(extending(), "003-f1-3-cf-to-pf-a-200-ok-to-creator.txt");
  bob_hangs_up();
  const auto ended = event<Ended>();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->group, between);
  EXPECT_EQ(ended->reason, EndReason::replaced);
  EXPECT_EQ(client->session(group)->state, SessionState::active);
}

// Without a group it stays what it was.
TEST_F(SessionExtensionTest, leaves_the_old_session_alone_when_there_is_no_group) {
  answer(extending(), 403);
  EXPECT_EQ(client->session(between)->state, SessionState::active);
  bob_hangs_up();
  EXPECT_EQ(event<Ended>()->reason, EndReason::closed);
}

TEST_F(SessionExtensionTest, happens_once_at_a_time) {
  extending();
  EXPECT_FALSE(client->extend_to_group(
      between, {.subject = "", .members = {"sip:dave@example.com"}}, now, out));
  EXPECT_FALSE(client->extend_to_group(group, {.subject = "", .members = {"sip:dave@example.com"}},
                                       now, out));
}

// The list of a restart names no session that is gone. Conversation 6.4
TEST_F(SessionExtensionTest, replaces_nothing_when_the_group_begins_anew) {
  answer_like(extending(), "003-f1-3-cf-to-pf-a-200-ok-to-creator.txt");
  bob_hangs_up();
  ASSERT_TRUE(client->disconnect(group, now, out));
  answer(sent("BYE"), 200);
  ASSERT_TRUE(client->rejoin(group, now, out));
  answer(sent("INVITE"), 404);
  EXPECT_THAT(std::string{sent("INVITE").body()}, Not(HasSubstr("Session-Replaces")));
}

}  // namespace
}  // namespace convene::client
