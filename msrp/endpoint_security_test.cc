#include <gmock/gmock.h>

#include "msrp/test_pair.h"

namespace convene::msrp {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view of_one = "the certificate of one";
constexpr std::string_view of_two = "the certificate of two";

// A session between two over TLS, each with the fingerprint that the other's SDP said.
struct EndpointSecurity : testing::Test {
  EndpointSecurity() {
    pair.one.certificate = of_one;
    pair.two.certificate = of_two;
  }
  static auto secure(std::string_view certificate) {
    return [certificate](SessionSettings& settings) {
      settings.local.is_secure = true;
      for (auto& hop : settings.remote) hop.is_secure = true;
      if (!certificate.empty()) settings.fingerprints = {fingerprint_of(certificate)};
    };
  }
  void open() { pair.open(secure(of_two), secure(of_one)); }

  Pair pair;
};

// RFC 4975 14.4, RFC 8122 6.2
TEST_F(EndpointSecurity, binds_two_whose_certificates_are_those_of_the_sdp) {
  open();

  EXPECT_THAT(pair.pipe.connects, ElementsAre(Field(&Connect::security, Security::certificate)));
  EXPECT_TRUE(pair.one.endpoint.is_bound(pair.at_one));
  EXPECT_TRUE(pair.two.endpoint.is_bound(pair.at_two));
}

// RFC 8122 6.2
TEST_F(EndpointSecurity, refuses_whom_it_connects_to_for_another_certificate) {
  pair.two.certificate = "another";

  open();

  EXPECT_THAT(pair.one.all<SessionFailed>(), SizeIs(1));
  EXPECT_THAT(pair.one.log.text(), HasSubstr("its certificate is not the one that its SDP names"));
  EXPECT_EQ(pair.one.endpoint.connections(), 0);
  EXPECT_FALSE(pair.two.endpoint.is_bound(pair.at_two));
  EXPECT_EQ(pair.pipe.link().ends[1].seen, "") << "nothing is said to a stranger";
}

// RFC 8122 6.2
TEST_F(EndpointSecurity, refuses_who_connects_with_another_certificate) {
  pair.one.certificate = "another";

  open();

  EXPECT_THAT(pair.two.all<SessionFailed>(), SizeIs(1));
  EXPECT_THAT(pair.two.all<Bound>(), IsEmpty());
  EXPECT_THAT(pair.two.log.text(), HasSubstr("its certificate is not the one that its SDP names"));
  EXPECT_EQ(pair.two.endpoint.connections(), 0);
}

// RFC 8122 6.2: both sides show one.
TEST_F(EndpointSecurity, refuses_who_shows_no_certificate) {
  pair.one.certificate = "";

  open();

  EXPECT_THAT(pair.two.log.text(), HasSubstr("it shows no certificate"));
  EXPECT_FALSE(pair.two.endpoint.is_bound(pair.at_two));
}

// RFC 4975 14.4
TEST_F(EndpointSecurity, takes_no_session_that_it_could_not_know_the_peer_of) {
  pair.open(secure(of_two), secure(""));

  EXPECT_THAT(pair.two.log.text(), HasSubstr("no fingerprint"));
  EXPECT_FALSE(pair.two.endpoint.is_bound(pair.at_two));
}

// RFC 4975 6, 14.4: a session is of one scheme on each hop.
TEST_F(EndpointSecurity, never_mixes_the_schemes_on_one_hop) {
  pair.open([](SessionSettings& settings) { settings.local.is_secure = true; });

  EXPECT_THAT(pair.one.all<SessionFailed>(),
              ElementsAre(Field(&SessionFailed::reason, "msrp: and msrps: on one hop")));
  EXPECT_THAT(pair.pipe.connects, IsEmpty());
}

// RFC 4975 14.4: who knows the ids is no peer without the TLS that was agreed on.
TEST_F(EndpointSecurity, refuses_a_plain_connection_for_a_session_over_tls) {
  pair.open(secure(of_two), secure(of_one));
  Side third{3};
  pair.pipe.add("three.example", third);
  auto waiting = Pair::settings("two", "one", Setup::passive);
  waiting.local.session_id = "2nd";
  secure(of_one)(waiting);
  const auto key = pair.pipe.call(pair.two, [&](Endpoint& endpoint, TimePoint now, Output& out) {
    return endpoint.open(waiting, now, out);
  });

  auto& link = pair.pipe.knock(pair.two);
  pair.pipe.say(link,
                "MSRP abcd SEND\r\nTo-Path: msrps://two.example:2855/2nd;tcp\r\n"
                "From-Path: msrps://one.example:2855/one;tcp\r\nMessage-ID: 1\r\n"
                "Byte-Range: 1-0/0\r\n-------abcd$\r\n");

  EXPECT_FALSE(pair.two.endpoint.is_bound(key));
  EXPECT_THAT(pair.two.log.text(), HasSubstr("no TLS for an msrps: session"));
  EXPECT_EQ(pair.pipe.heard(link), "");
  EXPECT_TRUE(pair.two.endpoint.is_bound(pair.at_two)) << "the others go on";
}

// RFC 4976 6.1, 8: what we connect to is the peer's relay; it has a name, and no fingerprint in the
// SDP.
TEST_F(EndpointSecurity, asks_a_relay_for_its_name) {
  auto active = Pair::settings("one", "two", Setup::active);
  active.remote.insert(active.remote.begin(), Pair::uri("relay.example", "r"));
  secure(of_two)(active);

  pair.pipe.call(pair.one, [&](Endpoint& endpoint, TimePoint now, Output& out) {
    return endpoint.open(active, now, out);
  });

  EXPECT_THAT(pair.pipe.connects, ElementsAre(Field(&Connect::security, Security::name)));
}

// RFC 4976 6.1: so does ours.
TEST_F(EndpointSecurity, asks_its_own_relay_for_its_name) {
  RelaySettings settings;
  settings.relay = parse_uri("msrps://relay.example:2855;tcp").value();

  pair.pipe.call(pair.one, [&](Endpoint& endpoint, TimePoint now, Output& out) {
    endpoint.register_at_relay(settings, Pair::uri("one.example", "own"), now, out);
  });

  EXPECT_THAT(pair.pipe.connects, ElementsAre(Field(&Connect::security, Security::name)));
}

}  // namespace
}  // namespace convene::msrp
