#include <gtest/gtest.h>

#include "conference/conference_info.h"

namespace convene::conference {
namespace {

// RFC 4575 5, as in the flows.
TEST(ConferenceInfoPrinting, writes_what_changed) {
  const Endpoint left{
      .entity = "sip:alice@example.com",
      .status = Status::disconnected,
      .disconnection_method = DisconnectionMethod::departed,
      .disconnection_info = ExecutionInfo{.when = "2025-11-22T10:05:03Z",
                                          .reason = "SIP;cause=200;text=\"Call completed\""}};
  const User alice{.entity = "sip:alice@example.com", .state = State::full, .endpoints = {left}};
  const ConferenceInfo info{.entity = "sip:grp-8d21@cf.example.com",
                            .state = State::partial,
                            .version = 7,
                            .conference_state = ConferenceState{.user_count = 3},
                            .users = Users{.state = State::partial, .list = {alice}}};

  EXPECT_EQ(to_text(info),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
            "<conference-info xmlns=\"urn:ietf:params:xml:ns:conference-info\" "
            "entity=\"sip:grp-8d21@cf.example.com\" state=\"partial\" version=\"7\">\r\n"
            "<conference-state>\r\n"
            " <user-count>3</user-count>\r\n"
            "</conference-state>\r\n"
            "<users state=\"partial\">\r\n"
            " <user entity=\"sip:alice@example.com\" state=\"full\">\r\n"
            "  <endpoint entity=\"sip:alice@example.com\">\r\n"
            "   <status>disconnected</status>\r\n"
            "   <disconnection-method>departed</disconnection-method>\r\n"
            "   <disconnection-info><when>2025-11-22T10:05:03Z</when>"
            "<reason>SIP;cause=200;text=\"Call completed\"</reason></disconnection-info>\r\n"
            "  </endpoint>\r\n"
            " </user>\r\n"
            "</users>\r\n"
            "</conference-info>\r\n");
  EXPECT_EQ(parse_conference_info(to_text(info)), info);
}

// RFC 6501 4.6.5.3, RFC 7701 7.4: the nickname has a namespace of its own.
TEST(ConferenceInfoPrinting, declares_the_namespace_of_nicknames) {
  const ConferenceInfo info{
      .entity = "sip:g@a",
      .users = Users{.list = {{.entity = "sip:a@b", .nickname = "A \"the\" <b>"}}}};
  EXPECT_EQ(to_text(info),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
            "<conference-info xmlns=\"urn:ietf:params:xml:ns:conference-info\" "
            "xmlns:xcon=\"urn:ietf:params:xml:ns:xcon-conference-info\" entity=\"sip:g@a\" "
            "version=\"0\">\r\n"
            "<users>\r\n"
            " <user entity=\"sip:a@b\" xcon:nickname=\"A &quot;the&quot; &lt;b&gt;\"/>\r\n"
            "</users>\r\n"
            "</conference-info>\r\n");
  EXPECT_EQ(parse_conference_info(to_text(info)), info);
}

}  // namespace
}  // namespace convene::conference
