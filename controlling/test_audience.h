#pragma once
// For tests: large messages and files to a list, in no session.

#include <gtest/gtest.h>

#include <string>

#include "controlling/test_standalone.h"
#include "cpm/service.h"

namespace convene::controlling {

inline std::string message_sdp(const std::string& direction, const std::string& session) {
  return "v=0\r\no=- 1 1 IN IP4 198.51.100.11\r\ns=-\r\nc=IN IP4 198.51.100.11\r\nt=0 0\r\n"
         "m=message 9 TCP/MSRP *\r\na=" +
         direction +
         "\r\na=accept-types:message/cpim\r\na=accept-wrapped-types:*\r\na=setup:active\r\n"
         "a=path:msrp://198.51.100.11:9/" +
         session + ";tcp\r\n";
}

// A large message of alice's to bob (to) and carol (bcc).
struct LargeMessageToList : testing::Test {
  explicit LargeMessageToList(Policy policy = {}) : stage{std::move(policy)} {}
  sip::Message offer(const std::string& entries = to_bob_and_carol) {
    auto invite = stage.fresh("f3-1", factory_uri);
    constexpr std::string_view tag =
        "+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\"";
    invite.set(sip::Name::accept_contact, "*;" + std::string{tag});
    invite.set(sip::Name::contact,
               "<sip:alice@198.51.100.11:5060;transport=tcp>;" + std::string{tag});
    invite.set(sip::Name::p_asserted_service, cpm::icsi::large_message);
    invite.add(sip::Name::require, "recipient-list-invite");
    invite.set_body("application/sdp", message_sdp("sendonly", "alicemsg"));
    if (!entries.empty()) {
      cpm::add_part(invite, cpm::recipient_list_part(list_of(entries)), stage.random);
    }
    return invite;
  }
  void accept(const std::string& name) {
    const auto invite = stage.request("INVITE", "sip:" + name).value();
    auto accepted = sip::Message::response(200);
    accepted.add(sip::Name::contact, "<sip:" + name + "@198.51.100.12:5060;transport=tcp>");
    accepted.set_body("application/sdp", message_sdp("recvonly", name + "msg"));
    stage.answer(invite, accepted);
    EXPECT_TRUE(stage.request("ACK")) << name;
    stage.connect(name, sdp_of(invite), std::string{accepted.body()});
  }
  void begin() {
    const auto invite = offer();
    stage.receive(invite);
    accept("bob");
    ok = stage.response("INVITE").value();
    ASSERT_EQ(ok.status(), 200);
    stage.acknowledge(ok);
    stage.connect("alice", sdp_of(ok), sdp_of(invite));
  }
  int status_of(const sip::Message& invite) {
    stage.receive(invite);
    return stage.status("INVITE");
  }
  std::string leftovers() {
    const auto all = stage.focus.snapshot();
    return std::to_string(all.transfers.size()) + " " + std::to_string(all.bodies) + " " +
           std::to_string(all.msrp_sessions);
  }
  Stage stage;
  sip::Message ok = sip::Message::response(200);
};

// R3.0: a file differs only in its SDP.
struct FileToList : LargeMessageToList {
  using LargeMessageToList::LargeMessageToList;
  sip::Message file() {
    auto invite = stage.fresh("f3-1", factory_uri);
    cpm::add_part(invite, cpm::recipient_list_part(list_of(to_bob_and_carol)), stage.random);
    return invite;
  }
};

}  // namespace convene::controlling
