#include "conference/apply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::conference {
namespace {

using testing::ElementsAre;

User user(std::string_view name, Status status, State state = State::full) {
  const auto uri = "sip:" + std::string{name} + "@example.com";
  return {.entity = uri,
          .state = state,
          .endpoints = {{.entity = uri, .state = State::full, .status = status}}};
}

ConferenceInfo document(State state, std::uint32_t version, std::vector<User> users) {
  return {.entity = "sip:g@cf.example.com",
          .state = state,
          .version = version,
          .users = Users{.state = state, .list = std::move(users)}};
}

const auto alice = user("alice", Status::connected);
const auto bob = user("bob", Status::pending);

struct ConferenceApplyTest : testing::Test {
  std::optional<ConferenceInfo> known = document(State::full, 4, {alice, bob});
};

// RFC 4575 4.6
TEST_F(ConferenceApplyTest, begins_with_a_full_document) {
  known.reset();
  EXPECT_EQ(conference::apply(document(State::partial, 1, {alice}), known), Applied::need_full);
  EXPECT_EQ(known, std::nullopt);
  EXPECT_EQ(conference::apply(document(State::full, 9, {alice}), known), Applied::yes);
  EXPECT_EQ(known->version, 9);
}

TEST_F(ConferenceApplyTest, replaces_adds_and_deletes_users) {
  const auto carol = user("carol", Status::connected);
  const auto joined = user("bob", Status::connected);
  const User gone{.entity = alice.entity, .state = State::deleted};

  EXPECT_EQ(conference::apply(document(State::partial, 5, {joined, carol, gone}), known),
            Applied::yes);

  EXPECT_THAT(known->users->list, ElementsAre(joined, carol));
  EXPECT_EQ(known->version, 5);
  EXPECT_EQ(known->state, State::full);
}

TEST_F(ConferenceApplyTest, merges_partial_users_and_endpoints) {
  User change{.entity = bob.entity, .state = State::partial, .nickname = "Bobby"};
  change.endpoints = {
      {.entity = bob.entity, .state = State::partial, .joining_method = JoiningMethod::dialed_out}};

  EXPECT_EQ(conference::apply(document(State::partial, 5, {change}), known), Applied::yes);

  const auto& merged = known->users->list[1];
  EXPECT_EQ(merged.nickname, "Bobby");
  EXPECT_EQ(merged.endpoints[0].status, Status::pending);
  EXPECT_EQ(merged.endpoints[0].joining_method, JoiningMethod::dialed_out);
  EXPECT_EQ(merged.state, State::full);
}

TEST_F(ConferenceApplyTest, replaces_description_and_conference_state_whole) {
  known->description = Description{.subject = "old", .maximum_user_count = 50};
  auto news = document(State::partial, 5, {});
  news.description = Description{.subject = "new"};
  EXPECT_EQ(conference::apply(news, known), Applied::yes);
  EXPECT_EQ(known->description, (Description{.subject = "new"}));
}

// RFC 4575 4.6: a gap means that a document was lost.
TEST_F(ConferenceApplyTest, needs_a_full_document_after_a_gap) {
  const auto before = known;
  EXPECT_EQ(conference::apply(document(State::partial, 6, {}), known), Applied::need_full);
  EXPECT_EQ(known, before);
}

TEST_F(ConferenceApplyTest, drops_what_it_has_seen) {
  const auto before = known;
  EXPECT_EQ(conference::apply(document(State::partial, 4, {}), known), Applied::old);
  EXPECT_EQ(known, before);
}

TEST_F(ConferenceApplyTest, forgets_a_deleted_conference) {
  EXPECT_EQ(conference::apply(document(State::deleted, 5, {}), known), Applied::yes);
  EXPECT_EQ(known, std::nullopt);
}

}  // namespace
}  // namespace convene::conference
