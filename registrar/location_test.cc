#include "registrar/location.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::registrar {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

constexpr TimePoint start{};

Binding binding(std::string_view contact, TimePoint expires = start + 60s, std::uint32_t cseq = 1) {
  return {.contact = *sip::parse_name_addr(contact),
          .call_id = "r1",
          .cseq = cseq,
          .expires = expires,
          .source = {}};
}

TEST(Location, keeps_several_devices_of_a_user_newest_first) {
  Location location;
  ASSERT_TRUE(location.update("sip:bob@a", binding("<sip:bob@10.0.0.1>"), start));
  ASSERT_TRUE(location.update("sip:bob@a", binding("<sip:bob@10.0.0.2>"), start));

  const auto found = location.bindings("sip:bob@a", start);

  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].contact.uri.host, "10.0.0.2");
}

// RFC 3261 10.3 (7)
TEST(Location, refuses_a_register_that_arrives_out_of_order) {
  Location location;
  ASSERT_TRUE(location.update("sip:bob@a", binding("<sip:bob@10.0.0.1>", start + 60s, 5), start));

  const auto late = location.update("sip:bob@a", binding("<sip:bob@10.0.0.1>", start, 4), start);

  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().fault, Fault::out_of_order);
  EXPECT_THAT(location.bindings("sip:bob@a", start), SizeIs(1));
}

TEST(Location, replaces_the_contact_of_a_device_that_moved) {
  Location location;
  ASSERT_TRUE(location.update("sip:bob@a",
                              binding("<sip:bob@10.0.0.1>;+sip.instance=\"<urn:uuid:1>\""), start));
  ASSERT_TRUE(location.update(
      "sip:bob@a", binding("<sip:bob@10.9.9.9>;+sip.instance=\"<urn:uuid:1>\"", start + 60s, 2),
      start));

  EXPECT_THAT(location.bindings("sip:bob@a", start), SizeIs(1));
}

TEST(Location, forgets_what_expired) {
  Location location;
  ASSERT_TRUE(location.update("sip:bob@a", binding("<sip:bob@10.0.0.1>"), start));
  EXPECT_EQ(location.deadline(), start + 60s);

  location.expire(start + 60s);

  EXPECT_THAT(location.bindings("sip:bob@a", start), IsEmpty());
  EXPECT_EQ(location.users(), 0U);
  EXPECT_EQ(location.deadline(), Deadline{});
}

TEST(Location, limits_the_contacts_of_one_user) {
  Location location;
  for (std::size_t i = 0; i < Location::max_bindings_per_user; ++i)
    ASSERT_TRUE(
        location.update("sip:bob@a", binding("<sip:b" + std::to_string(i) + "@10.0.0.1>"), start));
  EXPECT_FALSE(location.update("sip:bob@a", binding("<sip:more@10.0.0.1>"), start));
}

TEST(Location, knows_whose_contact_a_uri_is) {
  Location location;
  ASSERT_TRUE(
      location.update("sip:bob@a", binding("<sip:bob@10.0.0.1:5070;transport=tcp>"), start));

  const auto owner =
      location.owner_of(*sip::parse_uri("sip:bob@10.0.0.1:5070;transport=tcp"), start);

  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->address_of_record, "sip:bob@a");
}

}  // namespace
}  // namespace convene::registrar
