#include "apps/delivery_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// What `convene send --report` shows. R4.1h
namespace convene::apps {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

DeliveryRow row(std::string what, std::string recipient, std::string state,
                std::optional<Duration> after = {}) {
  return {.what = std::move(what),
          .id = "m-1",
          .recipient = std::move(recipient),
          .state = std::move(state),
          .after = after};
}

TEST(DeliveryTable, is_aligned_by_recipient) {
  EXPECT_THAT(text_of({row("plan.txt", "sip:bob@ims.example", "displayed", 2'140ms),
                       row("plan.txt", "sip:carolina@ims.example", "failed", 50ms),
                       row("map.png", "sip:bob@ims.example", "")}),
              ElementsAre("plan.txt:",                                       //
                          "  bob@ims.example       displayed  after 2.1 s",  //
                          "  carolina@ims.example  failed     after 0.0 s",  //
                          "map.png:",                                        //
                          "  bob@ims.example       no report"));
}

// Words of others.
TEST(DeliveryTable, is_printable) {
  EXPECT_THAT(text_of({row("a\x1B[2J", "sip:b\x1B@x", "delivered")}),
              testing::Each(testing::Not(testing::HasSubstr("\x1B"))));
}

TEST(DeliveryTable, has_a_line_of_json_for_each_recipient) {
  EXPECT_EQ(json_of(row("plan.txt", "sip:bob@ims.example", "delivered", 1'500ms)),
            R"({"event":"delivery","name":"plan.txt","id":"m-1","recipient":"sip:bob@ims.example",)"
            R"("state":"delivered","after_ms":1500})");
  EXPECT_EQ(
      json_of(row("", "sip:bob@ims.example", "")),
      R"({"event":"delivery","id":"m-1","recipient":"sip:bob@ims.example","state":"unknown"})");
}

}  // namespace
}  // namespace convene::apps
