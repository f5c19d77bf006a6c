// Every message/cpim of the flows in tests/flows: parsed, and printed octet for octet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cpim/imdn_headers.h"
#include "mime/flow_bodies.h"

namespace convene::cpim {
namespace {

TEST(FlowCpims, are_printed_octet_for_octet) {
  const auto bodies = mime::flow_bodies("message/cpim");
  EXPECT_EQ(bodies.size(), 10);
  for (const auto& [file, part] : bodies) {
    const auto message = parse_message(part.body);
    ASSERT_TRUE(message) << file << ": " << message.error().detail;
    EXPECT_EQ(to_text(*message), part.body) << file;
    EXPECT_TRUE(from_of(*message)) << file;
    EXPECT_TRUE(to_of(*message)) << file;
    EXPECT_NE(imdn_message_id(*message), "") << file;
  }
}

// RFC 5438 8: the focus takes itself off the route and leaves all else.
TEST(FlowCpims, of_a_report_change_as_in_the_flows) {
  const auto bodies = mime::flow_bodies("message/cpim");
  const auto at = [&bodies](std::string_view number) {
    return std::ranges::find_if(bodies,
                                [=](const auto& body) { return body.file.starts_with(number); });
  };
  auto report = parse_message(at("031")->part.body).value();
  remove_top_imdn_route(report);
  EXPECT_EQ(to_text(report), at("032")->part.body);

  auto wrapper = parse_message(at("018")->part.body).value();
  set_from(wrapper, {"Alice", "sip:alice@example.com"});
  set_to(wrapper, {"", "sip:bob@example.com"});
  add_imdn_record_route(wrapper, {"", "sip:grp-8d21@cf.example.com"});
  EXPECT_EQ(to_text(wrapper), at("019")->part.body);
  add_imdn_record_route(wrapper, {"", "sip:defer-1@pf-b.example.com"});
  EXPECT_EQ(to_text(wrapper), at("034")->part.body);
}

}  // namespace
}  // namespace convene::cpim
