#include "client/test_client.h"

namespace convene::client {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Not;

struct ParticipantInformationTest : ClientTest {
  void SetUp() override {
    be_bob();
    auto invitation = *sip::parse_message(flow("005-f1-5-cf-to-pf-b-invite-bob.txt"));
    for (const auto name : {Name::session_expires, Name::supported}) {
      invitation.remove(name);  // only the subscription's clock shall run
    }
    invitation.add(Name::record_route, "<sip:pf-b.example.com;transport=tcp;lr>");
    receive(std::move(invitation));
    group = event<Invited>()->group;
    ASSERT_TRUE(client->accept(group, now, out));
    receive(request_in(answered(200), "ACK", 1));
    subscribe = sent("SUBSCRIBE");
    const auto chat = connect();
    confirm(chat, written(chat));
    accept(subscribe, "3600");
    out = {};
  }

  void accept(const sip::Message& request, std::string_view expires) {
    auto response = sip::make_response(request, 200, "script");
    response.add(Name::contact, "<sip:grp-8d21@cf.example.com;transport=tcp>;isfocus");
    response.add(Name::expires, expires);
    receive(std::move(response));
  }
  void notify(const std::string& flow_name, std::string_view state = {}) {
    const auto example = sip::parse_message(flow(flow_name));
    auto request = request_back(subscribe, "NOTIFY", ++cseq);
    request.add(Name::contact, "<sip:grp-8d21@cf.example.com;transport=tcp>;isfocus");
    request.add(Name::event, "conference");
    request.add(Name::subscription_state,
                state.empty() ? example->header(Name::subscription_state) : state);
    request.set_body(example->header(Name::content_type), example->body());
    receive(std::move(request));
  }

  GroupId group;
  sip::Message subscribe = sip::Message::response(699);
  std::uint32_t cseq = 0;
};

// RFC 4575, flow F1.13
TEST_F(ParticipantInformationTest, tells_who_is_there) {
  notify("013-f1-13-cf-to-bob-notify-full-state.txt");

  answered(200);
  const auto roster = event<RosterChanged>();
  ASSERT_TRUE(roster);
  EXPECT_EQ(roster->subject, "Trail Sunday");
  ASSERT_EQ(roster->participants.size(), 5);
  EXPECT_TRUE(roster->participants[1].is_me);
  EXPECT_EQ(roster->participants[0].state, Participant::State::joined);
  EXPECT_EQ(roster->participants[4].state, Participant::State::invited);
}

// RFC 4575 4.6: the document of flow F5.3 is the seventh.
TEST_F(ParticipantInformationTest, subscribes_anew_when_a_document_is_missing) {
  notify("013-f1-13-cf-to-bob-notify-full-state.txt");
  out = {};

  notify("039-f5-3-cf-notify-to-bob-partial.txt");

  answered(200);
  EXPECT_THAT(events(), IsEmpty());
  wait(5s);
  const auto again = sent("SUBSCRIBE");
  EXPECT_EQ(again.header(Name::call_id), subscribe.header(Name::call_id));
  EXPECT_EQ(again.header(Name::cseq), "2 SUBSCRIBE");
}

// RFC 6665 4.1.2.2: in its own dialog, ten minutes before the hour is over.
TEST_F(ParticipantInformationTest, renews_before_the_end) {
  notify("013-f1-13-cf-to-bob-notify-full-state.txt");
  out = {};
  wait(2'999s);
  EXPECT_TRUE(is_silent());

  wait(1s);

  const auto renewal = sent("SUBSCRIBE");
  EXPECT_EQ(renewal.header(Name::call_id), subscribe.header(Name::call_id));
  EXPECT_EQ(renewal.header(Name::expires), "3600");
}

TEST_F(ParticipantInformationTest, subscribes_anew_when_the_focus_ends_it_in_passing) {
  notify("013-f1-13-cf-to-bob-notify-full-state.txt", "terminated;reason=deactivated");
  out = {};
  wait(5s);
  EXPECT_THAT(std::string{sent("SUBSCRIBE").header(Name::call_id)},
              Not(subscribe.header(Name::call_id)));
}

// RFC 6665 4.1.3
TEST_F(ParticipantInformationTest, lets_it_rest_when_there_is_nothing_more) {
  notify("013-f1-13-cf-to-bob-notify-full-state.txt", "terminated;reason=noresource");
  out = {};
  wait(3'600s);
  EXPECT_TRUE(is_silent());
}

// R6.6: the focus ends it; if it does not, nothing is left behind either.
TEST_F(ParticipantInformationTest, keeps_no_dialog_after_leaving) {
  ASSERT_TRUE(client->leave(group, now, out));
  answer(sent("BYE"), 200);
  EXPECT_FALSE(client->is_idle());

  wait(60s);

  EXPECT_TRUE(client->is_idle());
  EXPECT_EQ(client->dialogs(), 0);
}

TEST_F(ParticipantInformationTest, refuses_other_events) {
  auto request = request_back(subscribe, "NOTIFY", ++cseq);
  request.add(Name::contact, "<sip:grp-8d21@cf.example.com>");
  request.add(Name::event, "presence");
  request.add(Name::subscription_state, "active");
  receive(std::move(request));
  answered(489);
}

}  // namespace
}  // namespace convene::client
