#include "cpm/standalone_message.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "cpm/session_offer.h"

namespace convene::cpm {
namespace {

constexpr std::string_view cpim =
    "From: <sip:alice@example.com>\r\n\r\nContent-Type: text/plain\r\n\r\nHello";

sip::Message message(std::string_view type, std::string_view body) {
  auto request = sip::Message::request("MESSAGE", "sip:bob@example.com");
  request.set_body(type, body);
  return request;
}

// Conversation 13
TEST(PagerContent, is_the_whole_body_or_a_part_of_it) {
  const auto alone = read_pager_content(message("message/cpim", cpim));
  ASSERT_TRUE(alone) << alone.error().detail;
  EXPECT_EQ(alone->message.body, "Hello");
  EXPECT_EQ(alone->octets, cpim.size());

  auto request = message("text/plain", "");
  SeededRandom random{1};
  set_parts(request, {cpim_part(alone->message), recipient_list_part("<resource-lists/>")}, random);
  const auto among_others = read_pager_content(request);
  ASSERT_TRUE(among_others) << among_others.error().detail;
  EXPECT_EQ(among_others->message, alone->message);
}

// Conversation 17
TEST(PagerContent, is_cpim_that_can_be_read) {
  EXPECT_EQ(read_pager_content(message("text/plain", "Hello")).error().status, 415);
  EXPECT_EQ(read_pager_content(message("message/cpim", "From: <<")).error().status, 400);
}

// RFC 5364 5
TEST(RecipientHistory, is_told_from_a_recipient_list) {
  auto request = message("text/plain", "");
  SeededRandom random{1};
  set_parts(request, {recipient_list_part("<one/>"), recipient_history_part("<two/>")}, random);
  EXPECT_EQ(recipient_history_of(request), "<two/>");
  EXPECT_EQ(recipient_list_of(request), "<one/>");
}

}  // namespace
}  // namespace convene::cpm
