#include "base/hash.h"
#include "client/test_client.h"

namespace convene::client {
namespace {

using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;

const std::string plan = "Trail plan: meet 08:30 at the north gate, bring water and a map.\n";
constexpr std::string_view focus_tags =
    "+g.3gpp.iari-ref=\"urn%3Aurn-7%3A3gpp-application.ims.iari.";

std::string icon() {
  const auto text = flow("018-f3-1-alice-via-pf-a-to-cf-ft-invite-to-the-focus.txt");
  const auto at = text.find("iVBOR");
  return from_base64(text.substr(at, text.find("\r\n", at) - at)).value();
}

// CPM 7.4.1, 7.4.1.1
struct FileSendingTest : ClientTest {
  void SetUp() override {
    be_alice();
    group = alice_in_group();
    out = {};
  }

  FileToSend file() {
    return {.body = bodies.with(plan),
            .name = "plan.txt",
            .type = "text/plain",
            .size = plan.size(),
            .sha1 = digest_of(Digest::sha1, plan),
            .thumbnail = Thumbnail{"image/png", icon()},
            .wants = {.positive_delivery = true, .negative_delivery = true}};
  }
  TransferId sending() {
    const auto id = client->send_file(group, file(), now, out);
    if (!id) ADD_FAILURE() << id.error().detail;
    file_invite = sent("INVITE");
    return id.value_or(TransferId{});
  }
  // The focus's Contact changes what we know of it. RFC 3840 7
  void focus_says(const std::string& tags) {
    auto update = request_back(invite, "UPDATE", ++cseq);
    update.add(Name::contact, "<sip:grp-8d21@cf.example.com;transport=tcp>;isfocus" + tags);
    receive(std::move(update));
    answered(200);
  }
  // The answer of flow F3.7 for the id that we offered.
  void accept(const std::string& types = "message/cpim text/plain") {
    const auto body = std::string{file_invite.body()};
    const auto at = body.find("a=file-transfer-id:");
    const auto id = body.substr(at, body.find("\r\n", at) - at);
    auto answer =
        *sip::parse_message(flow("024-f3-7-cf-to-alice-200-ok-after-the-first-acceptance.txt"));
    auto text = std::string{answer.body()};
    text.replace(text.find("a=file-transfer-id:vBnG916bdberum2fFEABR1FR3ExZMUrd"),
                 std::string_view{"a=file-transfer-id:vBnG916bdberum2fFEABR1FR3ExZMUrd"}.size(),
                 id);
    text.replace(text.find("message/cpim text/plain"), 23, types);
    auto response = sip::make_response(file_invite, 200, "script");
    response.add(Name::record_route, "<sip:pf-a.example.com;transport=tcp;lr>");
    response.copy(Name::contact, answer);
    response.set_body("application/sdp", text);
    receive(std::move(response));
  }

