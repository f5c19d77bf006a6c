#include "controlling/conference_factory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cpm/flow_messages.h"

namespace convene::controlling {
namespace {

using cpm::flow;
using testing::ElementsAre;

const auto alice = sip::parse_name_addr("\"Alice\" <sip:alice@example.com>").value();

// F1.2 with the entries of the list replaced.
sip::Message with_entries(const std::string& entries) {
  auto invite = flow("f1-2");
  std::string body{invite.body()};
  const auto begin = body.find("<list>") + 6;
  body.replace(begin, body.find("</list>") - begin, entries);
  invite.set_body("multipart/mixed;boundary=b1grp", body);
  return invite;
}

std::vector<std::string> addresses(const sip::Message& invite, const GroupPolicy& policy = {}) {
  std::vector<std::string> found;
  const auto members = members_of_creation(invite, alice, policy).value();
  for (const auto& member : members) {
    found.push_back(member.address);
  }
  return found;
}

int status_of(const sip::Message& invite, const GroupPolicy& policy = {}) {
  const auto members = members_of_creation(invite, alice, policy);
  return members ? 200 : members.error().status;
}

// RFC 5366 3: F1.2
TEST(ConferenceFactory, makes_members_of_the_creator_and_the_list) {
  EXPECT_THAT(addresses(flow("f1-2")),
              ElementsAre("sip:alice@example.com", "sip:bob@example.com", "sip:carol@example.com",
                          "sip:dave@example.com", "sip:erin@example.com"));
}

// RFC 3261 19.1.4: one victim in many spellings is invited once.
TEST(ConferenceFactory, takes_every_address_once) {
  EXPECT_THAT(addresses(with_entries(
                  R"(<entry uri="sip:bob@example.com"/><entry uri="sip:bob@EXAMPLE.com"/>)"
                  R"(<entry uri="SIP:%62ob@example.com;transport=udp"/>)"
                  R"(<entry uri="sip:alice@example.com"/>)")),
              ElementsAre("sip:alice@example.com", "sip:bob@example.com"));
}

// Conversation 6.10, R1.11: F12.1
TEST(ConferenceFactory, takes_session_replaces_off_the_uri_and_keeps_the_gruu) {
  const auto members = members_of_creation(flow("f12-1"), alice, {}).value();
  EXPECT_EQ(members.at(1).address, "sip:bob@example.com");
  EXPECT_EQ(members.at(1).request_uri,
            "sip:bob@example.com;gr=urn:uuid:00000000-0000-1000-8000-000000000002");
  EXPECT_EQ(members.at(1).session_replaces, "0c9d8e7f6a5b4c3d2e1f00112233aabb");
}

TEST(ConferenceFactory, never_invites_itself_or_nobody) {
  EXPECT_THAT(addresses(with_entries(R"(<entry uri="sip:conference-factory@example.com"/>)"
                                     R"(<entry uri="sip:grp-1@cf.example.com"/>)"
                                     R"(<entry uri="sip:anonymous@anonymous.invalid"/>)"
                                     R"(<entry uri="http://example.com/"/>)"
                                     R"(<entry uri="tel:+1-555-0102"/>)")),
              ElementsAre("sip:alice@example.com", "tel:+15550102"));
}

TEST(ConferenceFactory, may_be_kept_to_its_own_domains) {
  const GroupPolicy policy{.member_domains = {"example.com"}};
  EXPECT_THAT(addresses(with_entries(R"(<entry uri="sip:bob@example.com"/>)"
                                     R"(<entry uri="sip:victim@elsewhere.example"/>)"),
                        policy),
              ElementsAre("sip:alice@example.com", "sip:bob@example.com"));
}

// Conversation 17
TEST(ConferenceFactory, refuses_a_list_that_is_too_long) {
  EXPECT_EQ(status_of(flow("f1-2"), {.max_participants = 5}), 200);
  EXPECT_EQ(status_of(flow("f1-2"), {.max_participants = 4}), 403);
  EXPECT_EQ(status_of(flow("f1-2"), {.max_list_entries = 3}), 403);
}

TEST(ConferenceFactory, refuses_a_creation_without_anybody_to_invite) {
  EXPECT_EQ(status_of(flow("f7-1")), 400);
  EXPECT_EQ(status_of(with_entries("")), 403);
}

TEST(ConferenceFactory, refuses_a_broken_list) {
  EXPECT_EQ(status_of(with_entries("<entry")), 400);
}

TEST(ConferenceFactory, is_known_by_its_uri) {
  EXPECT_TRUE(factory_of("sip:conference-factory@example.com;transport=tcp", {}));
  EXPECT_FALSE(factory_of("sip:conference@example.com", {}));
}

}  // namespace
}  // namespace convene::controlling
