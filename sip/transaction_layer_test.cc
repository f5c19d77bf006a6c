#include "sip/transaction_layer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "base/random.h"
#include "sip/fields.h"
#include "sip/tag.h"

namespace convene::sip {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr TimePoint start{1h};

struct TransactionLayerTest : testing::Test {
  static LayerSettings settings() {
    LayerSettings settings;
    settings.branch_mark = "7.";
    settings.addresses.udp = HostPort{"192.0.2.1", 5060};
    return settings;
  }
  static Message request_of(std::string_view method, std::string_view via_text) {
    auto request = Message::request(method, "sip:bob@192.0.2.1");
    request.add(Name::via, via_text);
    request.add(Name::max_forwards, "70");
    request.add(Name::from, "<sip:alice@example.com>;tag=a1");
    request.add(Name::to, "<sip:bob@example.com>");
    request.add(Name::call_id, "call-1");
    request.add(Name::cseq, "1 " + std::string{method});
    if (method == "INVITE") request.add(Name::contact, "<sip:alice@192.0.2.9>");
    return request;
  }
  static Message outgoing(std::string_view method) {
    auto request = request_of(method, "x");
    request.remove(Name::via);
    return request;
  }
  void receive(Message message) { layer.receive(std::move(message), source, now, out); }
  ClientTransactionId send(Message request) {
    return layer.send(std::move(request), destination, now, out);
  }
  void respond(ServerTransactionId id, const Message& request, int status) {
    layer.respond(id, make_response(request, status, layer.to_tag(request)), now, out);
  }
  void wake_at(TimePoint time) {
    now = time;
    layer.wake(now, out);
  }
  // The answer to a request that this layer sent last.
  Message answer(int status) const { return make_response(out.sends.back().message, status, "b1"); }

  template <class T>
  std::vector<T> told() const {
    std::vector<T> found;
    for (const auto& event : out.events) {
      if (const auto* wanted = std::get_if<T>(&event)) found.push_back(*wanted);
    }
    return found;
  }
  std::vector<std::string> sent() const {
    std::vector<std::string> words;
    for (const auto& send : out.sends) {
      const auto& message = send.message;
      words.push_back(message.is_request() ? std::string{message.method()}
                                           : std::to_string(message.status()));
    }
    return words;
  }

