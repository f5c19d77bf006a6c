// Every conference document of the flows in tests/flows: parsed, and printed octet for octet.
#include <gtest/gtest.h>

#include "conference/apply.h"
#include "mime/flow_bodies.h"

namespace convene::conference {
namespace {

TEST(FlowConferences, are_printed_octet_for_octet) {
  const auto bodies = mime::flow_bodies(content_type);
  EXPECT_EQ(bodies.size(), 2);
  for (const auto& [file, part] : bodies) {
    const auto info = parse_conference_info(part.body);
    ASSERT_TRUE(info) << file << ": " << info.error().detail;
    EXPECT_EQ(to_text(*info), part.body) << file;
  }
}

TEST(FlowConferences, show_who_left) {
  const auto bodies = mime::flow_bodies(content_type);
  std::optional<ConferenceInfo> known;
  ASSERT_EQ(conference::apply(parse_conference_info(bodies.at(0).part.body).value(), known),
            Applied::yes);
  known->version = 6;
  ASSERT_EQ(conference::apply(parse_conference_info(bodies.at(1).part.body).value(), known),
            Applied::yes);

  ASSERT_EQ(known->users->list.size(), 5);
  const auto& alice = known->users->list[0];
  EXPECT_EQ(alice.endpoints.at(0).disconnection_method, DisconnectionMethod::departed);
  EXPECT_EQ(known->conference_state->user_count, 3);
  EXPECT_EQ(known->description->subject, "Trail Sunday");
}

}  // namespace
}  // namespace convene::conference
