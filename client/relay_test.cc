// A client behind an MSRP relay: RFC 4976 5.
#include "client/test_client.h"

namespace convene::client {
namespace {

using testing::HasSubstr;

constexpr std::string_view relay_uri = "msrp://relay.example.com:2855/r1;tcp";

struct RelayTest : ClientTest {
  void be_behind_relay() {
    auto settings = alice();
    settings.relay =
        msrp::RelaySettings{.relay = msrp::parse_uri("msrp://relay.example.com:2855;tcp").value(),
                            .user = "alice",
                            .password = "secret"};
    be(std::move(settings), "198.51.100.11");
    link = connect();
  }
  // Answers the AUTH that was written last.
  void answer_auth(const std::string& status, const std::string& headers) {
    const auto auth = written(link);
    ASSERT_THAT(auth, HasSubstr(" AUTH\r\nTo-Path: msrp://relay.example.com:2855;tcp\r\n"));
    auto rest = std::string_view{auth};
    const auto id = std::string{split(take_line(rest), ' ')[1]};
    take_line(rest);
    const auto own = std::string{take_line(rest).substr(sizeof "From-Path:")};
    says(link, "MSRP " + id + " " + status + "\r\nTo-Path: " + own +
                   "\r\nFrom-Path: msrp://relay.example.com:2855;tcp\r\n" + headers + "-------" +
                   id + "$\r\n");
  }
  void be_ready() {
    be_behind_relay();
    answer_auth("401 Unauthorized", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n");
    answer_auth("200 OK", "Use-Path: " + std::string{relay_uri} + "\r\nExpires: 900\r\n");
  }

  msrp::ConnectionId link;
};

TEST_F(RelayTest, registers_once_the_relay_acts_for_it) {
  be_behind_relay();
  client->register_user(now, out);
  EXPECT_TRUE(is_silent());
  answer_auth("401 Unauthorized", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n");
  EXPECT_TRUE(is_silent());
  answer_auth("200 OK", "Use-Path: " + std::string{relay_uri} + "\r\nExpires: 900\r\n");
  EXPECT_EQ(sent().method(), "REGISTER");
}

// RFC 4976 5.2
TEST_F(RelayTest, is_found_and_speaks_through_the_relay) {
  be_ready();
  alice_in_group();
  EXPECT_THAT(std::string{invite.body()},
              HasSubstr("a=path:" + std::string{relay_uri} + " msrp://198.51.100.11:9/"));
  EXPECT_THAT(std::string{invite.body()}, HasSubstr("m=message 2855 TCP/MSRP *\r\n"));
  EXPECT_FALSE(connecting());
  EXPECT_THAT(written(link), HasSubstr(" SEND\r\nTo-Path: " + std::string{relay_uri} + " msrp://"));
}

TEST_F(RelayTest, tells_that_the_relay_refuses_it) {
  be_behind_relay();
  answer_auth("403 Forbidden", "");
  EXPECT_EQ(event<RelayLost>(), (RelayLost{403, "Forbidden"}));
  out.msrp.clear();
  wait(2h);
  EXPECT_FALSE(connecting());
}

TEST_F(RelayTest, comes_back_to_a_relay_that_went_away) {
  be_ready();
  client->msrp_closed(link, now, out);
  EXPECT_EQ(event<RelayLost>(), (RelayLost{0, "connection lost"}));
  const auto refused = client->create_group({.subject = "", .members = {"sip:b@x"}}, now, out);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().detail, "our MSRP relay is not there");

  out.msrp.clear();
  wait(30s);
  link = connect();
  EXPECT_THAT(written(link), HasSubstr(" AUTH\r\n"));
}

}  // namespace
}  // namespace convene::client
