#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "cpm/flow_messages.h"
#include "msrp/test_side.h"
#include "participating/participating_function.h"
#include "sip/tag.h"
#include "store/stored_object.h"

namespace convene::participating {

using namespace std::chrono_literals;

// For tests: Alice's Participating Function of the flows between her client and the focus, and what
// it asks of her message store.
struct HistoryTest : testing::Test {
  HistoryTest() { make({}); }

  void make(HistoryPolicy policy, bool keeps = true) {
    Settings settings;
    settings.uri = "sip:pf-a.example.com;transport=tcp";
    settings.domains = {"example.com"};
    settings.preferences.offline_storage = keeps;
    settings.history = std::move(policy);
    settings.history.has_store = true;
    function.emplace(std::move(settings), Surroundings{random, log, calendar}, bodies);
    function->start({.udp = {}, .tcp = sip::HostPort{"pf-a.example.com", 5060}, .tls = {}});
  }

  // A first request of the flows, as the core sends it to us for `served`.
  static sip::Message of_flow(std::string_view label, std::string_view served) {
    auto request = cpm::flow(label);
    request.remove(sip::Name::route);
    request.remove(sip::Name::record_route);
    request.add(sip::Name::route, "<sip:pf-a.example.com;transport=tcp;lr>");
    request.add(sip::Name::route, "<sip:core.example.com;transport=tcp;lr>");
    request.add("P-Served-User", served);
    return request;
  }
  static constexpr std::string_view alice_calls = "<sip:alice@example.com>;sescase=orig";
  static constexpr std::string_view bob_is_called = "<sip:bob@example.com>;sescase=term";

  void receive(sip::Message message, std::string_view from_host = "core.example.com") {
    Output out;
    function->receive(std::move(message),
                      {.transport = sip::Transport::tcp,
                       .address = {std::string{from_host}, 5060},
                       .flow = sip::Flow{2},
                       .is_trusted = true},
                      now, out);
    take(std::move(out));
  }
  void take(Output out) {
    for (auto& send : out.sends) sent.push_back(std::move(send.message));
    for (auto& ask : out.asks) asks.push_back(std::move(ask));
  }
  void pass(Duration time) {
    now += time;
    Output out;
    function->wake(now, out);
    take(std::move(out));
  }

  // The other side's answer to our last request, with what a 200 of the flows says.
  void answer(const sip::Message& request, int status, std::string_view like = {}) {
    auto response = sip::make_response(request, status, "far");
    for (const auto route : request.values(sip::Name::record_route))
      response.add(sip::Name::record_route, route);
    response.add_first(sip::Name::record_route, "<sip:core.example.com;transport=tcp;lr>");
    if (!like.empty()) {
      const auto model = cpm::flow(like);
      for (const auto name :
           {sip::Name::contact, sip::Name::p_asserted_identity, sip::Name::session_expires})
        response.copy(name, model);
      response.set_body(model.header(sip::Name::content_type), model.body());
    }
    receive(std::move(response));
  }
  sip::Message last_request(std::string_view method) const {
    for (auto it = sent.rbegin(); it != sent.rend(); ++it)
      if (it->is_request() && it->method() == method) return *it;
    ADD_FAILURE() << "no " << method;
    return sip::Message::request("X", "sip:x");
  }
  // The final response that the user's side got last, or nothing since `sent` was cleared.
  std::optional<sip::Message> last_response(std::string_view method) const {
    for (auto it = sent.rbegin(); it != sent.rend(); ++it)
      if (!it->is_request() && it->method() == method && it->status() >= 200) return *it;
    return std::nullopt;
  }

  // From the first request to the 200: gives our 200 to it.
  sip::Message establish(const sip::Message& request, std::string_view like) {
    receive(request);
    answer(last_request("INVITE"), 200, like);
    const auto response = last_response("INVITE");
    sent.clear();
    return response.value_or(sip::Message::response(500));
  }
  // The caller's BYE in that dialog.
  static sip::Message bye_of_caller(const sip::Message& first, const sip::Message& answered) {
    auto bye = sip::Message::request("BYE", first.uri());
    bye.add(sip::Name::via, "SIP/2.0/TCP 198.51.100.11:5060;branch=z9hG4bKby6");
    bye.add(sip::Name::max_forwards, "70");
    bye.copy(sip::Name::from, first);
    bye.copy(sip::Name::to, answered);
    bye.copy(sip::Name::call_id, first);
    bye.add(sip::Name::cseq, "2 BYE");
    bye.add(sip::Name::route, "<sip:pf-a.example.com;transport=tcp;lr>");
    return bye;
  }
  // The callee's, in the other one: `first` is what we sent.
  static sip::Message bye_of_callee(const sip::Message& first) {
    auto bye = sip::Message::request("BYE", "sip:alice@198.51.100.11:5060");
    bye.add(sip::Name::via, "SIP/2.0/TCP cf.example.com;branch=z9hG4bKby7");
    bye.add(sip::Name::max_forwards, "70");
    bye.add(sip::Name::from, sip::with_tag(first.header(sip::Name::to), "far"));
    bye.copy(sip::Name::to, first);
    bye.set(sip::Name::to, first.header(sip::Name::from));
    bye.copy(sip::Name::call_id, first);
    bye.add(sip::Name::cseq, "1 BYE");
    bye.add(sip::Name::route, "<sip:pf-a.example.com;transport=tcp;lr>");
    return bye;
  }

  // Flow F3, alice's side: her file to the group; and flow F6.
  void send_plan() {
    invite = of_flow("f3-1", alice_calls);
    ok = establish(invite, "f3-7");
  }
  void alice_hangs_up() { receive(bye_of_caller(invite, ok)); }

  const store::Write& write(std::size_t number) const {
    return std::get<store::Write>(asks.at(number).request);
  }
  void store_says(const store::Ask& ask, store::Answer what) {
    Output out;
    function->store_answered(ask.id, what, now, out);
    take(std::move(out));
  }
  void store_has(const store::Ask& ask, store::Written written) {
    Output out;
    function->store_kept(ask.id, now, out);
    take(std::move(out));
    store_says(ask, std::move(written));
  }
  std::string uid_in_last_response() const {
    const auto response = last_response("BYE");
    return response ? std::string{response->header(sip::Name::message_uid)} : "no response";
  }
  static store::StoredObject read(const store::Object& object) {
    auto read = store::parse_object(store::text_of(object));
    if (!read) throw std::runtime_error(read.error().detail);
    return *std::move(read);
  }

  SeededRandom random{1};
  KeptLog log;
  TimePoint now{};
  Calendar calendar{now, std::chrono::sys_days{std::chrono::year{2025} / 11 / 22} +
                             std::chrono::hours{10} + std::chrono::minutes{5}};
  msrp::MemoryBodies bodies;
  std::optional<ParticipatingFunction> function;
  sip::Message invite = sip::Message::request("INVITE", "sip:x"), ok = invite;  // of the latest
  std::vector<sip::Message> sent;
  std::vector<store::Ask> asks;
};

}  // namespace convene::participating
