#include "isf/route_table.h"

#include <gtest/gtest.h>

namespace convene::isf {
namespace {

// CPM 6.5, conversation 16
TEST(RouteTable, leads_by_the_beginning_of_an_address_or_by_its_domain) {
  const std::vector<Route> routes{
      {"tel:+47", Service::sms}, {"@mail.example", Service::email}, {"sip:", Service::mms}};
  EXPECT_EQ(service_for(routes, "tel:+47-22-00-00-00"), Service::sms);
  EXPECT_EQ(service_for(routes, "sip:frank@MAIL.example;user=phone"), Service::email);
  EXPECT_EQ(service_for(routes, "sip:frank@example.com"), Service::mms);
  EXPECT_EQ(service_for(routes, "tel:+46-8-1"), std::nullopt);
  EXPECT_EQ(service_for(routes, "no address"), std::nullopt);
  EXPECT_EQ(service_for({}, "sip:frank@example.com"), std::nullopt);
}

TEST(RouteTable, is_read_from_texts) {
  EXPECT_EQ(parse_route("tel:+47=sms").value(), (Route{"tel:+47", Service::sms}));
  EXPECT_EQ(parse_route("@mail.example=email").value(), (Route{"@mail.example", Service::email}));
  EXPECT_FALSE(parse_route("tel:+47"));
  EXPECT_FALSE(parse_route("=sms"));
  EXPECT_FALSE(parse_route("tel:+47=fax"));
}

}  // namespace
}  // namespace convene::isf
