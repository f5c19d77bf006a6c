#include <gmock/gmock.h>

#include "msrp/test_side.h"
#include "participating/participating_function.h"
#include "sip/tag.h"

// Beside a SIP/IP core that is not ours: what it says and what it is sent. Conversation 15
namespace convene::participating {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr TimePoint start{1'000s};
constexpr std::string_view cpim =
    "From: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\n"
    "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m1\r\n"
    "imdn.Disposition-Notification: negative-delivery\r\n\r\n"
    "Content-Type: text/plain\r\n\r\nHello";

struct DeferredDeliveryTest : testing::Test {
  DeferredDeliveryTest() {
    Settings settings;
    settings.uri = "sip:pf@10.0.0.3;transport=tcp";
    settings.deferral.is_durable = true;
    settings.deferral.report_route = "<sip:core@10.0.0.1;transport=tcp;lr>";
    function.emplace(std::move(settings), Surroundings{random, log, calendar}, bodies);
    function->start({.udp = {}, .tcp = sip::HostPort{"10.0.0.3", 5060}, .tls = {}});
  }

  static sip::Message request(std::string_view method, std::string_view uri) {
    static int number = 0;
    const auto n = std::to_string(++number);
    auto made = sip::Message::request(method, uri);
    made.add(sip::Name::via, "SIP/2.0/TCP 10.0.0.1;branch=z9hG4bKd" + n);
    made.add(sip::Name::max_forwards, "70");
    made.add(sip::Name::from, "<sip:alice@example.com>;tag=a" + n);
    made.add(sip::Name::to, "<sip:bob@example.com>");
    made.add(sip::Name::call_id, "call-" + n);
    made.add(sip::Name::cseq, "1 " + std::string{method});
    return made;
  }
  static sip::Message message(std::string_view regstate = "unreg") {
    auto made = request("MESSAGE", "sip:bob@example.com");
    made.add(sip::Name::route, "<sip:pf@10.0.0.3;transport=tcp;lr>");
    made.add(sip::Name::route, "<sip:isc@10.0.0.1;transport=tcp;lr>");
    made.add(sip::Name::p_asserted_identity, "<sip:alice@example.com>");
    made.add("P-Served-User",
             "<sip:bob@example.com>;sescase=term;regstate=" + std::string{regstate});
    made.set_body("message/cpim", cpim);
    return made;
  }
  static sip::Message third_party_register(std::string_view expires) {
    auto made = request("REGISTER", "sip:pf@10.0.0.3");
    made.set(sip::Name::from, "<sip:scscf@10.0.0.1>;tag=s");
    made.add(sip::Name::expires, expires);
    return made;
  }

  Output receive(sip::Message message, bool is_trusted = true) {
    Output out;
    function->receive(std::move(message),
                      {.transport = sip::Transport::tcp,
                       .address = {"10.0.0.1", 5060},
                       .flow = sip::Flow{2},
                       .is_trusted = is_trusted},
                      start, out);
    return out;
  }
  // What is asked for is stored at once, and can be fetched.
  Output defer(sip::Message message) {
    auto out = receive(std::move(message));
    if (out.deferrals.size() != 1) return out;
    stored = std::get<StoreDeferred>(out.deferrals.at(0));
    Output told;
    function->deferred(stored.id, true, start, told);
    return told;
  }
  Output fetch(TimePoint now = start) {
    Output out;
    function->deferred_fetched(stored.id, stored.message, now, out);
    return out;
  }

