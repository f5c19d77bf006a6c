#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "client/client.h"
#include "client/test_body_store.h"
#include "client/test_flows.h"
#include "sip/fields.h"

namespace convene::client {

using namespace std::chrono_literals;
using sip::Name;

// Alice's or Bob's client, with a script in place of the network.
struct ClientTest : testing::Test {
  static Settings settings_of(std::string name, std::string last_digit) {
    Settings settings;
    settings.address = "sip:" + name + "@example.com";
    settings.instance = "<urn:uuid:00000000-0000-1000-8000-00000000000" + last_digit + ">";
    settings.conference_factory = "sip:conference-factory@example.com";
    settings.outbound = pf;
    return settings;
  }
  static Settings alice() {
    auto settings = settings_of("alice", "1");
    settings.display_name = "Alice";
    return settings;
  }
  static Settings bob() { return settings_of("bob", "2"); }

  void be(Settings settings, const std::string& host) {
    client.emplace(std::move(settings), Surroundings{random, log, calendar}, bodies);
    client->start(
        {.sip = {.udp = {}, .tcp = sip::HostPort{host, 5060}, .tls = {}}, .msrp = {host, 9}}, now,
        out);
  }
  void be_alice() { be(alice(), "198.51.100.11"); }
  void be_bob() { be(bob(), "198.51.100.12"); }

  // What the client has said since the last call.
  std::vector<Event> events() { return std::exchange(out.events, {}); }
  template <class E>
  std::optional<E> event() {
    std::optional<E> found;
    for (const auto& one : events()) {
      if (const auto* it = std::get_if<E>(&one)) found = *it;
    }
    return found;
  }

  // The next message that the client sent. Fails the test, and gives an empty one, when there is
  // none.
  sip::Message sent() {
    if (out.sends.empty()) {
      ADD_FAILURE() << "nothing was sent";
      return sip::Message::response(699);
    }
    auto message = std::move(out.sends.front().message);
    out.sends.erase(out.sends.begin());
    return message;
  }
  sip::Message sent(std::string_view method) {
    while (!out.sends.empty()) {
      auto message = sent();
      if (message.method() == method && message.is_request()) return message;
    }
    ADD_FAILURE() << "no " << method << " was sent";
    return sip::Message::response(699);
  }
  sip::Message answered(int status) {
    while (!out.sends.empty()) {
      auto message = sent();
      if (message.status() == status) return message;
    }
    ADD_FAILURE() << "no " << status << " was sent";
    return sip::Message::response(699);
  }
  bool is_silent() const { return out.sends.empty(); }

  void receive(sip::Message message) { client->receive(std::move(message), from_pf, now, out); }
  void receive(const std::string& text) {
    auto message = sip::parse_message(text);
    ASSERT_TRUE(message) << message.error().detail;
    receive(*std::move(message));
  }
  void receive_flow(const std::string& name) { receive(flow(name)); }

  // A response of the script to a request of the client's, with the headers and body of a flow's.
  void answer_like(const sip::Message& request, const std::string& flow_name) {
    const auto example = sip::parse_message(flow(flow_name));
    ASSERT_TRUE(example);
    auto response = sip::make_response(request, example->status(), "script");
    for (const auto name :
         {Name::record_route, Name::contact, Name::require, Name::session_expires, Name::allow}) {
      response.copy(name, *example);
    }
    if (!example->body().empty()) {
      response.set_body(example->header(Name::content_type), example->body());
    }
    receive(std::move(response));
  }
  void answer(const sip::Message& request, int status) {
    receive(sip::make_response(request, status, "script"));
  }

  // A request of the script in the dialog that `response`, the client's 2xx, has made.
  sip::Message request_in(const sip::Message& response, std::string_view method,
                          std::uint32_t cseq) {
    auto request = sip::Message::request(method, "sip:bob@198.51.100.12:5060;transport=tcp");
    request.add(Name::via, "SIP/2.0/TCP cf.example.com;branch=z9hG4bKs" + std::to_string(++branch));
    request.add(Name::max_forwards, "70");
    request.add(Name::from, response.header(Name::from));
    request.add(Name::to, response.header(Name::to));
    request.add(Name::call_id, response.header(Name::call_id));
    request.add(Name::cseq, sip::to_text(sip::CSeq{cseq, std::string{method}}));
    return request;
  }
  // The same for a dialog that the client's `request` and the script's "script" tag have made.
  sip::Message request_back(const sip::Message& request, std::string_view method,
                            std::uint32_t cseq) {
    auto back = sip::Message::request(method, "sip:alice@198.51.100.11:5060;transport=tcp");
    back.add(Name::via, "SIP/2.0/TCP cf.example.com;branch=z9hG4bKs" + std::to_string(++branch));
    back.add(Name::max_forwards, "70");
    back.add(Name::from, std::string{request.header(Name::to)} + ";tag=script");
    back.add(Name::to, request.header(Name::from));
    back.add(Name::call_id, request.header(Name::call_id));
    back.add(Name::cseq, sip::to_text(sip::CSeq{cseq, std::string{method}}));
    return back;
  }

