#include "cpm/large_message_offer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "cpm/session_offer.h"

namespace convene::cpm {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view line =
    "m=message 9 TCP/MSRP *\r\na=sendonly\r\na=accept-types:message/cpim\r\n"
    "a=accept-wrapped-types:*\r\na=setup:active\r\n"
    "a=path:msrp://198.51.100.11:9/abc;tcp\r\n";

sip::Message invite(std::string_view lines) {
  auto request = sip::Message::request("INVITE", "sip:bob@example.com");
  request.set_body("application/sdp",
                   "v=0\r\no=- 1 1 IN IP4 198.51.100.11\r\ns=-\r\nc=IN IP4 198.51.100.11\r\n"
                   "t=0 0\r\n" +
                       std::string{lines});
  return request;
}

std::string with(std::string_view what, std::string_view instead) {
  std::string text{line};
  text.replace(text.find(what), what.size(), instead);
  return text;
}

int status_of(std::string_view lines) {
  const auto offer = read_large_message_offer(invite(lines));
  return offer ? 200 : offer.error().status;
}

// Conversation 13
TEST(LargeMessageOffer, is_an_m_line_that_sends_cpim) {
  const auto offer = read_large_message_offer(invite(line));
  ASSERT_TRUE(offer) << offer.error().detail;
  ASSERT_TRUE(offer->files.at(0));
  EXPECT_TRUE(is_large_message(*offer->files.at(0)));
  EXPECT_EQ(status_of(with("sendonly", "sendrecv")), 200);
}

// Conversation 17
TEST(LargeMessageOffer, is_refused_when_no_line_can_carry_it) {
  EXPECT_EQ(status_of(""), 488);
  EXPECT_EQ(status_of(with("sendonly", "recvonly")), 488);
  EXPECT_EQ(status_of(with("message/cpim", "text/plain")), 488);
  EXPECT_EQ(status_of(with("message 9", "message 0")), 488);
  auto none = invite(line);
  none.set_body("text/plain", "x");
  EXPECT_EQ(read_large_message_offer(none).error().status, 415);
}

TEST(LargeMessageOffer, of_several_lines_is_the_first_that_can) {
  const auto offer = read_large_message_offer(
      invite(with("sendonly", "recvonly") + std::string{line} + std::string{line}));
  ASSERT_TRUE(offer);
  EXPECT_FALSE(offer->files.at(0));
  EXPECT_TRUE(offer->files.at(1));
  EXPECT_FALSE(offer->files.at(2));
}

// CPM 9.3: a file transfer whose SDP says nothing of a file.
TEST(LargeMessageOffer, is_offered_and_answered_without_a_file) {
  const auto received = read_large_message_offer(invite(line)).value();
  const auto ours =
      large_message_line(received.files.front()->media, sdp::Direction::sendonly, {"*"});
  auto request = sip::Message::request("INVITE", "sip:carol@example.com");
  SeededRandom random{1};
  write_file_transfer_offer(request, {.description = {}, .files = {ours}}, {"7"}, random);
  EXPECT_THAT(std::string{request.body()}, Not(HasSubstr("file-")));

  auto response = sip::Message::response(200);
  response.set_body("application/sdp",
                    sdp::to_text(answer_files(received, {"8"},
                                              {answer_for(*received.files.front(), ours.media)})));
  EXPECT_THAT(std::string{response.body()}, HasSubstr("a=recvonly"));
  EXPECT_THAT(std::string{response.body()}, Not(HasSubstr("file-")));
  EXPECT_TRUE(read_file_transfer_answer(response, {ours}));
}

}  // namespace
}  // namespace convene::cpm