  GroupId group;
  sip::Message file_invite = sip::Message::response(699);
  std::uint32_t cseq = 0;
};

// R4.1a, R4.1b, R4.1c, R4.1d.i, R4.1g, R4.1h, R4.5, R4.7a, R4.7e, R4.7f; flow F3.1
TEST_F(FileSendingTest, offers_the_file_to_the_group_session_identity) {
  sending();
  EXPECT_EQ(essence(file_invite),
            essence(flow("018-f3-1-alice-via-pf-a-to-cf-ft-invite-to-the-focus.txt")));
}

// R4.7b, R4.7c
TEST_F(FileSendingTest, uses_the_ids_of_the_session) {
  sending();
  EXPECT_EQ(file_invite.header(Name::conversation_id), invite.header(Name::conversation_id));
  EXPECT_EQ(file_invite.header(Name::contribution_id), invite.header(Name::contribution_id));
}

// R4.1c, A7
TEST_F(FileSendingTest, prefers_the_file_transfer_service_as_deployed) {
  auto settings = alice();
  settings.profile = Profile::deployed;
  be(settings, "198.51.100.11");
  group = alice_in_group();
  sending();
  EXPECT_EQ(file_invite.header(Name::p_preferred_service),
            "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.filetransfer");
}

// R4.1f
TEST_F(FileSendingTest, checks_the_size_before_any_signalling) {
  auto settings = alice();
  settings.max_file_size = 64;
  be(settings, "198.51.100.11");
  group = alice_in_group();
  out = {};
  EXPECT_EQ(client->send_file(group, file(), now, out).error().fault, Fault::too_large);
  EXPECT_TRUE(is_silent());
}

// R4.1g, R4.7d
TEST_F(FileSendingTest, sends_no_thumbnail_that_the_focus_cannot_pass_on) {
  focus_says(";" + std::string{focus_tags} +
             "rcse.ft,urn%3Aurn-7%3A3gpp-application.ims.iari.rcs.ftstandfw\"");
  sending();
  EXPECT_THAT(std::string{file_invite.body()}, Not(HasSubstr("icon")));
  EXPECT_THAT(std::string{file_invite.body()}, HasSubstr("imdn.Message-ID"));
}

// R4.7d, R4.7f
TEST_F(FileSendingTest, asks_for_no_reports_where_nothing_is_stored_and_forwarded) {
  focus_says(";" + std::string{focus_tags} +
             "rcse.ft,urn%3Aurn-7%3A3gpp-application.ims.iari.rcs.ftthumb\"");
  sending();
  EXPECT_THAT(std::string{file_invite.body()}, HasSubstr("icon"));
  EXPECT_THAT(std::string{file_invite.body()}, Not(HasSubstr("imdn.Message-ID")));
}

// R4.7d
TEST_F(FileSendingTest, sends_nothing_to_a_focus_without_file_transfer) {
  focus_says(";" + std::string{focus_tags} + "rcse.im\"");
  EXPECT_EQ(client->send_file(group, file(), now, out).error().fault, Fault::unsupported);
  focus_says("");
  EXPECT_EQ(client->send_file(group, file(), now, out).error().fault, Fault::unsupported);
  EXPECT_TRUE(is_silent());
}

// Flow F3.8-F3.12; R4.2c
TEST_F(FileSendingTest, sends_the_octets_and_hangs_up) {
  const auto id = sending();
  accept();
  EXPECT_THAT(event<FileAccepted>(), Optional(FileAccepted{id}));
  out.sends.clear();

  const auto connection = connect();
  const auto text = written(connection);
  EXPECT_THAT(text, HasSubstr("Byte-Range: 1-65/65"));
  EXPECT_THAT(text, HasSubstr("Content-Type: text/plain\r\n\r\n" + plan + "\r\n"));
  EXPECT_TRUE(is_silent());

  confirm(connection, text);

  EXPECT_THAT(event<FileSent>(), Optional(Field(&FileSent::transfer, id)));
  EXPECT_EQ(essence(sent("BYE")),
            essence(flow("029-f3-12-alice-bye-of-the-ft-dialog-no-reason-this-is-not-a-gro.txt")));
  EXPECT_FALSE(client->transfer(id));
  EXPECT_EQ(client->session(group)->state, SessionState::active);
}

// Conversation 14.3
TEST_F(FileSendingTest, wraps_the_file_in_cpim_where_only_that_is_accepted) {
  sending();
  accept("message/cpim");
  const auto text = written(connect());
  EXPECT_THAT(text, HasSubstr("Content-Type: message/cpim\r\n"));
  EXPECT_THAT(text, HasSubstr("Content-Disposition: attachment; filename=\"plan.txt\"; size=65"));
  EXPECT_THAT(text, HasSubstr("\r\n\r\n" + plan));
}

// R4.3
TEST_F(FileSendingTest, tells_that_the_focus_stopped_it) {
  const auto id = sending();
  accept();
  const auto connection = connect();
  const auto text = written(connection);
  out.sends.clear();
  confirm(connection, text, "413 Stop");

  const auto failed = event<FileFailed>();
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->transfer, id);
  EXPECT_EQ(failed->status, 413);
  sent("BYE");
}

// Flows F11.4, F11.5
TEST_F(FileSendingTest, tells_why_nobody_takes_the_file) {
  const auto id = sending();
  auto response = sip::make_response(file_invite, 403, "script");
  response.add(Name::warning, "399 cf.example.com \"133 Size exceeded\"");
  receive(std::move(response));
  EXPECT_THAT(event<FileFailed>(), Optional(FileFailed{id, 403, "133 Size exceeded"}));
}

// RFC 5547 8.8
TEST_F(FileSendingTest, tries_without_icon_where_a_multipart_is_not_understood) {
  sending();
  answer(file_invite, 415);
  const auto again = sent("INVITE");
  EXPECT_EQ(again.header(Name::content_type), "application/sdp");
  EXPECT_THAT(events(), IsEmpty());
}

TEST_F(FileSendingTest, takes_its_offer_back) {
  const auto id = sending();
  answer(file_invite, 180);
  ASSERT_TRUE(client->cancel_file(id, now, out));
  sent("CANCEL");
  EXPECT_EQ(event<FileFailed>()->reason, "cancelled");
}

TEST_F(FileSendingTest, fails_when_the_focus_hangs_up_first) {
  const auto id = sending();
  accept();
  connect();
  receive(request_back(file_invite, "BYE", 1));
  EXPECT_EQ(event<FileFailed>()->transfer, id);
}

// R6.9: the end of the session is not the end of the transfer.
TEST_F(FileSendingTest, goes_on_when_its_session_ends) {
  const auto id = sending();
  accept();
  const auto connection = connect();
  ASSERT_TRUE(client->leave(group, now, out));
  EXPECT_FALSE(event<FileFailed>());

  confirm(connection, written(connection));

  EXPECT_THAT(event<FileSent>(), Optional(Field(&FileSent::transfer, id)));
}

// R4.8; flow F7
TEST_F(FileSendingTest, joins_an_inactive_group_again_first) {
  receive(request_back(invite, "BYE", 1));
  out = {};

  const auto id = client->send_file(group, file(), now, out);
  ASSERT_TRUE(id);
  const auto rejoin = sent("INVITE");
  EXPECT_EQ(rejoin.uri(), "sip:grp-8d21@cf.example.com");
  EXPECT_EQ(rejoin.header(Name::contribution_id), invite.header(Name::contribution_id));
  EXPECT_TRUE(is_silent());
  answer_like(rejoin, "046-f7-2-cf-200-ok-group-reactivated-cf-invites-the-other-member.txt");

  EXPECT_THAT(std::string{sent("INVITE").body()}, HasSubstr("a=file-selector:"));
}

TEST_F(FileSendingTest, needs_a_name_and_octets) {
  auto nameless = file();
  nameless.name.clear();
  EXPECT_FALSE(client->send_file(group, nameless, now, out));
  auto empty = file();
  empty.size = 0;
  EXPECT_FALSE(client->send_file(group, empty, now, out));
  EXPECT_FALSE(client->send_file({77}, file(), now, out));
  EXPECT_TRUE(is_silent());
}

// Flow F3.15
TEST_F(FileSendingTest, tells_what_became_of_the_file_at_each_recipient) {
  const auto id = sending();
  const auto imdn_id = client->transfer(id)->imdn_id;
  auto report = flow("032-f3-15-cf-to-alice-message-own-route-entry-removed.txt");
  const auto at = report.find("f-9QmZt41kLw");
  report.replace(at, 12, imdn_id);
  report.replace(report.find("Content-Length: 552"), 19,
                 "Content-Length: " + std::to_string(552 + imdn_id.size() - 12));
  receive(report);

  EXPECT_EQ(event<DeliveryReport>(),
            (DeliveryReport{.group = group, .id = imdn_id, .recipient = "sip:bob@example.com"}));
}

// R4.1n: to more than one recipient only one file goes at a time, so two are two INVITEs.
TEST_F(FileSendingTest, offers_one_file_to_a_transfer) {
  for (int i = 0; i < 2; ++i) {
    sending();
    const std::string body{file_invite.body()};
    const auto first = body.find("m=message");
    ASSERT_NE(first, body.npos);
    EXPECT_EQ(body.find("m=message", first + 1), body.npos);
  }
}

// R4.6: a file in a session between two belongs to it.
TEST(OneToOneFile, has_the_conversation_and_the_contribution_of_its_session) {
  struct Bob : ClientTest {
    void TestBody() override {}
  } bob;
  bob.be_bob();
  auto text = flow("005-f1-5-cf-to-pf-b-invite-bob.txt");
  text.erase(text.find(";isfocus"), 8);
  bob.receive(text);
  const auto invited = bob.event<Invited>();
  ASSERT_TRUE(invited);
  EXPECT_FALSE(invited->is_group);
  ASSERT_TRUE(bob.client->accept(invited->group, bob.now, bob.out));
  bob.receive(bob.request_in(bob.answered(200), "ACK", 1));

  const auto sent = bob.client->send_file(invited->group,
                                          {.body = bob.bodies.with(plan),
                                           .name = "plan.txt",
                                           .type = "text/plain",
                                           .size = plan.size()},
                                          bob.now, bob.out);
  ASSERT_TRUE(sent) << sent.error().detail;
  const auto invite = bob.sent("INVITE");
  EXPECT_EQ(invite.header(Name::conversation_id), "f1b7c2a4-9c1e-4d2f-8a55-6a0d4c1e2b30");
  EXPECT_EQ(invite.header(Name::contribution_id), "5e3c7d10a2b94c6f8e1d2a3b4c5d6e7f");
}

}  // namespace
}  // namespace convene::client
