#include "participating/participating_function.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_side.h"

namespace convene::participating {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr TimePoint start{};

// One function at sip:pf@10.0.0.3, told what the SIP/IP core and the peers say.
struct ParticipatingFunctionTest : testing::Test {
  ParticipatingFunctionTest() {
    Settings settings;
    settings.uri = "sip:pf@10.0.0.3;transport=tcp";
    settings.domains = {"example.com"};
    settings.max_calls = 2;
    function.emplace(std::move(settings), Surroundings{random, log, calendar}, bodies);
    function->start({.udp = {}, .tcp = sip::HostPort{"10.0.0.3", 5060}, .tls = {}});
  }

  static sip::Message invite(std::string_view served, int hops = 70) {
    static int number = 0;
    const auto n = std::to_string(++number);
    auto request = sip::Message::request("INVITE", "sip:bob@example.com");
    request.add(sip::Name::via, "SIP/2.0/TCP 10.0.0.1;branch=z9hG4bKt" + n);
    request.add(sip::Name::max_forwards, std::to_string(hops));
    request.add(sip::Name::from, "<sip:alice@example.com>;tag=a" + n);
    request.add(sip::Name::to, "<sip:bob@example.com>");
    request.add(sip::Name::call_id, "call-" + n);
    request.add(sip::Name::cseq, "1 INVITE");
    request.add(sip::Name::contact, "<sip:alice@10.0.0.11>;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3Ax\"");
    request.add(sip::Name::route, "<sip:pf@10.0.0.3;transport=tcp;lr>");
    request.add(sip::Name::route, "<sip:orig@10.0.0.1;transport=tcp;lr>");
    request.add("P-Served-User", served);
    return request;
  }

  std::vector<sip::Send> receive(sip::Message message, bool is_trusted = true) {
    Output out;
    function->receive(std::move(message),
                      {.transport = sip::Transport::tcp,
                       .address = {"10.0.0.1", 5060},
                       .flow = sip::Flow{2},
                       .is_trusted = is_trusted},
                      start, out);
    return std::move(out.sends);
  }
  int status_of(sip::Message request, bool is_trusted = true) {
    const auto sends = receive(std::move(request), is_trusted);
    return sends.empty() ? 0 : sends.front().message.status();
  }

  SeededRandom random{1};
  KeptLog log;
  Calendar calendar{start, {}};
  msrp::MemoryBodies bodies;
  std::optional<ParticipatingFunction> function;
};

constexpr std::string_view alice = "<sip:alice@example.com>;sescase=orig";

TEST_F(ParticipatingFunctionTest, sends_an_invitation_on_in_a_dialog_of_its_own) {
  const auto sends = receive(invite(alice));
  ASSERT_EQ(sends.size(), 1U);
  const auto& sent = sends.front().message;
  EXPECT_EQ(sent.method(), "INVITE");
  EXPECT_FALSE(sent.header(sip::Name::call_id).starts_with("call-"));
  EXPECT_EQ(sent.header(sip::Name::route), "<sip:orig@10.0.0.1;transport=tcp;lr>");
  EXPECT_EQ(sent.header(sip::Name::record_route), "<sip:pf@10.0.0.3;transport=tcp;lr>");
  EXPECT_EQ(sends.front().destination.address.host, "10.0.0.1");
}

// RFC 3261 16.3 (3)
TEST_F(ParticipatingFunctionTest, refuses_483_what_went_too_far) {
  EXPECT_EQ(status_of(invite(alice, 0)), 483);
}

// RFC 5502 6: whom it serves is not for a stranger to say.
TEST_F(ParticipatingFunctionTest, refuses_403_whoever_is_not_the_core) {
  EXPECT_EQ(status_of(invite(alice), false), 403);
}

TEST_F(ParticipatingFunctionTest, refuses_403_users_of_other_domains) {
  EXPECT_EQ(status_of(invite("<sip:mallory@elsewhere.example>;sescase=orig")), 403);
  EXPECT_THAT(log.text(), HasSubstr("not a user of ours"));
}

// RFC 3261 8.2.2.2: the core routes what we sent back to us, for the same user.
TEST_F(ParticipatingFunctionTest, refuses_482_its_own_request) {
  auto back = receive(invite(alice)).front().message;
  back.remove(sip::Name::route);
  back.add(sip::Name::route, "<sip:pf@10.0.0.3;transport=tcp;lr>");
  back.add("P-Served-User", alice);
  EXPECT_EQ(status_of(std::move(back)), 482);
  EXPECT_EQ(function->snapshot().calls, 1U);
}

// RFC 3261 12.2.2
TEST_F(ParticipatingFunctionTest, refuses_481_a_dialog_that_is_not) {
  auto bye = invite(alice);
  bye.set(sip::Name::to, "<sip:bob@example.com>;tag=nobody");
  EXPECT_EQ(status_of(std::move(bye)), 481);
}

TEST_F(ParticipatingFunctionTest, refuses_503_more_calls_than_it_may_have) {
  receive(invite(alice));
  receive(invite(alice));
  EXPECT_EQ(status_of(invite(alice)), 503);
  EXPECT_EQ(function->snapshot().calls, 2U);
}

// G-02
TEST_F(ParticipatingFunctionTest, warns_when_a_contact_has_lost_its_feature_tags) {
  auto request = invite(alice);
  request.set(sip::Name::contact, "<sip:sbc@192.0.2.99>");
  receive(std::move(request));
  EXPECT_THAT(log.text(), HasSubstr("a Contact without feature tags"));
}

}  // namespace
}  // namespace convene::participating
