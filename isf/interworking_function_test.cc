#include "isf/interworking_function.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "cpm/capabilities.h"
#include "cpm/flow_messages.h"
#include "cpm/session_offer.h"

// CPM 6.5, R1.16, conversation 16: who is no CPM user is reached otherwise.
namespace convene::isf {
namespace {

using sip::Name;
using testing::HasSubstr;

struct InterworkingFunctionTest : testing::Test {
  InterworkingFunctionTest() {
    function.start({.sip = {.udp = {}, .tcp = sip::HostPort{"192.0.2.40", 5060}, .tls = {}},
                    .msrp = {"192.0.2.40", 9}});
  }
  // F10.2, towards this recipient.
  sip::Message invite(std::string_view to = "sip:frank@example.com") {
    auto message = cpm::flow("f10-2");
    message.remove(Name::route);
    message.set_uri(to);
    return message;
  }
  void receive(sip::Message message) {
    out = {};
    function.receive(
        std::move(message),
        {.transport = sip::Transport::tcp, .address = {"192.0.2.20", 5060}, .flow = {1}}, now, out);
  }
  sip::Message answer() {
    return out.sends.empty() ? sip::Message::response(699) : out.sends.back().message;
  }
  sip::Message in_dialog(std::string_view method, const sip::Message& ok, int cseq) {
    auto request = sip::Message::request(method, "sip:iwf-sms@192.0.2.40");
    request.add(Name::via, "SIP/2.0/TCP cf.example.com;branch=z9hG4bK" + std::string{method});
    request.add(Name::max_forwards, "70");
    request.copy(Name::from, ok);
    request.copy(Name::to, ok);
    request.copy(Name::call_id, ok);
    request.add(Name::cseq, std::to_string(cseq) + " " + std::string{method});
    return request;
  }

  SeededRandom random{3};
  KeptLog log;
  TimePoint now{};
  Calendar calendar{now, std::chrono::sys_days{std::chrono::year{2025} / 11 / 22}};
  InterworkingFunction function{{.routes = {{"sip:frank@", Service::sms}}, .max_sessions = 2},
                                {random, log, calendar}};
  Output out;
};

// F10.2: accepts as the participant would, says nothing about files, and connects after the ACK.
TEST_F(InterworkingFunctionTest, accepts_as_the_participant_would) {
  receive(invite());
  const auto ok = answer();
  ASSERT_EQ(ok.status(), 200);
  EXPECT_THAT(std::string{ok.header(Name::contact)}, HasSubstr("iwf-sms@192.0.2.40"));
  EXPECT_EQ(ok.header(Name::contribution_id), invite().header(Name::contribution_id));
  EXPECT_EQ(cpm::capabilities_of(ok).file_transfer, cpm::FileTransferSupport::not_indicated);
  EXPECT_TRUE(cpm::read_chat(ok));

  receive(in_dialog("ACK", ok, 1));
  ASSERT_FALSE(out.msrp.empty());
  EXPECT_EQ(std::get<msrp::Connect>(out.msrp.at(0)).host, "192.0.2.20");

  receive(in_dialog("BYE", ok, 2));
  EXPECT_EQ(answer().status(), 200);
  EXPECT_EQ(function.sessions(), 0U);
}

TEST_F(InterworkingFunctionTest, does_not_find_who_has_no_route) {
  receive(invite("sip:gina@example.com"));
  EXPECT_EQ(answer().status(), 404);
}

// Conversation 16
TEST_F(InterworkingFunctionTest, takes_no_files) {
  auto file = cpm::flow("f3-2");
  file.set_uri("sip:frank@example.com");
  receive(file);
  EXPECT_EQ(answer().status(), 488);
}

TEST_F(InterworkingFunctionTest, takes_so_many_sessions) {
  for (int i = 0; i < 3; ++i) {
    auto one = invite();
    one.set(Name::call_id, "call-" + std::to_string(i));
    one.set(Name::via, "SIP/2.0/TCP cf.example.com;branch=z9hG4bK" + std::to_string(i));
    receive(one);
    EXPECT_EQ(answer().status(), i < 2 ? 200 : 503);
  }
}

// Conversation 13: a message outside any session.
TEST_F(InterworkingFunctionTest, keeps_what_it_would_send_on) {
  auto message = cpm::flow("f3-15");
  message.set_uri("sip:frank@example.com");
  message.set_body("message/cpim",
                   "From: <sip:alice@example.com>\r\nTo: <sip:frank@example.com>\r\n\r\n"
                   "Content-Type: text/plain\r\n\r\nHello");
  receive(message);
  EXPECT_EQ(answer().status(), 200);
  ASSERT_EQ(function.delivered().size(), 1U);
  EXPECT_EQ(function.delivered().front(),
            (Delivered{Service::sms, "sip:frank@example.com", "sip:alice@example.com", "Hello"}));
}

}  // namespace
}  // namespace convene::isf
