#include "groups/resource_list.h"
#include "tests/bad_input.h"

// Requests that are refused: conversation 17 and what the texts about abuse say.
namespace convene::tests {
namespace {

using testing::HasSubstr;

struct BadRequest : BadInput {
  std::string list_of(std::size_t members) {
    groups::ResourceList list;
    for (std::size_t i = 0; i < members; ++i) {
      list.entries.push_back({.uri = "sip:victim-" + std::to_string(i) + "@ims.example",
                              .copy_control = groups::CopyControl::to});
    }
    return groups::to_text(list);
  }
  sip::Message creation(std::string_view list) {
    auto invite =
        mallory->invite("sip:conference-factory@ims.example", cpm::icsi::session,
                        "--b\r\nContent-Type: application/sdp\r\n\r\n" + mallory->chat_sdp("new") +
                            "\r\n--b\r\nContent-Type: application/resource-lists+xml\r\n"
                            "Content-Disposition: recipient-list\r\n\r\n" +
                            std::string{list} + "\r\n--b--\r\n",
                        "multipart/mixed;boundary=b");
    invite.add(Name::require, "recipient-list-invite");
    return invite;
  }
  std::string sdp() { return mallory->file_sdp("file", plan_text); }
};

// A21, G-05: it is not told whether there ever was one.
TEST_F(BadRequest, to_an_unknown_group_is_not_found) {
  constexpr std::string_view unknown = "sip:grp-0123456789abcdef@10.0.0.1:5060";
  EXPECT_EQ(status_of(mallory->invite(unknown, cpm::icsi::session, mallory->chat_sdp("x")),
                      "6.4 unknown group"),
            404);
  EXPECT_EQ(status_of(mallory->invite(unknown, cpm::icsi::file_transfer, sdp()),
                      "9.3.1 file transfer refused: unknown group"),
            404);
  auto subscribe = mallory->request("SUBSCRIBE", unknown);
  subscribe.add(Name::event, "conference");
  EXPECT_EQ(status_of(subscribe, "9.2.14 subscription refused: unknown group"), 404);
  auto message = mallory->request("MESSAGE", unknown);
  message.set_body("message/cpim", "hello");
  EXPECT_EQ(status_of(message, "message refused: unknown group"), 404);
}

// Conversation 17, G-44
TEST_F(BadRequest, of_a_stranger_is_refused) {
  RawPeer frank{*lab, "frank", "10.9.0.8"};
  frank.register_user();
  for (const auto icsi : {cpm::icsi::session, cpm::icsi::file_transfer}) {
    const auto body = icsi == cpm::icsi::session ? frank.chat_sdp() : frank.file_sdp("f", "x");
    const auto refusal = frank.answer_to(frank.invite(focus(), icsi, body));
    EXPECT_EQ(refusal.status(), 403);
    EXPECT_THAT(std::string{refusal.header(Name::warning)},
                HasSubstr("127 Service not authorised"));
  }
  auto subscribe = frank.request("SUBSCRIBE", focus());
  subscribe.add(Name::event, "conference");
  EXPECT_EQ(frank.answer_to(subscribe).status(), 403);
  EXPECT_THAT(lab->world().log(), HasSubstr("6.3 refused: not a member"));
}

// RFC 3325 5: what a user asserts of itself is worth nothing.
TEST_F(BadRequest, that_asserts_to_be_of_somebody_else_is_of_who_sent_it) {
  RawPeer frank{*lab, "frank", "10.9.0.8"};
  frank.register_user();
  auto forged = frank.invite(focus(), cpm::icsi::session, frank.chat_sdp());
  forged.add(Name::p_asserted_identity, "<sip:alice@ims.example>");
  EXPECT_EQ(frank.answer_to(forged).status(), 403);
}

// Conversation 17: nobody of the list is invited.
TEST_F(BadRequest, with_a_list_that_is_too_long_is_refused) {
  for (const std::size_t members : {std::size_t{151}, std::size_t{1'001}, std::size_t{5'000}}) {
    const auto refusal = answer_to(creation(list_of(members)), "6.1 creation refused: ");
    EXPECT_EQ(refusal.status(), 403) << members;
    EXPECT_THAT(std::string{refusal.header(Name::warning)}, HasSubstr("Too many participants"));
  }
  EXPECT_EQ(lab->server().snapshot().controlling.groups.size(), 1U);
}

TEST_F(BadRequest, with_a_list_that_cannot_be_read_is_refused) {
  for (const std::string_view list :
       {"", "<resource-lists", "plain text",
        "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"><list>"
        "<entry uri=\"&unknown;\"/></list></resource-lists>"}) {
    EXPECT_EQ(status_of(creation(list), "6.1 creation refused: "), 400) << list;
  }
  // A document type is not read at all.
  EXPECT_EQ(status_of(creation("<!DOCTYPE a [<!ENTITY b \"c\">]><resource-lists/>"),
                      "6.1 creation refused: "),
            415);
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "<a>";
  EXPECT_EQ(status_of(creation(deep), "6.1 creation refused: "), 400);
}

// A24: the first is taken, and the others get port 0.
TEST_F(BadRequest, of_several_files_is_granted_for_the_first) {
  const auto second = mallory->file_sdp("second", "another file");
  const auto ok = mallory->answer_to(file_offer(sdp() + second.substr(second.find("m="))));
  ASSERT_EQ(ok.status(), 200) << lab->world().log();
  const std::string answer{ok.body()};
  EXPECT_THAT(answer, HasSubstr("m=message 2855 TCP/MSRP"));
  EXPECT_THAT(answer, HasSubstr("m=message 0 TCP/MSRP"));
  EXPECT_LT(answer.find("m=message 2855"), answer.find("m=message 0"));
  mallory->send(mallory->in_dialog("ACK", ok, 1));
  EXPECT_EQ(mallory->answer_to(mallory->in_dialog("BYE", ok)).status(), 200);
}

// G-30
TEST_F(BadRequest, for_a_file_of_the_group_is_not_acceptable) {
  EXPECT_EQ(status_of(file_offer(replaced(sdp(), "a=sendonly", "a=recvonly")),
                      "9.3.1 file transfer refused: a pull"),
            488);
}

// Conversation 17
TEST_F(BadRequest, for_a_file_over_the_limit_is_refused) {
  const auto refusal = answer_to(file_offer(replaced(sdp(), "size:65", "size:99999999999")),
                                 "9.3.1 file transfer refused: too large");
  EXPECT_EQ(refusal.status(), 403);
  EXPECT_THAT(std::string{refusal.header(Name::warning)}, HasSubstr("133 Size exceeded"));
  EXPECT_EQ(status_of(file_offer(replaced(sdp(), "size:65", "size:99999999999999999999999"))), 400);
  EXPECT_EQ(status_of(file_offer(replaced(sdp(), "size:65", "size:0"))), 488);
}

TEST_F(BadRequest, whose_wrapper_is_from_somebody_else_is_refused) {
  const auto body = "--b\r\nContent-Type: application/sdp\r\n\r\n" + sdp() +
                    "\r\n--b\r\nContent-Type: message/cpim\r\n\r\n"
                    "From: <sip:alice@ims.example>\r\nTo: <sip:anonymous@anonymous.invalid>\r\n"
                    "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m1\r\n"
                    "DateTime: 2025-11-22T10:05:00Z\r\n\r\nContent-Type: text/plain\r\n\r\n"
                    "\r\n--b--\r\n";
  auto offer =
      mallory->invite(focus(), cpm::icsi::file_transfer, body, "multipart/mixed;boundary=b");
  EXPECT_EQ(status_of(offer, "9.3.1 file transfer refused: CPIM From of somebody else"), 403);

  offer = mallory->invite(focus(), cpm::icsi::file_transfer,
                          replaced(body, "From: <sip:alice@ims.example>", "Fr\x01om <<<"),
                          "multipart/mixed;boundary=b");
  EXPECT_EQ(status_of(offer, "9.3.1 file transfer refused: "), 400);
}

TEST_F(BadRequest, whose_body_cannot_be_read_is_refused) {
  const auto refused = [&](std::string_view body, std::string_view type) {
    return status_of(mallory->invite(focus(), cpm::icsi::file_transfer, body, type),
                     "9.3.1 file transfer refused: ");
  };
  EXPECT_EQ(refused("v=0\r\nnonsense", "application/sdp"), 400);
  EXPECT_EQ(refused("", "application/sdp"), 400);
  EXPECT_EQ(refused("hello", "text/plain"), 415);
  EXPECT_EQ(refused("--b\r\n", "multipart/mixed;boundary=b"), 400);
  EXPECT_EQ(refused("--b\r\n", "multipart/mixed"), 400);
  EXPECT_EQ(refused("x", "///"), 415);

  std::string parts;
  for (int i = 0; i < 10'000; ++i) parts += "--b\r\n\r\nx\r\n";
  EXPECT_EQ(refused(parts + "--b--\r\n", "multipart/mixed;boundary=b"), 413);
}

// RFC 3261 8.2.1
TEST_F(BadRequest, of_a_method_that_is_not_allowed_says_which_are) {
  const auto refusal =
      answer_to(mallory->request("PUBLISH", focus()), "refused: method not allowed");
  EXPECT_EQ(refusal.status(), 405);
  EXPECT_FALSE(refusal.lists(Name::allow, "PUBLISH"));
  EXPECT_TRUE(refusal.lists(Name::allow, "SUBSCRIBE"));
}

// RFC 3261 8.1.1, 18.3
TEST_F(BadRequest, that_is_hardly_sip_changes_nothing) {
  auto bare = sip::Message::request("OPTIONS", focus());
  bare.add(Name::via, "SIP/2.0/TCP 10.9.0.9:5060;branch=z9hG4bKbare");
  bare.add(Name::cseq, "1 OPTIONS");
  EXPECT_EQ(status_of(bare, "refused"), 400);

  mallory->octets("GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
  lab->world().run_for(1s);
  EXPECT_THAT(lab->world().log(), HasSubstr("dropped what is no SIP message"));
  EXPECT_EQ(status_of(mallory->request("OPTIONS", focus())), 200);
}

// What we buffer of one peer is bounded, and so is how long.
TEST_F(BadRequest, with_a_header_of_a_megabyte_ends_its_connection) {
  RawPeer frank{*lab, "frank", "10.9.0.8"};
  lab->world().run_for(1s);
  const auto before = lab->world().counters().stream_octets;
  frank.octets("OPTIONS " + focus() + " SIP/2.0\r\nX: " + std::string(1'000'000, 'x'));
  EXPECT_TRUE(lab->wait([&] { return !frank.is_connected(); }, 5s));
  EXPECT_LT(lab->world().counters().stream_octets - before, 300'000U);
  EXPECT_THAT(lab->world().log(), HasSubstr("closed a SIP connection: "));
}

TEST_F(BadRequest, of_ten_thousand_headers_is_no_request) {
  std::string headers;
  for (int i = 0; i < 10'000; ++i) headers += "X: 1\r\n";
  mallory->octets("OPTIONS " + focus() + " SIP/2.0\r\n" + headers + "Content-Length: 0\r\n\r\n");
  lab->world().run_for(1s);
  EXPECT_THAT(lab->world().log(), HasSubstr("number of headers"));
}

// SipLinkSettings::message_timeout, RFC 4975: EndpointSettings::bind_timeout.
TEST_F(BadRequest, that_never_comes_does_not_hold_a_connection) {
  RawPeer frank{*lab, "frank", "10.9.0.8"};
  const auto line = frank.connect_msrp("", "");
  lab->world().run_for(8s);
  EXPECT_TRUE(frank.is_connected());
  lab->world().run_for(3s);
  EXPECT_FALSE(frank.is_connected());

  lab->world().run_for(15s);
  EXPECT_FALSE(frank.is_closed(line));
  lab->world().run_for(5s);
  EXPECT_TRUE(frank.is_closed(line));
}

}  // namespace
}  // namespace convene::tests
