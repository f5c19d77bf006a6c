#include "controlling/refer_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_refer.h"

// RFC 3515, RFC 5368: what a REFER says.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::ElementsAre;
using testing::Field;

constexpr std::string_view focus = "sip:grp-1@cf.example.com";

struct ReadRefer : testing::Test {
  cpm::Granted<ReferRequest> read(const sip::Message& refer) {
    return read_refer(refer, focus, policy);
  }
  cpm::Granted<ReferRequest> read(std::string_view refer_to) {
    return read(refer_of(stage, "alice", focus, refer_to));
  }
  cpm::Granted<ReferRequest> read_list(const std::vector<std::string>& uris) {
    return read(multiple_refer_of(stage, "alice", focus, uris));
  }
  Stage stage;
  GroupPolicy policy;
};

// RFC 3515 2.1: INVITE is meant where no method is said.
TEST_F(ReadRefer, names_one_to_invite) {
  for (const auto* uri : {"sip:frank@example.com", "sip:frank@example.com;method=invite"}) {
    const auto request = read(uri).value();
    EXPECT_THAT(request.to_invite, ElementsAre(Field(&Member::address, "sip:frank@example.com")));
    EXPECT_FALSE(request.is_multiple);
  }
}

// RFC 4579 5.11, 5.13
TEST_F(ReadRefer, names_one_to_remove_or_ends_the_session) {
  EXPECT_THAT(read("sip:bob@example.com;method=BYE").value().to_remove,
              ElementsAre("sip:bob@example.com"));
  EXPECT_TRUE(read("sip:grp-1@cf.example.com;method=BYE").value().ends_session);
}

// RFC 5368 7; RFC 5364 4: once each.
TEST_F(ReadRefer, names_several_by_a_list) {
  const auto request =
      read_list({"sip:frank@example.com", "sip:FRANK@EXAMPLE.com",
                 "sip:frank@example.com;user=phone", "sip:bob@example.com;method=BYE",
                 "sip:gina@example.com?Session-Replaces=abc"})
          .value();
  EXPECT_TRUE(request.is_multiple);
  EXPECT_THAT(request.to_remove, ElementsAre("sip:bob@example.com"));
  ASSERT_THAT(request.to_invite, testing::SizeIs(3));  // the user part keeps its case
  EXPECT_EQ(request.to_invite.back().session_replaces, "abc");
}

// A loop: nobody is at the other end but ourselves.
TEST_F(ReadRefer, refuses_the_focus_itself_other_groups_and_factories) {
  policy.focus_host = "cf.example.com:5070";
  for (const auto* uri : {"sip:grp-1@cf.example.com:5070", "sip:grp-2@cf.example.com:5070",
                          "sip:conference-factory@example.com", "sip:anonymous@anonymous.invalid",
                          "sip:bob@example.com;method=SUBSCRIBE", "http://example.com"}) {
    EXPECT_EQ(read(uri).error().status, 403) << uri;
  }
}

// Conversation 17
TEST_F(ReadRefer, refuses_what_cannot_be_read) {
  auto none = refer_of(stage, "alice", focus, "sip:bob@example.com");
  none.remove(Name::refer_to);
  EXPECT_EQ(read(none).error().status, 400);
  EXPECT_EQ(read("cid:nothing@example.com").error().status, 400);

  auto another = multiple_refer_of(stage, "alice", focus, {"sip:frank@example.com"});
  another.set(Name::refer_to, "<cid:list-2@example.com>");
  EXPECT_EQ(read(another).error().status, 400);

  auto broken = multiple_refer_of(stage, "alice", focus, {"sip:frank@example.com"});
  broken.set_body("application/resource-lists+xml", "<resource-lists");
  EXPECT_EQ(read(broken).error().status, 400);
}

// Conversation 17: 1000 entries are read, 1001 are too many.
TEST_F(ReadRefer, bounds_the_list) {
  std::vector<std::string> uris;
  for (int i = 0; i < 1000; ++i) uris.push_back("sip:m" + std::to_string(i) + "@example.com");
  EXPECT_EQ(read_list(uris).value().to_invite.size(), 1000U);
  uris.emplace_back("sip:one-more@example.com");
  EXPECT_EQ(read_list(uris).error().status, 403);
}

// Conversation 6.10: what could not stand in a header does not get there.
TEST_F(ReadRefer, takes_no_line_ends_out_of_uri_headers) {
  const auto request =
      read_list({"sip:frank@example.com?Session-Replaces=a%0D%0AEvil:%20yes"}).value();
  EXPECT_EQ(request.to_invite.at(0).session_replaces, "");
}

}  // namespace
}  // namespace convene::controlling
