// Every multipart of the flows in tests/flows: parsed, and printed octet for octet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mime/flow_bodies.h"

namespace convene::mime {
namespace {

TEST(FlowMultiparts, are_printed_octet_for_octet) {
  int count = 0;
  for (const auto& flow : all_flows()) {
    const auto type = parse_content_type(flow.headers.value("Content-Type").value_or(""));
    if (!type || !type->is_multipart()) continue;
    ++count;
    const auto multipart = parse_multipart(*type, flow.body);
    ASSERT_TRUE(multipart) << flow.file << ": " << multipart.error().detail;
    EXPECT_EQ(to_text(*multipart), flow.body) << flow.file;
    EXPECT_EQ(parse_multipart(*type, to_text(*multipart)), *multipart) << flow.file;
  }
  EXPECT_EQ(count, 9);
}

TEST(FlowMultiparts, hold_an_icon_that_can_be_decoded) {
  const auto icons = flow_bodies("image/png");
  EXPECT_EQ(icons.size(), 4);
  for (const auto& [file, part] : icons) {
    EXPECT_EQ(content_id_of(part), "icon-7d1@alice.example.com") << file;
    EXPECT_TRUE(decoded_body(part)->starts_with("\x89PNG")) << file;
  }
}

}  // namespace
}  // namespace convene::mime
