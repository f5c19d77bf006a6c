#include "cpm/file_transfer_offer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "cpm/flow_messages.h"
#include "mime/multipart.h"

namespace convene::cpm {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view content_type_of_f3_1 = "multipart/mixed;boundary=b3ft";

// F3.1 with one text replaced in its body.
sip::Message changed(std::string_view from, std::string_view to) {
  const auto invite = flow("f3-1");
  std::string body{invite.body()};
  body.replace(body.find(from), from.size(), to);
  auto message = invite;
  message.set_body(content_type_of_f3_1, body);
  return message;
}

FileTransferOffer offer_of(const sip::Message& invite) {
  return read_file_transfer_offer(invite).value();
}

int status_of(const sip::Message& invite) {
  const auto offer = read_file_transfer_offer(invite);
  return offer ? 200 : offer.error().status;
}

// RFC 5547 8.1, F3.1
TEST(FileTransferOffer, says_what_is_pushed) {
  const auto offer = offer_of(flow("f3-1"));
  ASSERT_EQ(offer.files.size(), 1U);
  const auto& file = offer.files[0].value();
  EXPECT_FALSE(file.is_pull());
  EXPECT_EQ(file.file.selector.name, "plan.txt");
  EXPECT_EQ(file.file.selector.size, 65U);
  EXPECT_EQ(file.file.transfer_id, "vBnG916bdberum2fFEABR1FR3ExZMUrd");
  EXPECT_TRUE(file.icon);
  EXPECT_EQ(cpim::imdn_message_id(file.wrapper.value()), "f-9QmZt41kLw");
}

// Conversation 14.5: the same octets, but for the boundary.
TEST(FileTransferOffer, prints_as_the_flows_do) {
  for (const auto label : {"f3-1", "f3-2", "f3-3"}) {
    SeededRandom random{1};
    const auto message = flow(label);
    const auto offer = offer_of(message);
    auto written = sip::Message::request("INVITE", "sip:x@example.com");
    write_file_transfer_offer(
        written, offer, {.session_id = offer.description.origin.session_id, .version = 1}, random);

    auto expected = mime::leaves_of(message.header(sip::Name::content_type), message.body());
    auto parts = mime::leaves_of(written.header(sip::Name::content_type), written.body());
    EXPECT_EQ(parts.value(), expected.value()) << label;
  }
}

// R3.3, conversation 14.5: the line and the part.
TEST(FileTransferOffer, without_icon_and_wrapper_is_a_plain_description) {
  SeededRandom random{1};
  auto offer = offer_of(flow("f3-1"));
  remove_icons(offer);
  remove_wrappers(offer);
  auto invite = sip::Message::request("INVITE", "sip:x@example.com");
  write_file_transfer_offer(invite, offer, {.session_id = "1"}, random);

  EXPECT_EQ(invite.header(sip::Name::content_type), "application/sdp");
  EXPECT_THAT(std::string{invite.body()}, Not(HasSubstr("file-icon")));
}

// RFC 5547 8.8, G-17
TEST(FileTransferOffer, with_an_icon_alone_is_related) {
  SeededRandom random{1};
  auto offer = offer_of(flow("f3-1"));
  remove_wrappers(offer);
  auto invite = sip::Message::request("INVITE", "sip:x@example.com");
  write_file_transfer_offer(invite, offer, {.session_id = "1"}, random);

  EXPECT_THAT(std::string{invite.header(sip::Name::content_type)}, StartsWith("multipart/related"));
  EXPECT_TRUE(has_icon(offer_of(invite)));
}

// G-23: the icon goes, the file stays.
TEST(FileTransferOffer, drops_an_icon_that_nobody_should_get) {
  for (const auto& invite :
       {changed("image/png", "image/gif"),                     // another type
        changed("Content-ID: <icon-7d1@", "Content-ID: <x@"),  // nowhere
        changed("iVBORw0KGgo",
                to_base64(std::string(max_icon_octets + 1, 'x')) + "\r\niVBORw0KGgo")}) {
    const auto offer = offer_of(invite);
    EXPECT_FALSE(has_icon(offer));
    EXPECT_EQ(offer.files[0]->file.icon, "");
  }
}

// R4.1d.i
TEST(FileTransferOffer, needs_name_size_and_type) {
  EXPECT_EQ(status_of(changed("name:\"plan.txt\" ", "")), 488);
  EXPECT_EQ(status_of(changed(" size:65", "")), 488);
  EXPECT_EQ(status_of(changed(" type:text/plain", "")), 488);
}

TEST(FileTransferOffer, that_cannot_be_read_is_malformed) {
  EXPECT_EQ(status_of(changed("size:65", "size:many")), 400);
  EXPECT_EQ(status_of(changed("m=message 9", "m=message x")), 400);
}

TEST(FileTransferOffer, without_description_is_unsupported) {
  auto invite = flow("f3-1");
  invite.set_body("text/plain", "hello");
  EXPECT_EQ(status_of(invite), 415);
}

TEST(FileTransferOffer, without_a_file_is_not_acceptable) {
  auto invite = flow("f3-1");
  invite.set_body("application/sdp", std::string{flow("f1-5").body()});
  EXPECT_EQ(status_of(invite), 488);
}

// Conversation 14.7, F9.1
TEST(FileTransferOffer, may_have_several_files) {
  EXPECT_EQ(offer_of(flow("f9-1")).files.size(), 2U);
}

// RFC 5547 8.2, G-30
TEST(FileTransferOffer, of_a_pull_is_known_by_its_direction) {
  auto invite = flow("f3-3");
  std::string body{invite.body()};
  body.replace(body.find("a=sendonly"), 10, "a=recvonly");
  invite.set_body("application/sdp", body);
  EXPECT_TRUE(offer_of(invite).files[0]->is_pull());
}

// RFC 5547 8.3.1: F3.7
TEST(FileTransferAnswer, prints_as_the_flows_do) {
  const auto offer = offer_of(flow("f3-1"));
  const auto expected = flow("f3-7");
  const auto description = sdp::parse_session_description(expected.body()).value();
  auto ours = read_msrp_media(description, description.media[0]).value();

  const auto answer =
      answer_files(offer, {.session_id = "6101"}, {answer_for(offer.files[0].value(), ours)});

  EXPECT_EQ(sdp::to_text(answer), expected.body());
}

TEST(FileTransferAnswer, refuses_with_port_zero_and_the_same_id) {
  const auto offer = offer_of(flow("f9-1"));
  const auto answer = answer_files(offer, {.session_id = "1"},
                                   {answer_for(offer.files[0].value(), offer.files[0]->media), {}});
  ASSERT_EQ(answer.media.size(), 2U);
  EXPECT_NE(answer.media[0].port, 0);
  EXPECT_EQ(answer.media[1].port, 0);
  EXPECT_EQ(answer.media[1].attributes.value("file-transfer-id"),
            offer.description.media[1].attributes.value("file-transfer-id"));
}

TEST(FileTransferAnswer, is_read_against_the_offer) {
  const auto offered = offer_of(flow("f3-2")).files;
  const auto answers = read_file_transfer_answer(flow("f3-5"), offered).value();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]->media.max_size, 10'485'760U);
  EXPECT_EQ(answers[0]->media.direction, sdp::Direction::recvonly);
}

