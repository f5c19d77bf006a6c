#include "store/session_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/stored_object.h"
#include "store/test_objects.h"

namespace convene::store {
namespace {

// R5.1b2, flow F6.2a
TEST(SessionInfoObject, is_that_of_the_flow_octet_for_octet) {
  const auto object = make_session_info_object(session_headers(), trail_session());

  EXPECT_EQ(text_of(object), cpm::flow_text("f6-2a"));
  EXPECT_EQ(size_of(object), cpm::flow_text("f6-2a").size());
  EXPECT_THAT(object.flags, testing::ElementsAre("\\Seen"));
}

// CPM 8.5.3
TEST(SessionInfoObject, is_read_back) {
  const auto object = parse_object(cpm::flow_text("f6-2a"));

  ASSERT_TRUE(object) << object.error().detail;
  EXPECT_EQ(object->headers, session_headers());
  EXPECT_EQ(std::get<SessionInfo>(object->content), trail_session());
}

TEST(SessionInfoObject, carries_what_was_offered_whatever_it_holds) {
  SessionInfo info{.type = SessionType::one_to_one,
                   .sdp = "v=0\r\ns=a <b> & c\r\nm=message 9 TCP/MSRP *",
                   .invited_participants = {"tel:+15550100002", "sip:bob@example.com;user=phone"}};
  EXPECT_EQ(parse_session_info(to_text(info)), info);
}

TEST(SessionInfoObject, of_a_deployed_store_is_read) {
  const auto info = parse_session_info(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<session><session-type>Group</session-type>\n"
      "<sdp>v=0\no=- 1 1</sdp>\n<invited-participants>tel:+15550100002;tel:+15550100003"
      "</invited-participants></session>");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->type, SessionType::ad_hoc);
  EXPECT_EQ(info->sdp, "v=0\r\no=- 1 1");
  EXPECT_THAT(info->invited_participants,
              testing::ElementsAre("tel:+15550100002", "tel:+15550100003"));
}

TEST(SessionInfoObject, without_a_root_is_read) {
  const auto info = parse_session_info(
      "<session-type>Pre-Defined</session-type><invited-participants>sip:a@x, sip:b@x"
      "</invited-participants>");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->type, SessionType::pre_defined);
  EXPECT_THAT(info->invited_participants, testing::ElementsAre("sip:a@x", "sip:b@x"));
}

TEST(SessionInfoObject, of_no_known_type_is_refused) {
  EXPECT_EQ(parse_session_info("<session/>").error().fault, Fault::malformed);
  EXPECT_EQ(parse_session_info("<session-type>Chat</session-type>").error().fault,
            Fault::malformed);
}

}  // namespace
}  // namespace convene::store
