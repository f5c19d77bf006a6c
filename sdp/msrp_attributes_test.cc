#include "sdp/msrp_attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::sdp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// RFC 4975 8.1
TEST(MsrpAttributes, hold_a_path_of_several_hops) {
  Media media;
  EXPECT_THAT(path_of(media), IsEmpty());
  set_path(media, {"msrps://relay.example.com:2855/a;tcp", "msrp://192.0.2.1:9/b;tcp"});
  EXPECT_EQ(media.attributes.value("path"),
            "msrps://relay.example.com:2855/a;tcp msrp://192.0.2.1:9/b;tcp");
  EXPECT_THAT(path_of(media),
              ElementsAre("msrps://relay.example.com:2855/a;tcp", "msrp://192.0.2.1:9/b;tcp"));
}

// RFC 4145 4
TEST(MsrpAttributes, hold_a_setup) {
  for (const auto setup : {Setup::active, Setup::passive, Setup::actpass, Setup::holdconn}) {
    Media media;
    set_setup(media, setup);
    EXPECT_EQ(setup_of(media), setup);
  }
  EXPECT_EQ(setup_of(Media{}), std::nullopt);
  EXPECT_EQ(parse_setup("both"), std::nullopt);
}

// RFC 4566 6
TEST(MsrpAttributes, hold_a_direction_that_the_session_may_give) {
  SessionDescription session;
  Media media;
  EXPECT_EQ(direction_of(session, media), Direction::sendrecv);
  session.attributes.add("inactive");
  EXPECT_EQ(direction_of(session, media), Direction::inactive);

  media.attributes = {{"sendonly"}, {"setup", "active"}, {"recvonly"}};
  EXPECT_EQ(direction_of(session, media), Direction::recvonly);
  set_direction(media, Direction::sendrecv);
  EXPECT_EQ(media.attributes, (Attributes{{"sendrecv"}, {"setup", "active"}}));
  EXPECT_EQ(reversed(Direction::sendonly), Direction::recvonly);
  EXPECT_EQ(reversed(Direction::inactive), Direction::inactive);
}

// RFC 4975 8.6
TEST(MsrpAttributes, tell_which_types_are_accepted) {
  Media media;
  set_accept_types(media, {"message/cpim", "image/*"});
  set_accept_wrapped_types(media, {"*"});
  const auto types = accept_types_of(media);
  EXPECT_TRUE(type_is_accepted(types, "Message/CPIM"));
  EXPECT_TRUE(type_is_accepted(types, "image/png; name=x"));
  EXPECT_FALSE(type_is_accepted(types, "image/"));
  EXPECT_FALSE(type_is_accepted(types, "text/plain"));
  EXPECT_FALSE(type_is_accepted(types, "imagex/png"));
  EXPECT_TRUE(type_is_accepted(accept_wrapped_types_of(media), "text/plain"));
  EXPECT_FALSE(type_is_accepted({}, "text/plain"));
}

TEST(MsrpAttributes, hold_a_max_size) {
  Media media;
  EXPECT_EQ(max_size_of(media), std::nullopt);
  set_max_size(media, 10'485'760);
  EXPECT_EQ(max_size_of(media), 10'485'760);
  media.attributes.set("max-size", "99999999999999999999");
  EXPECT_EQ(max_size_of(media), std::nullopt);
}

}  // namespace
}  // namespace convene::sdp