  static constexpr auto via = "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKpeer1";
  SeededRandom random{7};
  SilentLog log;
  Calendar calendar{TimePoint{}, WallTime{}};
  Source source{.transport = Transport::udp, .address = {"192.0.2.9", 5070}, .flow = Flow{3}};
  Destination destination{
      .transport = Transport::udp, .address = {"192.0.2.9", 5070}, .flow = std::nullopt};
  TimePoint now = start;
  LayerOutput out;
  TransactionLayer layer{settings(), {random, log, calendar}};
};

// RFC 3261 17.2.3
TEST_F(TransactionLayerTest, tells_a_request_once) {
  receive(request_of("MESSAGE", via));
  receive(request_of("MESSAGE", via));
  EXPECT_THAT(told<RequestArrived>(), SizeIs(1));
  EXPECT_THAT(sent(), IsEmpty());
}

TEST_F(TransactionLayerTest, answers_a_repeated_request_by_itself) {
  const auto request = request_of("MESSAGE", via);
  receive(request);
  respond(told<RequestArrived>()[0].transaction, request, 200);
  receive(request);
  EXPECT_THAT(sent(), ElementsAre("200", "200"));
  EXPECT_THAT(told<RequestArrived>(), SizeIs(1));
}

// RFC 3261 17.2.3: branch, sent-by and method.
TEST_F(TransactionLayerTest, tells_apart_requests_of_one_branch_from_two_senders) {
  receive(request_of("MESSAGE", via));
  auto other = request_of("MESSAGE", "SIP/2.0/UDP 192.0.2.8;branch=z9hG4bKpeer1");
  other.set(Name::call_id, "call-2");
  receive(other);
  EXPECT_THAT(told<RequestArrived>(), SizeIs(2));
}

// RFC 3261 17.2.3: without the magic cookie all of the request counts.
TEST_F(TransactionLayerTest, matches_the_requests_of_an_rfc_2543_peer) {
  const auto old = "SIP/2.0/UDP 192.0.2.9:5070;branch=1";
  auto invite = request_of("INVITE", old);
  receive(invite);
  receive(invite);
  ASSERT_THAT(told<RequestArrived>(), SizeIs(1));

  auto second = request_of("INVITE", old);
  second.set(Name::cseq, "2 INVITE");
  receive(second);
  EXPECT_THAT(told<RequestArrived>(), SizeIs(2));

  respond(told<RequestArrived>()[0].transaction, invite, 486);
  auto ack = request_of("ACK", old);
  ack.set(Name::to, out.sends.back().message.header(Name::to));
  receive(ack);
  EXPECT_THAT(told<AckArrived>(), IsEmpty());
}

// RFC 3261 8.2.2.2
TEST_F(TransactionLayerTest, refuses_the_same_request_on_a_second_path_with_482) {
  receive(request_of("INVITE", via));
  receive(request_of("INVITE", "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKpeer2"));
  EXPECT_THAT(sent(), ElementsAre("482"));
  EXPECT_THAT(told<RequestArrived>(), SizeIs(1));
  EXPECT_EQ(layer.transactions(), 1U);
}

TEST_F(TransactionLayerTest, answers_a_defect_without_making_state) {
  auto request = request_of("MESSAGE", via);
  request.remove(Name::call_id);
  receive(request);
  EXPECT_THAT(sent(), ElementsAre("400"));
  EXPECT_EQ(layer.transactions(), 0U);
}

// RFC 3261 18.2.1, RFC 3581 4
TEST_F(TransactionLayerTest, notes_where_a_request_came_from) {
  receive(request_of("MESSAGE", "SIP/2.0/UDP inside.example;branch=z9hG4bKpeer1;rport"));
  const auto seen = parse_via(told<RequestArrived>()[0].request.header(Name::via));
  EXPECT_EQ(seen->params.value("received"), "192.0.2.9");
  EXPECT_EQ(seen->params.value("rport"), "5070");
}

TEST_F(TransactionLayerTest, answers_to_the_source_when_asked_by_rport) {
  const auto request =
      request_of("MESSAGE", "SIP/2.0/UDP inside.example:5099;branch=z9hG4bKpeer1;rport");
  receive(request);
  respond(told<RequestArrived>()[0].transaction, request, 200);
  EXPECT_EQ(out.sends[0].destination.address, (HostPort{"192.0.2.9", 5070}));
  EXPECT_EQ(out.sends[0].destination.flow, Flow{3});
}

// RFC 3261 18.2.2
TEST_F(TransactionLayerTest, answers_to_the_port_of_the_via_without_rport) {
  const auto request = request_of("MESSAGE", "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKpeer1");
  receive(request);
  respond(told<RequestArrived>()[0].transaction, request, 200);
  EXPECT_EQ(out.sends[0].destination.address, (HostPort{"192.0.2.9", 5060}));
}

// RFC 3261 17.2.1
TEST_F(TransactionLayerTest, says_100_to_an_invite_after_200_ms) {
  receive(request_of("INVITE", via));
  EXPECT_EQ(layer.deadline(), start + 200ms);
  wake_at(start + 200ms);
  EXPECT_THAT(sent(), ElementsAre("100"));
}

// RFC 3261 9.2
TEST_F(TransactionLayerTest, matches_a_cancel_to_its_invite) {
  receive(request_of("INVITE", via));
  receive(request_of("CANCEL", via));
  EXPECT_THAT(sent(), ElementsAre("200"));
  ASSERT_THAT(told<CancelArrived>(), SizeIs(1));
  EXPECT_EQ(told<CancelArrived>()[0].invite, told<RequestArrived>()[0].transaction);

  layer.refuse(told<CancelArrived>()[0].invite, 487, now, out);
  EXPECT_THAT(sent(), ElementsAre("200", "487"));
  EXPECT_EQ(tag_of(out.sends[0].message.header(Name::to)),
            tag_of(out.sends[1].message.header(Name::to)));
}

TEST_F(TransactionLayerTest, knows_no_invite_for_a_stray_cancel) {
  receive(request_of("CANCEL", via));
  EXPECT_THAT(sent(), ElementsAre("481"));
  EXPECT_THAT(told<CancelArrived>(), IsEmpty());
}

TEST_F(TransactionLayerTest, ignores_a_cancel_that_comes_too_late) {
  const auto invite = request_of("INVITE", via);
  receive(invite);
  respond(told<RequestArrived>()[0].transaction, invite, 486);
  receive(request_of("CANCEL", via));
  EXPECT_THAT(sent(), ElementsAre("486", "200"));
  EXPECT_THAT(told<CancelArrived>(), IsEmpty());
}

TEST_F(TransactionLayerTest, keeps_the_ack_to_a_failure_for_itself) {
  const auto invite = request_of("INVITE", via);
  receive(invite);
  respond(told<RequestArrived>()[0].transaction, invite, 486);
  receive(request_of("ACK", via));
  EXPECT_THAT(told<AckArrived>(), IsEmpty());
  wake_at(start + 5s);
  EXPECT_EQ(layer.transactions(), 0U);
}

TEST_F(TransactionLayerTest, gives_the_user_every_other_ack) {
  const auto invite = request_of("INVITE", via);
  receive(invite);
  respond(told<RequestArrived>()[0].transaction, invite, 200);
  receive(request_of("ACK", "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKpeer7"));
  receive(request_of("ACK", via));  // RFC 6026 7.1
  EXPECT_THAT(told<AckArrived>(), SizeIs(2));
}

TEST_F(TransactionLayerTest, tells_when_no_ack_comes) {
  const auto invite = request_of("INVITE", via);
  receive(invite);
  respond(told<RequestArrived>()[0].transaction, invite, 486);
  wake_at(start + 32s);
  EXPECT_THAT(told<NoAck>(), SizeIs(1));
}

TEST_F(TransactionLayerTest, refuses_with_503_before_making_state_when_full) {
  auto few = settings();
  few.max_transactions = 1;
  TransactionLayer small{few, {random, log, calendar}};
  small.receive(request_of("MESSAGE", via), source, now, out);
  auto second = request_of("MESSAGE", "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKpeer2");
  second.set(Name::call_id, "call-2");
  small.receive(second, source, now, out);
  EXPECT_THAT(sent(), ElementsAre("503"));
  EXPECT_FALSE(out.sends[0].message.header(Name::retry_after).empty());
  EXPECT_EQ(small.transactions(), 1U);
}

// RFC 3261 8.1.1.7, RFC 3581 3
TEST_F(TransactionLayerTest, puts_its_via_on_top) {
  send(outgoing("MESSAGE"));
  const auto ours = out.sends[0].message.header(Name::via);
  EXPECT_THAT(std::string{ours}, StartsWith("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK7."));
  EXPECT_THAT(std::string{ours}, HasSubstr(";rport"));
  EXPECT_TRUE(layer.owns_branch(parse_via(ours)->branch()));
  EXPECT_FALSE(layer.owns_branch("z9hG4bKpeer1"));
}

// RFC 3261 17.1.3
TEST_F(TransactionLayerTest, matches_a_response_by_branch_and_method) {
  const auto id = send(outgoing("MESSAGE"));
  auto foreign = answer(200);
  foreign.set(Name::cseq, "1 OPTIONS");
  receive(foreign);
  EXPECT_THAT(told<StrayResponse>(), SizeIs(1));

  receive(answer(200));
  ASSERT_THAT(told<ResponseArrived>(), SizeIs(1));
  EXPECT_EQ(told<ResponseArrived>()[0].transaction, id);
}

TEST_F(TransactionLayerTest, tells_when_nobody_answers) {
  const auto id = send(outgoing("MESSAGE"));
  while (layer.deadline()) wake_at(*layer.deadline());
  ASSERT_THAT(told<NoResponse>(), SizeIs(1));
  EXPECT_EQ(told<NoResponse>()[0].transaction, id);
  EXPECT_EQ(told<NoResponse>()[0].status, 408);
  EXPECT_EQ(layer.transactions(), 0U);
}

TEST_F(TransactionLayerTest, tells_when_it_cannot_send) {
  send(outgoing("MESSAGE"));
  layer.transport_failed(
      {.transport = Transport::udp, .address = {"192.0.2.77", 5060}, .flow = std::nullopt}, now,
      out);
  EXPECT_THAT(told<NoResponse>(), IsEmpty());
  layer.transport_failed(destination, now, out);
  ASSERT_THAT(told<NoResponse>(), SizeIs(1));
  EXPECT_EQ(told<NoResponse>()[0].status, 503);
}

TEST_F(TransactionLayerTest, cannot_send_over_a_transport_without_address) {
  destination.transport = Transport::tls;
  send(outgoing("MESSAGE"));
  EXPECT_THAT(sent(), IsEmpty());
  ASSERT_THAT(told<NoResponse>(), SizeIs(1));
  EXPECT_EQ(told<NoResponse>()[0].status, 503);
}

// RFC 3261 9.1: CANCEL not before a provisional response, with the branch of the INVITE.
TEST_F(TransactionLayerTest, cancels_an_invite_when_it_has_been_heard) {
  const auto id = send(outgoing("INVITE"));
  const auto ringing = answer(180);
  layer.cancel(id, now, out);
  EXPECT_THAT(sent(), ElementsAre("INVITE"));

  receive(ringing);
  ASSERT_THAT(sent(), ElementsAre("INVITE", "CANCEL"));
  const auto& invite = out.sends[0].message;
  const auto& cancel = out.sends[1].message;
  EXPECT_EQ(cancel.header(Name::via), invite.header(Name::via));
  EXPECT_EQ(cancel.uri(), invite.uri());
  EXPECT_EQ(cancel.header(Name::cseq), "1 CANCEL");

  receive(answer(200));  // to the CANCEL: the user hears nothing of it
  EXPECT_THAT(told<ResponseArrived>(), SizeIs(1));
}

TEST_F(TransactionLayerTest, cancels_an_invite_that_rings_for_three_minutes) {
  send(outgoing("INVITE"));
  receive(answer(180));
  wake_at(start + 180s);
  EXPECT_EQ(sent().back(), "CANCEL");
  while (layer.deadline()) wake_at(*layer.deadline());
  EXPECT_THAT(told<NoResponse>(), SizeIs(1));
  EXPECT_EQ(layer.transactions(), 0U);
}

// RFC 3261 18.1.1
TEST_F(TransactionLayerTest, moves_a_large_request_to_tcp_and_back_when_that_fails) {
  auto both = settings();
  both.addresses.tcp = HostPort{"192.0.2.1", 5060};
  TransactionLayer larger{both, {random, log, calendar}};
  auto request = outgoing("MESSAGE");
  request.set_body("text/plain", std::string(1'400, 'x'));

  const auto id = larger.send(request, destination, now, out);
  ASSERT_THAT(out.sends, SizeIs(1));
  EXPECT_EQ(out.sends[0].destination.transport, Transport::tcp);
  EXPECT_THAT(std::string{out.sends[0].message.header(Name::via)}, StartsWith("SIP/2.0/TCP"));

  larger.transport_failed(out.sends[0].destination, now, out);
  ASSERT_THAT(out.sends, SizeIs(2));
  EXPECT_EQ(out.sends[1].destination, destination);
  EXPECT_THAT(told<NoResponse>(), IsEmpty());

  larger.transport_failed(destination, now, out);
  ASSERT_THAT(told<NoResponse>(), SizeIs(1));
  EXPECT_EQ(told<NoResponse>()[0].transaction, id);
}

TEST_F(TransactionLayerTest, gives_the_same_to_tag_to_an_invite_and_its_cancel) {
  EXPECT_EQ(layer.to_tag(request_of("INVITE", via)), layer.to_tag(request_of("CANCEL", via)));
  EXPECT_NE(layer.to_tag(request_of("INVITE", via)),
            layer.to_tag(request_of("INVITE", "SIP/2.0/UDP a;branch=z9hG4bKother")));
}

// RFC 3261 8.2.6
TEST(MakeResponse, says_what_the_request_said) {
  auto request = TransactionLayerTest::request_of("INVITE", TransactionLayerTest::via);
  request.add(Name::via, "SIP/2.0/UDP 192.0.2.10;branch=z9hG4bKfirst");
  request.add("Timestamp", "54");

  const auto ok = make_response(request, 200, "b1");
  EXPECT_EQ(ok.values(Name::via).size(), 2U);
  EXPECT_EQ(ok.header(Name::to), "<sip:bob@example.com>;tag=b1");
  EXPECT_EQ(ok.header(Name::cseq), "1 INVITE");
  EXPECT_FALSE(ok.header(Name::call_id).empty());

  const auto trying = make_response(request, 100, "b1");
  EXPECT_EQ(trying.header(Name::to), "<sip:bob@example.com>");
  EXPECT_EQ(trying.header("Timestamp"), "54");
}

}  // namespace
}  // namespace convene::sip
