#include "apps/event_text.h"

#include <gtest/gtest.h>

namespace convene::apps {
namespace {

TEST(EventText, is_one_line_for_people) {
  EXPECT_EQ(text_of(client::ChatReceived{.from = {"sip:bob@ims.example", ""},
                                         .content_type = "text/plain",
                                         .octets = "Half past eight."}),
            "bob@ims.example: Half past eight.");
  EXPECT_EQ(text_of(client::FileFailed{{7}, 403, "133 Size exceeded"}),
            "[7] failed (403 133 Size exceeded)");
}

TEST(EventText, shows_no_control_characters_of_others) {
  const auto line = text_of(client::ChatReceived{
      .from = {"", "\x1B[2JMallory"}, .content_type = "text/plain", .octets = "a\nb"});
  EXPECT_EQ(line.find('\x1B'), line.npos);
  EXPECT_EQ(line.find('\n'), line.npos);
}

TEST(EventText, is_one_line_of_json_for_programs) {
  EXPECT_EQ(json_of(client::Joined{{3}, "sip:grp@cf.example.com"}),
            R"({"event":"joined","group":3,"focus":"sip:grp@cf.example.com"})");
  EXPECT_EQ(json_of(client::ChatReceived{.group = {3},
                                         .from = {"sip:bob@ims.example", "Bob"},
                                         .content_type = "image/png",
                                         .octets = "\x89PNG"}),
            R"({"event":"chat_received","group":3,"from":"sip:bob@ims.example","from_name":"Bob",)"
            R"("is_private":false,"content_type":"image/png","base64":"iVBORw=="})");
}

}  // namespace
}  // namespace convene::apps
