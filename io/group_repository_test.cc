#include "io/group_repository.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/database.h"
#include "io/test_directory.h"

namespace convene::io {
namespace {

using controlling::GroupRecord;
using controlling::Member;
using testing::ElementsAre;
using testing::IsEmpty;

GroupRecord trail() {
  return {
      .focus = "sip:grp-1@cf.example.com",
      .type = controlling::GroupType::closed,
      .ids = {.conversation = "conversation", .contribution = "contribution", .in_reply_to = {}},
      .subject = "Trail 'Sunday'; DROP TABLE groups",
      .document = "sip:trail@example.com",
      .pseudonyms = 2,
      .created = WallTime{std::chrono::seconds{1'763'806'931}},
      .members = {{.address = "sip:alice@example.com",
                   .display = "Alice \xF0\x9F\x8F\x94",
                   .nickname = "al",
                   .request_uri = "sip:alice@example.com",
                   .is_creator = true,
                   .is_cpm_user = true,
                   .has_answered = true,
                   .standing = {.status = conference::Status::disconnected}},
                  {.address = "sip:bob@example.com",
                   .pseudonym = "sip:anonymous-2@cf.example.com",
                   .request_uri = "sip:bob@example.com;gr=1",
                   .has_answered = true,
                   .standing = {.status = conference::Status::disconnected,
                                .left_by = conference::DisconnectionMethod::busy,
                                .reason = "SIP;cause=486;text=\"Busy Here\"",
                                .when = "2025-11-22T10:05:00Z"}}},
      .former = {{.address = "sip:carol@example.com",
                  .request_uri = "sip:carol@example.com",
                  .standing = {.status = conference::Status::disconnected,
                               .left_by = conference::DisconnectionMethod::departed}}}};
}

struct GroupRepository : testing::Test {
  GroupRepository()
      : database{Sqlite::open(directory / "test.db", Sqlite::Access::read_write).value()} {
    EXPECT_TRUE(migrate(database));
  }
  std::vector<GroupRecord> groups() { return load_groups(database).value(); }

  TestDirectory directory;
  Sqlite database;
};

// CPM 9.2.7 (5), R6.8
TEST_F(GroupRepository, gives_back_what_it_was_given) {
  ASSERT_TRUE(store_group(database, trail()));
  EXPECT_THAT(groups(), ElementsAre(trail()));
}

TEST_F(GroupRepository, puts_a_newer_record_in_the_place_of_the_old) {
  auto later = trail();
  later.members.pop_back();
  later.released = WallTime{std::chrono::seconds{1'763'900'000}};
  later.is_dissolved = true;

  ASSERT_TRUE(store_group(database, trail()));
  ASSERT_TRUE(store_group(database, later));
  EXPECT_THAT(groups(), ElementsAre(later));
}

TEST_F(GroupRepository, keeps_groups_apart) {
  auto other = trail();
  other.focus = "sip:grp-0@cf.example.com";
  other.members.front().display = "A.";
  ASSERT_TRUE(store_group(database, trail()));
  ASSERT_TRUE(store_group(database, other));
  EXPECT_THAT(groups(), ElementsAre(other, trail()));
}

TEST_F(GroupRepository, forgets_a_group_with_its_members) {
  ASSERT_TRUE(store_group(database, trail()));
  ASSERT_TRUE(forget_group(database, trail().focus));
  ASSERT_TRUE(forget_group(database, "sip:unknown@cf.example.com"));
  EXPECT_THAT(groups(), IsEmpty());
  EXPECT_EQ(database.number("SELECT count(*) FROM group_members").value(), 0);
}

}  // namespace
}  // namespace convene::io
