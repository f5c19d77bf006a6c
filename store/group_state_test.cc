#include "store/group_state.h"

#include <gtest/gtest.h>

#include "store/stored_object.h"
#include "store/test_objects.h"

namespace convene::store {
namespace {

const GroupState trail{
    .timestamp = "2025-11-22T10:31:00Z",
    .last_focus_session_id = "sip:grp-8d21@cf.example.com",
    .type = GroupType::closed,
    .participants = {{"Bob \"the\" <Ü>", "sip:bob@example.com"}, {"", "sip:carol@example.com"}}};

// R6.8
TEST(GroupStateObject, is_read_back) {
  const auto object = make_group_state_object(session_headers(), trail);
  const auto read = parse_object(text_of(object));

  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->headers, session_headers());
  EXPECT_EQ(std::get<GroupState>(read->content), trail);
}

TEST(GroupStateObject, looks_as_deployed_documents_do) {
  EXPECT_EQ(to_text(GroupState{.timestamp = "2025-11-22T10:31:00Z",
                               .last_focus_session_id = "sip:grp-8d21@cf.example.com",
                               .participants = {{"Bob", "sip:bob@example.com"}}}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
            "<groupstate timestamp=\"2025-11-22T10:31:00Z\" "
            "lastfocussessionid=\"sip:grp-8d21@cf.example.com\" group-type=\"Open\">\r\n"
            "<participant name=\"Bob\" comm-addr=\"sip:bob@example.com\"/>\r\n"
            "</groupstate>\r\n");
}

TEST(GroupStateObject, of_others_is_read_in_any_case) {
  const auto state = parse_group_state("<g:groupstate xmlns:g='x' group-type='closed'/>");
  ASSERT_TRUE(state);
  EXPECT_EQ(state->type, GroupType::closed);
  EXPECT_FALSE(parse_group_state("<other/>"));
}

}  // namespace
}  // namespace convene::store
