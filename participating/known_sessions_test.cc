#include "participating/known_sessions.h"

#include <gtest/gtest.h>

namespace convene::participating {
namespace {

KnownSession session(const std::string& user, const std::string& contribution,
                     const std::string& focus = {}) {
  KnownSession made{.user = user, .other_party = focus, .is_group = !focus.empty()};
  made.ids = {.conversation = "c", .contribution = contribution, .in_reply_to = {}};
  return made;
}

// R5.1b
TEST(KnownSessions, are_found_by_their_ids) {
  KnownSessions known{10, 100};
  known.remember(session("alice", "1"));
  EXPECT_NE(known.with_ids("alice", session("", "1").ids), nullptr);
  EXPECT_EQ(known.with_ids("alice", session("", "2").ids), nullptr);
  EXPECT_EQ(known.with_ids("bob", session("", "1").ids), nullptr) << "everybody has their own";
}

// G-12
TEST(KnownSessions, are_found_by_their_focus_the_latest_first) {
  KnownSessions known{10, 100};
  known.remember(session("alice", "1", "sip:g@cf"));
  known.remember(session("alice", "2", "sip:g@cf"));
  ASSERT_NE(known.with_focus("alice", "sip:g@cf"), nullptr);
  EXPECT_EQ(known.with_focus("alice", "sip:g@cf")->ids.contribution, "2");
  EXPECT_EQ(known.with_focus("alice", "sip:h@cf"), nullptr);
}

TEST(KnownSessions, have_one_entry_for_a_session_that_is_joined_again) {
  KnownSessions known{10, 100};
  auto first = session("alice", "1", "sip:g@cf");
  first.participants = {{.comm_addr = "sip:bob@example.com"}};
  known.remember(first);
  EXPECT_EQ(known.remember(session("alice", "1", "sip:g@cf")).participants.size(), 1U);
  EXPECT_EQ(known.size(), 1U);
}

TEST(KnownSessions, forget_the_oldest_of_a_user_and_of_all) {
  KnownSessions known{2, 3};
  for (const auto* contribution : {"1", "2", "3"}) known.remember(session("alice", contribution));
  EXPECT_EQ(known.size(), 2U);
  EXPECT_EQ(known.with_ids("alice", session("", "1").ids), nullptr);

  known.remember(session("bob", "1"));
  known.remember(session("carol", "1"));
  EXPECT_EQ(known.size(), 3U);
  EXPECT_EQ(known.with_ids("alice", session("", "2").ids), nullptr);
  EXPECT_NE(known.with_ids("alice", session("", "3").ids), nullptr);
}

}  // namespace
}  // namespace convene::participating
