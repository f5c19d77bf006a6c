#include "cpm/service.h"
#include "participating/test_history.h"

namespace convene::participating {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct SessionHistory : HistoryTest {
  void create_group() {
    invite = of_flow("f1-1", alice_calls);
    ok = establish(invite, "f1-3");
  }
  sip::Message bye(std::string_view reason = {}) {
    auto request = bye_of_caller(invite, ok);
    if (!reason.empty()) request.add(sip::Name::reason, reason);
    return request;
  }
  store::GroupState state_in(const store::Write& written) {
    return std::get<store::GroupState>(read(written.objects.at(0)).content);
  }
};

// CPM 8.5.3: folder and Session Info Object at the 200
TEST_F(SessionHistory, begins_with_the_folder_and_its_session_info_object) {
  create_group();
  ASSERT_THAT(asks, SizeIs(1));
  EXPECT_EQ(to_text(write(0).folder),
            "Default/f1b7c2a4-9c1e-4d2f-8a55-6a0d4c1e2b30/5e3c7d10a2b94c6f8e1d2a3b4c5d6e7f");
  EXPECT_THAT(write(0).objects, IsEmpty());

  const auto object = read(*write(0).session_info);
  EXPECT_EQ(object.headers.subject, "Trail Sunday");
  EXPECT_EQ(object.headers.from, "sip:alice@example.com");
  EXPECT_EQ(object.headers.to, "sip:grp-8d21@cf.example.com");
  EXPECT_EQ(object.headers.asserted_service, cpm::icsi::session);
  const auto& info = std::get<store::SessionInfo>(object.content);
  EXPECT_EQ(info.type, store::SessionType::ad_hoc);
  EXPECT_THAT(info.invited_participants,
              ElementsAre("sip:bob@example.com", "sip:carol@example.com", "sip:dave@example.com",
                          "sip:erin@example.com"));
  EXPECT_THAT(info.sdp, testing::HasSubstr("a=accept-wrapped-types"));
}

TEST_F(SessionHistory, is_nothing_for_who_does_not_want_it) {
  make({}, false);
  create_group();
  EXPECT_THAT(asks, IsEmpty());
}

// CPM 8.3.2.3: Message-UID of a session's end is that of its Session Info Object.
TEST_F(SessionHistory, ends_with_the_uid_of_the_session_info_object) {
  create_group();
  store_has(asks.at(0), {.uid_validity = 7, .session_info = 1, .objects = {}});
  receive(bye());
  answer(last_request("BYE"), 200);
  ASSERT_THAT(asks, SizeIs(2));
  EXPECT_EQ(write(1).folder, write(0).folder);
  EXPECT_EQ(write(1).session_info, write(0).session_info) << "the same: it is stored once";
  store_has(asks[1], {.uid_validity = 7, .session_info = 1, .objects = {4}});
  EXPECT_EQ(uid_in_last_response(), "1");
}

// CPM 8.5.3: the Group State Object
TEST_F(SessionHistory, of_a_group_ends_with_who_is_in_it_and_the_way_back) {
  create_group();
  now += 26min;
  receive(bye());
  ASSERT_THAT(asks, SizeIs(2));
  const auto state = state_in(write(1));
  EXPECT_EQ(state.timestamp, "2025-11-22T10:31:00Z");
  EXPECT_EQ(state.last_focus_session_id, "sip:grp-8d21@cf.example.com");
  ASSERT_THAT(state.participants, SizeIs(4));
  EXPECT_EQ(state.participants[0].comm_addr, "sip:bob@example.com");
}

// Conversation 6.7: who leaves for good does not come back.
TEST_F(SessionHistory, has_no_group_state_of_a_group_that_was_left) {
  create_group();
  receive(bye("SIP;cause=200;text=\"Call completed\""));
  ASSERT_THAT(asks, SizeIs(2));
  EXPECT_THAT(write(1).objects, IsEmpty());
}

// RFC 4575: what the focus tells the client about the participants passes through here.
TEST_F(SessionHistory, knows_the_participants_of_whom_the_user_is_told) {
  create_group();
  auto subscribe = of_flow("f1-12", alice_calls);
  subscribe.set_uri("sip:grp-8d21@cf.example.com");
  receive(subscribe);
  const auto onward = last_request("SUBSCRIBE");
  answer(onward, 200, "f1-3");
  auto notify = cpm::flow("f1-13");
  notify.set(sip::Name::via, "SIP/2.0/TCP cf.example.com;branch=z9hG4bKnot1");
  notify.set(sip::Name::from, sip::with_tag(onward.header(sip::Name::to), "far"));
  notify.set(sip::Name::to, onward.header(sip::Name::from));
  notify.set(sip::Name::call_id, onward.header(sip::Name::call_id));
  notify.remove(sip::Name::route);
  notify.add(sip::Name::route, "<sip:pf-a.example.com;transport=tcp;lr>");
  receive(std::move(notify));
  receive(bye());
  const auto state = state_in(write(1));
  ASSERT_THAT(state.participants, SizeIs(5)) << "it replaces the list of the invitation";
  EXPECT_EQ(state.participants[0].comm_addr, "sip:alice@example.com");
}

// G-35: the folder of a conversation of two may have the other's name; a group's never has.
TEST_F(SessionHistory, of_two_is_of_both_and_has_no_group_state) {
  auto request = of_flow("f1-1", alice_calls);
  request.set_uri("sip:bob@example.com");
  const auto f2 = cpm::flow("f1-6");
  request.set_body("application/sdp", f2.body());
  invite = request;
  ok = establish(request, "f1-6");
  const auto info = std::get<store::SessionInfo>(read(*write(0).session_info).content);
  EXPECT_EQ(info.type, store::SessionType::one_to_one);
  EXPECT_THAT(info.invited_participants, ElementsAre("sip:bob@example.com"));
  EXPECT_EQ(info.sdp, std::string{f2.body()}.substr(0, info.sdp.size()));
  receive(bye());
  EXPECT_THAT(write(1).objects, IsEmpty());
}

TEST_F(SessionHistory, knows_a_predefined_group_by_its_host) {
  make({.predefined_hosts = {"cf.example.com"}});
  create_group();
  EXPECT_EQ(std::get<store::SessionInfo>(read(*write(0).session_info).content).type,
            store::SessionType::pre_defined);
}

}  // namespace
}  // namespace convene::participating
