// Every recipient list of the flows in tests/flows: parsed, and printed octet for octet.
#include <gtest/gtest.h>

#include "groups/resource_list.h"
#include "mime/flow_bodies.h"

namespace convene::groups {
namespace {

TEST(FlowRecipientLists, are_printed_octet_for_octet) {
  const auto bodies = mime::flow_bodies(content_type);
  EXPECT_EQ(bodies.size(), 4);
  for (const auto& [file, part] : bodies) {
    const auto list = parse_resource_list(part.body);
    ASSERT_TRUE(list) << file << ": " << list.error().detail;
    EXPECT_EQ(to_text(*list), part.body) << file;
  }
}

}  // namespace
}  // namespace convene::groups
