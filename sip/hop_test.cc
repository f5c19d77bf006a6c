#include "sip/hop.h"

#include <gtest/gtest.h>

namespace convene::sip {
namespace {

Result<Destination> to(std::string_view uri) { return destination_of(parse_uri(uri).value()); }

Destination expected(Transport transport, std::string host, std::uint16_t port) {
  return {.transport = transport, .address = {.host = std::move(host), .port = port}, .flow = {}};
}

TEST(DestinationOf, is_udp_when_nothing_says_otherwise) {
  EXPECT_EQ(to("sip:alice@example.com"), expected(Transport::udp, "example.com", 0));
  EXPECT_EQ(to("sip:192.0.2.1:5070;transport=udp"), expected(Transport::udp, "192.0.2.1", 5070));
}

TEST(DestinationOf, follows_the_transport_parameter) {
  EXPECT_EQ(to("sip:a@b;transport=TCP"), expected(Transport::tcp, "b", 0));
  EXPECT_EQ(to("sip:a@b;transport=tls"), expected(Transport::tls, "b", 0));
}

// RFC 3261 26.2.2
TEST(DestinationOf, is_tls_for_sips) {
  EXPECT_EQ(to("sips:a@b"), expected(Transport::tls, "b", 0));
  EXPECT_EQ(to("sips:a@b:5070;transport=tcp"), expected(Transport::tls, "b", 5070));
  EXPECT_EQ(to("sips:a@b;transport=udp").error().fault, Fault::unsupported);
}

// RFC 3261 19.1.1
TEST(DestinationOf, prefers_maddr_to_the_host) {
  EXPECT_EQ(to("sip:a@b:5070;maddr=192.0.2.9"), expected(Transport::udp, "192.0.2.9", 5070));
  EXPECT_EQ(to("sip:a@b;maddr=[::1]"), expected(Transport::udp, "::1", 0));
}

TEST(DestinationOf, is_nowhere_for_other_schemes_and_transports) {
  EXPECT_EQ(to("tel:+1201").error().fault, Fault::unsupported);
  EXPECT_EQ(to("urn:service:sos").error().fault, Fault::unsupported);
  EXPECT_EQ(to("sip:a@b;transport=sctp").error().fault, Fault::unsupported);
}

// RFC 3581 4
TEST(ResponseDestination, is_where_the_request_came_from) {
  const Source source{.transport = Transport::tcp,
                      .address = {"192.0.2.1", 40'000},
                      .flow = {7},
                      .is_trusted = true};

  EXPECT_EQ(response_destination(source),
            (Destination{
                .transport = Transport::tcp, .address = {"192.0.2.1", 40'000}, .flow = Flow{7}}));
}

TEST(Transport, has_the_name_that_via_writes) {
  EXPECT_EQ(text_of(Transport::udp), "UDP");
  EXPECT_EQ(text_of(Transport::tcp), "TCP");
  EXPECT_EQ(text_of(Transport::tls), "TLS");
}

}  // namespace
}  // namespace convene::sip
