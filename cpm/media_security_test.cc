#include "cpm/media_security.h"

#include <gmock/gmock.h>

namespace convene::cpm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const msrp::SecureAddress ours{
    .host = "192.0.2.1", .port = 2856, .fingerprint = fingerprint_of("ours")};
constexpr SecurityTerms takes_both{
    .policy = MediaSecurity::accept, .speaks = true, .listens = true};

MsrpMedia line_of_peer(bool is_secure, sdp::Setup setup = sdp::Setup::active) {
  MsrpMedia media;
  media.host = "192.0.2.2";
  media.path = {msrp::parse_uri("msrp://192.0.2.2:9/theirs;tcp").value()};
  media.setup = setup;
  if (is_secure)
    make_secure(media, {.host = "192.0.2.2", .port = 9, .fingerprint = fingerprint_of("theirs")});
  return media;
}

Granted<MsrpMedia> read_line(std::string_view lines) {
  const auto session = sdp::parse_session_description(
      "v=0\r\no=- 1 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n" +
      std::string{lines});
  return read_msrp_media(*session, session->media.front());
}

// RFC 4975 8.1, RFC 8122 5
TEST(MediaSecurity, is_said_in_the_line_its_path_and_its_fingerprint) {
  MsrpMedia media;
  media.path = {msrp::parse_uri("msrp://somewhere:1/own;tcp").value()};
  make_secure(media, ours);

  const auto session = describe({.session_id = "1"}, "192.0.2.1", {chat_line(media)});
  const auto text = sdp::to_text(session);
  EXPECT_THAT(text, HasSubstr("m=message 2856 TCP/TLS/MSRP *\r\n"));
  EXPECT_THAT(text, HasSubstr("a=path:msrps://192.0.2.1:2856/own;tcp\r\n"));
  EXPECT_THAT(text, HasSubstr("a=fingerprint:sha-256 "));

  const auto again = read_msrp_media(session, session.media.front());
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->is_secure);
  EXPECT_THAT(again->fingerprints, ElementsAre(ours.fingerprint));
}

// RFC 4975 6, 8.1: what the line says is what its path says.
TEST(MediaSecurity, is_refused_when_line_and_path_disagree) {
  EXPECT_EQ(read_line("m=message 9 TCP/TLS/MSRP *\r\na=setup:active\r\na=fingerprint:sha-256 01\r\n"
                      "a=path:msrp://192.0.2.2:9/x;tcp\r\n")
                .error()
                .status,
            488);
  EXPECT_EQ(
      read_line("m=message 9 TCP/MSRP *\r\na=setup:active\r\na=path:msrps://192.0.2.2:9/x;tcp\r\n")
          .error()
          .status,
      488);
}

// RFC 8122 5: TLS with a peer that cannot be known afterwards is none. A relay has a name instead.
TEST(MediaSecurity, is_refused_without_a_fingerprint_but_from_behind_a_relay) {
  const auto with = [](std::string_view path, std::string_view fingerprint) {
    return read_line("m=message 9 TCP/TLS/MSRP *\r\na=setup:active\r\na=path:" + std::string{path} +
                     "\r\n" + std::string{fingerprint});
  };

  EXPECT_EQ(with("msrps://192.0.2.2:9/x;tcp", "").error().detail, "no fingerprint");
  EXPECT_EQ(with("msrps://192.0.2.2:9/x;tcp", "a=fingerprint:md5 01\r\n").error().detail,
            "no fingerprint");
  EXPECT_TRUE(with("msrps://192.0.2.2:9/x;tcp", "a=fingerprint:SHA-1 01\r\n"));
  EXPECT_TRUE(with("msrps://relay.example:2855/r;tcp msrps://192.0.2.2:9/x;tcp", ""));
}

// RFC 4975 14.4, RFC 3261 20.43
TEST(MediaSecurity, is_as_the_policy_says) {
  auto off = takes_both;
  off.policy = MediaSecurity::off;
  off.speaks = false;
  auto required = takes_both;
  required.policy = MediaSecurity::require;

  EXPECT_EQ(setup_for_answer(line_of_peer(true), takes_both), sdp::Setup::passive);
  EXPECT_EQ(setup_for_answer(line_of_peer(false), takes_both), sdp::Setup::passive);
  EXPECT_EQ(setup_for_answer(line_of_peer(true), required), sdp::Setup::passive);
  EXPECT_EQ(setup_for_answer(line_of_peer(true), off).error().warning_code, 302);
  EXPECT_EQ(setup_for_answer(line_of_peer(false), required).error().warning_code, 302);
}

// RFC 6135 4.2
TEST(MediaSecurity, is_connected_to_by_who_does_not_listen_for_it) {
  auto terms = takes_both;
  terms.listens = false;

  EXPECT_EQ(setup_for_answer(line_of_peer(true), terms).error().status, 488);
  EXPECT_EQ(setup_for_answer(line_of_peer(false), terms), sdp::Setup::passive);
  auto passive = line_of_peer(true);
  passive.setup = sdp::Setup::passive;
  EXPECT_EQ(setup_for_answer(passive, terms), sdp::Setup::active);
  EXPECT_EQ(terms_of(MediaSecurity::accept, line_of_peer(true).is_secure
                                                ? std::optional{msrp::SecureAddress{"h", 9, {}}}
                                                : std::nullopt)
                .listens,
            false);
}

// RFC 3261 20.43
TEST(MediaSecurity, is_what_a_488_with_warning_302_is_about) {
  auto response = sip::Message::response(488);
  EXPECT_FALSE(wants_other_transport(response));
  response.add(sip::Name::warning, "305 bob.example \"other types\"");
  EXPECT_FALSE(wants_other_transport(response));
  response.add(sip::Name::warning, "302 bob.example \"MSRP is over TLS here\"");
  EXPECT_TRUE(wants_other_transport(response));
}

}  // namespace
}  // namespace convene::cpm
