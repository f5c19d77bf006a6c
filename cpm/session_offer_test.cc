#include "cpm/session_offer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cpm/flow_messages.h"
#include "mime/multipart.h"

namespace convene::cpm {
namespace {

using testing::ElementsAre;

// An INVITE with this one m-line and these lines under it.
sip::Message offer(std::string_view media_lines) {
  auto invite = sip::Message::request("INVITE", "sip:x@example.com");
  invite.set_body("application/sdp",
                  "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" +
                      std::string{media_lines});
  return invite;
}

std::string line_of_alice(std::string_view more = {}) {
  return "m=message 2855 TCP/MSRP *\r\na=accept-types:message/cpim\r\n"
         "a=path:msrp://192.0.2.1:2855/a1;tcp\r\n" +
         std::string{more};
}

// F1.2: inside a multipart with the recipient list.
TEST(Chat, is_read_from_a_multipart) {
  const auto chat = read_chat(flow("f1-2")).value();
  EXPECT_EQ(chat.media.host, "198.51.100.11");
  EXPECT_EQ(chat.media.port, 9);
  EXPECT_EQ(chat.media.setup, sdp::Setup::active);
  EXPECT_EQ(msrp::to_text(chat.media.path), "msrp://198.51.100.11:9/al01;tcp");
  EXPECT_THAT(chat.media.accept_wrapped_types,
              ElementsAre("text/plain", "message/imdn+xml", "application/im-iscomposing+xml"));
  EXPECT_FALSE(chat.media.chatroom);
}

// RFC 7701 8: F1.3
TEST(Chat, knows_the_room) {
  EXPECT_THAT(read_chat(flow("f1-3")).value().media.chatroom.value(), ElementsAre("nickname"));
}

TEST(Chat, prints_as_the_flows_do) {
  for (const auto label : {"f1-3", "f1-5", "f1-6"}) {
    const auto message = flow(label);
    const auto chat = read_chat(message).value();
    const auto& origin = chat.description.origin;
    EXPECT_EQ(sdp::to_text(describe({.session_id = origin.session_id, .version = origin.version},
                                    chat.media.host, {chat_line(chat.media)})),
              message.body())
        << label;
  }
}

// RFC 6135 4.4, G-21
TEST(Chat, ignores_connection) {
  EXPECT_TRUE(read_chat(offer(line_of_alice("a=connection:new\r\n"))));
}

// RFC 6714 4.3
TEST(Chat, is_refused_when_its_address_is_not_its_path_s) {
  auto line = line_of_alice("a=setup:actpass\r\n");
  line.replace(line.find("192.0.2.1"), 9, "10.9.9.99");
  EXPECT_EQ(read_chat(offer(line)).error().status, 488);
  EXPECT_TRUE(read_chat(offer(line), AddressRule::may_differ));  // G-22
  EXPECT_TRUE(read_chat(offer(line + "a=msrp-cema\r\n")));
}

TEST(Chat, of_an_active_peer_may_say_any_address) {
  auto line = line_of_alice("a=setup:active\r\n");
  line.replace(line.find("192.0.2.1"), 9, "10.9.9.99");
  EXPECT_TRUE(read_chat(offer(line)));
}

// RFC 6714 4.2
TEST(ConnectTarget, is_the_description_s_address_when_both_know_cema) {
  auto line = line_of_alice("a=msrp-cema\r\n");
  line.replace(line.find("192.0.2.1"), 9, "10.9.9.99");
  const auto media = read_chat(offer(line)).value().media;
  EXPECT_EQ(connect_target(media, true).first, "192.0.2.1");
  EXPECT_EQ(connect_target(media, false).first, "10.9.9.99");
}

TEST(Chat, needs_cpim) {
  auto line = line_of_alice();
  line.replace(line.find("message/cpim"), 12, "text/plain  ");
  const auto refusal = read_chat(offer(line)).error();
  EXPECT_EQ(refusal.status, 488);
  EXPECT_EQ(refusal.warning_code, 305);
}

TEST(Chat, needs_msrp) {
  EXPECT_EQ(read_chat(offer("m=audio 4000 RTP/AVP 0\r\n")).error().status, 488);
  EXPECT_EQ(read_chat(offer("m=message 0 TCP/MSRP *\r\n")).error().status, 488);
  EXPECT_EQ(read_chat(offer("m=message 9 TCP/MSRP *\r\n")).error().status, 488);
  EXPECT_EQ(read_chat(offer("")).error().status, 488);
}

TEST(Chat, without_description_is_unsupported) {
  auto invite = offer("");
  invite.set_body("text/plain", "hello");
  EXPECT_EQ(read_chat(invite).error().status, 415);
}

TEST(Chat, with_a_broken_description_is_malformed) {
  auto invite = offer("");
  invite.set_body("application/sdp", "hello");
  EXPECT_EQ(read_chat(invite).error().status, 400);
}

// RFC 3264 6
TEST(Answer, refuses_every_other_line) {
  const auto chat =
      read_chat(offer("m=audio 4000 RTP/AVP 0\r\n" + line_of_alice("a=setup:active\r\n"))).value();
  EXPECT_EQ(chat.index, 1U);
  auto ours = chat.media;
  ours.setup = setup_for_answer(chat.media.setup);
  const auto answer = answer_chat(chat, {.session_id = "7"}, ours);
  ASSERT_EQ(answer.media.size(), 2U);
  EXPECT_EQ(answer.media[0].kind, "audio");
  EXPECT_EQ(answer.media[0].port, 0);
  EXPECT_EQ(answer.media[1].port, 2855);
  EXPECT_EQ(sdp::setup_of(answer.media[1]), sdp::Setup::passive);
}

// RFC 6135 4.2
TEST(Setup, is_agreed) {
  EXPECT_EQ(setup_for_answer(sdp::Setup::actpass), sdp::Setup::passive);
  EXPECT_EQ(setup_for_answer(sdp::Setup::passive), sdp::Setup::active);
  EXPECT_EQ(setup_for_answer(std::nullopt), sdp::Setup::passive);
  EXPECT_FALSE(setup_for_answer(sdp::Setup::holdconn));

  EXPECT_EQ(setup_after_answer(sdp::Setup::actpass, sdp::Setup::active), msrp::Setup::passive);
  EXPECT_EQ(setup_after_answer(sdp::Setup::actpass, sdp::Setup::passive), msrp::Setup::active);
  EXPECT_EQ(setup_after_answer(sdp::Setup::actpass, std::nullopt), msrp::Setup::active);
  EXPECT_FALSE(setup_after_answer(sdp::Setup::active, sdp::Setup::active));
  EXPECT_FALSE(setup_after_answer(sdp::Setup::actpass, sdp::Setup::holdconn));
}

TEST(CommonTypes, are_in_the_peer_s_order) {
  EXPECT_THAT(
      common_types({"text/plain", "image/png", "message/imdn+xml"}, {"message/imdn+xml", "text/*"}),
      ElementsAre("text/plain", "message/imdn+xml"));
  EXPECT_THAT(common_types({"text/plain", "image/png"}, {"*"}),
              ElementsAre("text/plain", "image/png"));
}

// RFC 5366 3
TEST(RecipientList, is_found_by_its_disposition) {
  EXPECT_TRUE(recipient_list_of(flow("f1-2")).value().contains("sip:erin@example.com"));
  EXPECT_FALSE(recipient_list_of(flow("f1-5")));
}

TEST(Parts, become_a_multipart_only_when_there_are_several) {
  SeededRandom random{1};
  auto invite = offer("");
  const auto description = description_of(flow("f1-5")).value();

  set_parts(invite, {sdp_part(description)}, random);
  EXPECT_EQ(invite.header(sip::Name::content_type), "application/sdp");

  set_parts(invite, {sdp_part(description), recipient_list_part("<list/>")}, random);
  EXPECT_THAT(invite.header(sip::Name::content_type), testing::StartsWith("multipart/mixed"));
  EXPECT_EQ(description_of(invite).value(), description);
  EXPECT_EQ(recipient_list_of(invite), "<list/>");
}

}  // namespace
}  // namespace convene::cpm
