// Every SDP of the flows in tests/flows: parsed, and printed octet for octet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mime/flow_bodies.h"
#include "sdp/file_transfer.h"
#include "sdp/msrp_attributes.h"

namespace convene::sdp {
namespace {

TEST(FlowDescriptions, are_printed_octet_for_octet) {
  const auto bodies = mime::flow_bodies("application/sdp");
  EXPECT_EQ(bodies.size(), 29);
  for (const auto& [file, part] : bodies) {
    const auto session = parse_session_description(part.body);
    ASSERT_TRUE(session) << file << ": " << session.error().detail;
    // In a multipart the last line end belongs to the delimiter.
    const std::string_view end = part.body.ends_with("\r\n") ? "" : "\r\n";
    EXPECT_EQ(to_text(*session), part.body + std::string{end}) << file;
  }
}

TEST(FlowDescriptions, give_back_their_attributes_when_these_are_set_anew) {
  for (const auto& [file, part] : mime::flow_bodies("application/sdp")) {
    const auto session = parse_session_description(part.body).value();
    for (auto media : session.media) {
      const auto before = media;
      set_path(media, path_of(media));
      set_setup(media, setup_of(media).value());
      set_direction(media, direction_of(session, media));
      set_accept_types(media, accept_types_of(media));
      set_accept_wrapped_types(media, accept_wrapped_types_of(media));
      if (const auto size = max_size_of(media)) set_max_size(media, *size);
      const auto file_description = file_of(media);
      ASSERT_TRUE(file_description) << file << ": " << file_description.error().detail;
      if (*file_description) set_file(media, **file_description);
      EXPECT_EQ(media, before) << file;
    }
  }
}

}  // namespace
}  // namespace convene::sdp