  SeededRandom random{1};
  KeptLog log;
  Calendar calendar{start, {}};
  msrp::MemoryBodies bodies;
  std::optional<ParticipatingFunction> function;
  StoreDeferred stored;
};

TEST_F(DeferredDeliveryTest, answers_202_once_the_message_is_stored_and_not_before) {
  const auto first = receive(message());
  EXPECT_THAT(first.sends, IsEmpty());
  ASSERT_THAT(first.deferrals, SizeIs(1));
  const auto& what = std::get<StoreDeferred>(first.deferrals[0]);
  EXPECT_EQ(what.message.user, "sip:bob@example.com");
  EXPECT_EQ(what.message.account, "bob");
  EXPECT_EQ(what.message.message_id, "m1");

  Output told;
  function->deferred(what.id, true, start, told);
  ASSERT_THAT(told.sends, SizeIs(1));
  EXPECT_EQ(told.sends[0].message.status(), 202);
}

TEST_F(DeferredDeliveryTest, answers_503_when_it_cannot_be_stored) {
  const auto first = receive(message());
  Output told;
  function->deferred(std::get<StoreDeferred>(first.deferrals.at(0)).id, false, start, told);
  ASSERT_THAT(told.sends, SizeIs(1));
  EXPECT_EQ(told.sends[0].message.status(), 503);
  EXPECT_FALSE(told.sends[0].message.header(sip::Name::retry_after).empty());
  EXPECT_EQ(function->snapshot().deferred, 0U);
}

// RFC 3428 10: at once, or not at all.
TEST_F(DeferredDeliveryTest, passes_on_what_must_not_wait) {
  auto now_or_never = message();
  now_or_never.add(sip::Name::expires, "0");
  const auto out = receive(std::move(now_or_never));
  EXPECT_THAT(out.deferrals, IsEmpty());
  ASSERT_THAT(out.sends, SizeIs(1));
  EXPECT_TRUE(out.sends[0].message.is_request());
}

TEST_F(DeferredDeliveryTest, keeps_a_message_once_that_is_sent_again) {
  defer(message());
  const auto again = receive(message());
  EXPECT_THAT(again.deferrals, IsEmpty());
  ASSERT_THAT(again.sends, SizeIs(1));
  EXPECT_EQ(again.sends[0].message.status(), 202);
}

// 3GPP TS 24.229 5.4.1.7
TEST_F(DeferredDeliveryTest, pushes_at_a_third_party_register) {
  defer(message());
  const auto gone = receive(third_party_register("0"));
  EXPECT_THAT(gone.deferrals, IsEmpty());
  const auto there = receive(third_party_register("600000"));
  ASSERT_THAT(there.sends, SizeIs(1));
  EXPECT_EQ(there.sends[0].message.status(), 200);
  ASSERT_THAT(there.deferrals, SizeIs(1));
  EXPECT_EQ(std::get<FetchDeferred>(there.deferrals[0]).id, stored.id);

  const auto pushed = fetch();
  ASSERT_THAT(pushed.sends, SizeIs(1));
  const auto& push = pushed.sends[0].message;
  EXPECT_EQ(push.method(), "MESSAGE");
  EXPECT_EQ(push.uri(), "sip:bob@example.com");
  EXPECT_EQ(push.body(), cpim);
  EXPECT_EQ(push.header(sip::Name::p_asserted_identity), "<sip:alice@example.com>");
  EXPECT_EQ(push.header(sip::Name::route), "<sip:isc@10.0.0.1;transport=tcp;lr>");
  EXPECT_THAT(std::string{push.header(sip::Name::call_id)}, HasSubstr(push_mark));
}

TEST_F(DeferredDeliveryTest, believes_only_a_trusted_core_that_somebody_is_there) {
  defer(message());
  const auto out = receive(third_party_register("600000"), false);
  ASSERT_THAT(out.sends, SizeIs(1));
  EXPECT_EQ(out.sends[0].message.status(), 403);
  EXPECT_THAT(out.deferrals, IsEmpty());
}

// Our own push may come back to us, for the same user: it is not deferred again.
TEST_F(DeferredDeliveryTest, passes_its_own_push_on) {
  defer(message());
  receive(third_party_register("600000"));
  auto push = fetch().sends.at(0).message;
  push.remove(sip::Name::route);
  push.add(sip::Name::route, "<sip:pf@10.0.0.3;transport=tcp;lr>");
  push.add(sip::Name::route, "<sip:isc@10.0.0.1;transport=tcp;lr>");
  push.add("P-Served-User", "<sip:bob@example.com>;sescase=term;regstate=reg");
  const auto out = receive(std::move(push));
  EXPECT_THAT(out.deferrals, IsEmpty());
  ASSERT_THAT(out.sends, SizeIs(1));
  EXPECT_TRUE(out.sends[0].message.is_request());
}

TEST_F(DeferredDeliveryTest, forgets_what_was_erased_meanwhile) {
  defer(message());
  receive(third_party_register("600000"));
  Output out;
  function->deferred_fetched(stored.id, fail(Fault::not_found, "erased"), start, out);
  EXPECT_THAT(out.sends, IsEmpty());
  EXPECT_EQ(function->snapshot().deferred, 0U);
}

// RFC 5438 7.2.1
TEST_F(DeferredDeliveryTest, reports_what_nobody_fetched_to_who_wanted_to_know) {
  auto short_lived = message();
  short_lived.add(sip::Name::expires, "60");
  defer(std::move(short_lived));
  EXPECT_EQ(function->deadline(), start + 60s);
  Output out;
  function->wake(start + 60s, out);
  ASSERT_THAT(out.deferrals, SizeIs(1));

  const auto told = fetch(start + 60s);
  ASSERT_THAT(told.sends, SizeIs(1));
  const auto& report = told.sends[0].message;
  EXPECT_EQ(report.uri(), "sip:alice@example.com");
  EXPECT_EQ(report.header(sip::Name::p_asserted_identity), "<sip:bob@example.com>");
  EXPECT_THAT(std::string{report.body()}, HasSubstr("<failed/>"));
}

// Conversation 15, RFC 5438 7.2.1: an intermediary that stores says so.
TEST_F(DeferredDeliveryTest, tells_who_asked_for_processing_that_it_is_stored) {
  auto asking = message();
  std::string text{cpim};
  constexpr std::string_view word = "negative-delivery";
  text.replace(text.find(word), word.size(), "processing");
  asking.set_body("message/cpim", text);
  const auto told = defer(std::move(asking));
  ASSERT_THAT(told.sends, SizeIs(2));
  EXPECT_EQ(told.sends[0].message.status(), 202);
  const auto& report = told.sends[1].message;
  EXPECT_EQ(report.uri(), "sip:alice@example.com");
  EXPECT_THAT(std::string{report.body()}, HasSubstr("<stored/>"));
}

// Conversation 2
TEST_F(DeferredDeliveryTest, keeps_a_message_no_longer_than_message_expires_says) {
  auto short_lived = message();
  short_lived.add(sip::Name::message_expires, "60");
  defer(std::move(short_lived));
  EXPECT_EQ(function->deadline(), start + 60s);
}

}  // namespace
}  // namespace convene::participating
