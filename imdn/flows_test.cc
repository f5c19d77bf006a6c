// Every report of the flows in tests/flows: parsed, and printed octet for octet.
#include <gtest/gtest.h>

#include "imdn/notification.h"
#include "mime/flow_bodies.h"

namespace convene::imdn {
namespace {

TEST(FlowReports, are_printed_octet_for_octet) {
  const auto bodies = mime::flow_bodies(content_type);
  EXPECT_EQ(bodies.size(), 5);
  for (const auto& [file, part] : bodies) {
    const auto notification = parse_notification(part.body);
    ASSERT_TRUE(notification) << file << ": " << notification.error().detail;
    EXPECT_EQ(to_text(*notification), part.body) << file;
  }
}

}  // namespace
}  // namespace convene::imdn
