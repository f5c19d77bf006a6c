#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "sip/hop.h"
#include "sip/timers.h"
#include "sip/transaction.h"

// For tests of the four transactions: messages, and what they ask for as short words.
namespace convene::sip {

inline Message request_of(std::string_view method) {
  auto request = Message::request(method, "sip:bob@biloxi.example.com");
  request.add(Name::via, "SIP/2.0/UDP pc33.atlanta.example.com;branch=z9hG4bK74bf9");
  request.add(Name::max_forwards, "70");
  request.add(Name::from, "Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl");
  request.add(Name::to, "Bob <sip:bob@biloxi.example.com>");
  request.add(Name::call_id, "3848276298220188511@atlanta.example.com");
  request.add(Name::cseq, "2 " + std::string{method});
  return request;
}

inline Message response_of(std::string_view method, int status) {
  auto response = Message::response(status);
  response.copy(Name::via, request_of(method));
  response.copy(Name::from, request_of(method));
  response.add(Name::to, "Bob <sip:bob@biloxi.example.com>;tag=8321234356");
  response.copy(Name::call_id, request_of(method));
  response.copy(Name::cseq, request_of(method));
  return response;
}

struct TransactionTest : testing::Test {
  // What was asked for since the last time: "INVITE", "200", "tell 200", "timed out", "ended".
  std::vector<std::string> take() {
    std::vector<std::string> words;
    for (const auto& effect : std::exchange(effects, {})) words.push_back(word_of(effect));
    return words;
  }

  static std::string word_of(const Message& message) {
    return message.is_request() ? std::string{message.method()} : std::to_string(message.status());
  }
  static std::string word_of(const TransactionEffect& effect) {
    struct Words {
      std::string operator()(const Transmit& what) const { return word_of(what.message); }
      std::string operator()(const Deliver& what) const { return "tell " + word_of(what.response); }
      std::string operator()(const DeliverAck&) const { return "tell ACK"; }
      std::string operator()(const TimedOut&) const { return "timed out"; }
      std::string operator()(const PatienceEnded&) const { return "patience ended"; }
      std::string operator()(const AckMissing&) const { return "no ACK"; }
      std::string operator()(const TransportFailed&) const { return "transport failed"; }
      std::string operator()(const TransactionEnded&) const { return "ended"; }
    };
    return std::visit(Words{}, effect);
  }

  // Wakes `machine` as often as it wants until `end`: at which milliseconds it asked for something,
  // and what.
  template <class Machine>
  std::vector<std::pair<int, std::string>> diary(Machine& machine, TimePoint end) {
    std::vector<std::pair<int, std::string>> entries;
    while (machine.deadline() && *machine.deadline() <= end) {
      const auto now = *machine.deadline();
      machine.wake(now, effects);
      const auto at = static_cast<int>(now.time_since_epoch().count());
      for (auto& word : take()) entries.emplace_back(at, std::move(word));
    }
    return entries;
  }

  static constexpr TimePoint start{};
  TransactionEffects effects;
};

// The side of a client, for requests of one method.
template <class Transaction>
struct ClientSide : TransactionTest {
  explicit ClientSide(std::string of) : method{std::move(of)} {}

  void begin(Transaction& transaction) {
    transaction.start(request_of(method), start, effects);
    EXPECT_THAT(take(), testing::ElementsAre(method));
  }
  void receive(Transaction& transaction, int status, TimePoint now) {
    transaction.receive(response_of(method, status), now, effects);
  }

  std::string method;
  Transaction over_udp{Transport::udp, Timers{}};
  Transaction over_tcp{Transport::tcp, Timers{}};
};

}  // namespace convene::sip