  // The client's connection to the switch: what it wrote, and what the switch says.
  std::optional<msrp::Connect> connecting() {
    for (const auto& effect : out.msrp) {
      if (const auto* connect = std::get_if<msrp::Connect>(&effect)) return *connect;
    }
    return std::nullopt;
  }
  msrp::ConnectionId connect() {
    const auto connect = connecting();
    if (!connect) {
      ADD_FAILURE() << "no connection is wanted";
      return {};
    }
    out.msrp.clear();
    client->msrp_connected(connect->connection, {}, now, out);
    return connect->connection;
  }
  std::string written(msrp::ConnectionId connection) {
    std::string text;
    for (int i = 0; i < 100; ++i) {
      out.msrp.clear();
      client->msrp_writable(connection, 1'000'000, now, out);
      bool any = false;
      for (const auto& effect : std::exchange(out.msrp, {})) {
        const auto* write = std::get_if<msrp::Write>(&effect);
        if (!write) continue;
        any = true;
        for (const auto& piece : write->pieces) text += octets_of(piece);
      }
      if (!any) break;
      client->msrp_written(connection, now, out);
    }
    return text;
  }
  void says(msrp::ConnectionId connection, std::string_view text) {
    while (!text.empty()) {
      const auto room = client->msrp_prepare(connection);
      ASSERT_FALSE(room.empty());
      const auto count = std::min(room.size(), text.size());
      std::ranges::copy(std::as_bytes(std::span{text.substr(0, count)}), room.begin());
      client->msrp_commit(connection, count, now, out);
      text.remove_prefix(count);
    }
  }
  // This answer to every request in `text`.
  void confirm(msrp::ConnectionId connection, const std::string& text,
               const std::string& status = "200 OK") {
    for (std::size_t at = 0; (at = text.find("MSRP ", at)) != text.npos; ++at) {
      auto rest = std::string_view{text}.substr(at);
      const auto start = split(take_line(rest), ' ');
      if (start.size() != 3 || (start[2] != "SEND" && start[2] != "NICKNAME")) continue;
      const std::string to{take_line(rest).substr(sizeof "To-Path:")};
      const std::string from{take_line(rest).substr(sizeof "From-Path:")};
      const std::string id{start[1]};
      says(connection, "MSRP " + id + " " + status + "\r\nTo-Path: " + from +
                           "\r\nFrom-Path: " + to + "\r\n-------" + id + "$\r\n");
    }
  }

  void wait(Duration time) {
    const auto end = now + time;
    while (client->deadline() && *client->deadline() <= end) {
      now = std::max(now, *client->deadline());
      client->wake(now, out);
    }
    now = end;
  }

  // Alice in the group of flow F1, and everything said until then taken.
  GroupId alice_in_group() {
    const auto id = client->create_group(
        {.subject = "Trail Sunday", .members = {"sip:bob@example.com"}}, now, out);
    invite = sent("INVITE");
    answer_like(invite, "003-f1-3-cf-to-pf-a-200-ok-to-creator.txt");
    return id.value();
  }

  std::string octets_of(const msrp::Piece& piece) const {
    if (const auto* text = std::get_if<std::string>(&piece)) return *text;
    const auto& slice = std::get<msrp::BodySlice>(piece);
    return bodies.octets(slice.body).substr(slice.offset, slice.size);
  }

  inline static const sip::Destination pf{
      .transport = sip::Transport::tcp, .address = {"192.0.2.11", 5060}, .flow = {}};
  inline static const sip::Source from_pf{.transport = sip::Transport::tcp,
                                          .address = {"192.0.2.11", 5060},
                                          .flow = {1},
                                          .is_trusted = true};

  TimePoint now{};
  SeededRandom random{1};
  KeptLog log;
  Calendar calendar{TimePoint{}, std::chrono::sys_days{std::chrono::year{2025} / 11 / 22} +
                                     std::chrono::hours{10}};
  TestBodyStore bodies;
  std::optional<Client> client;
  Output out;
  sip::Message invite = sip::Message::response(699);
  int branch = 0;
};

}  // namespace convene::client