TEST(FileTransferAnswer, about_another_file_is_not_acceptable) {
  const auto offered = offer_of(flow("f3-3")).files;
  EXPECT_EQ(read_file_transfer_answer(flow("f3-5"), offered).error().status, 488);
}

TEST(FileTransferAnswer, that_refuses_the_only_file_is_not_acceptable) {
  auto answer = flow("f3-5");
  std::string body{answer.body()};
  body.replace(body.find("m=message 9"), 11, "m=message 0");
  answer.set_body("application/sdp", body);
  EXPECT_EQ(read_file_transfer_answer(answer, offer_of(flow("f3-2")).files).error().status, 488);
}

// Conversation 14.6: F3.1
TEST(FileWrapper, is_that_of_the_flows) {
  const auto wrapper = offer_of(flow("f3-1")).files[0]->wrapper.value();
  const auto written =
      file_wrapper("f-9QmZt41kLw", "2025-11-22T10:05:00Z",
                   {.positive_delivery = true, .negative_delivery = true}, "text/plain");
  EXPECT_EQ(cpim::from_of(written), cpim::from_of(wrapper));
  EXPECT_EQ(cpim::disposition_notification(written), cpim::disposition_notification(wrapper));
  EXPECT_EQ(written.body, "");
}

// Conversation 14.3, G-18
TEST(FileForm, is_raw_when_the_type_is_listed) {
  EXPECT_EQ(file_form({"message/cpim", "text/plain"}, "text/plain"), FileForm::raw);
  EXPECT_EQ(file_form({"*"}, "image/png"), FileForm::raw);
  EXPECT_EQ(file_form({"message/cpim"}, "image/png"), FileForm::cpim);
  EXPECT_FALSE(file_form({"text/html"}, "image/png"));
}

// RFC 5547 9.1
TEST(FilePrefix, parses_as_a_cpim_message_with_an_empty_content) {
  const auto prefix = file_prefix({.display = "Alice", .uri = "sip:alice@example.com"},
                                  {.uri = "sip:bob@example.com"},
                                  {.name = "a \"b\".png", .size = 7, .type = "image/png"});
  EXPECT_THAT(prefix, testing::EndsWith("\r\n\r\n"));
  const auto message = cpim::parse_message(prefix + "content").value();
  EXPECT_EQ(message.body, "content");
  EXPECT_EQ(cpim::content_type_of(message), "image/png");
}

TEST(TransferId, is_new_each_time) {
  SeededRandom random{1};
  EXPECT_EQ(new_transfer_id(random).size(), 32U);
  EXPECT_NE(new_transfer_id(random), new_transfer_id(random));
}

}  // namespace
}  // namespace convene::cpm
