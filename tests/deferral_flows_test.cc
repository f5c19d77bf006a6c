#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cpim/imdn_headers.h"
#include "cpm/file_transfer_offer.h"
#include "cpm/flow_messages.h"
#include "cpm/session_offer.h"
#include "msrp/test_side.h"
#include "participating/participating_function.h"
#include "tests/flow_match.h"
#include "tests/flow_scene.h"

// The flows F4, played by Bob's Participating Function while Bob is away; what it sends is compared
// with the flow's.
namespace convene::tests {
namespace {

using namespace std::chrono_literals;
using participating::DeferralId;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::string_view plan_of_trail =
    "Trail plan: meet 08:30 at the north gate, bring water and a map.\n";
constexpr msrp::ConnectionId connection{1};

struct DeferralFlows : testing::Test {
  DeferralFlows() {
    participating::Settings settings;
    settings.uri = "sip:pf-b.example.com;transport=tcp";
    settings.domains = {"example.com"};
    settings.deferral.is_durable = true;
    settings.layer.udp_limit = 0;  // all over TCP, as in the flows
    function.emplace(std::move(settings), Surroundings{random, log, calendar}, bodies);
    function->start({.udp = sip::HostPort{"pf-b.example.com", 5060},
                     .tcp = sip::HostPort{"pf-b.example.com", 5060},
                     .tls = {}},
                    sip::HostPort{"192.0.2.12", 2855});
  }

  template <class Call>
  void tell(Call call) {
    participating::Output out;
    call(*function, out);
    for (auto& send : out.sends) sent.push_back(std::move(send.message));
    for (auto& one : out.deferrals) deferrals.push_back(std::move(one));
    for (auto& one : out.msrp) msrp.push_back(std::move(one));
  }
  void receive(sip::Message message) {
    tell([&](auto& pf, auto& out) {
      pf.receive(std::move(message),
                 {.transport = sip::Transport::tcp,
                  .address = {"cf.example.com", 5060},
                  .flow = sip::Flow{2},
                  .is_trusted = true},
                 now, out);
    });
  }
  sip::Message last(std::string_view method, bool is_request) const {
    for (auto it = sent.rbegin(); it != sent.rend(); ++it)
      if (it->is_request() == is_request && it->method() == method) return *it;
    ADD_FAILURE() << "no " << method << "\n" << log.text();
    return sip::Message::request("X", "sip:x");
  }
  void expect(const std::string& label, const sip::Message& seen, const std::string& leg) {
    const auto text = sip::to_text(seen);
    EXPECT_EQ(match.complaints(label, cpm::flow_text(label), text, leg), "") << text;
  }

  // Flow F3.2, for whom nobody is registered.
  static sip::Message invite() {
    auto made = cpm::flow("f3-2");
    made.remove(sip::Name::route);
    made.add(sip::Name::route, "<sip:pf-b.example.com;transport=tcp;lr>");
    made.add(sip::Name::route, "<sip:core.example.com;transport=tcp;lr>");
    made.add("P-Served-User", "<sip:bob@example.com>;sescase=term;regstate=unreg");
    return made;
  }
  void acknowledge(const sip::Message& request, const sip::Message& response) {
    auto ack = sip::Message::request("ACK", "sip:x");
    ack.add(sip::Name::via, "SIP/2.0/TCP cf.example.com;branch=z9hG4bKack1");
    ack.add(sip::Name::max_forwards, "70");
    ack.copy(sip::Name::from, request);
    ack.copy(sip::Name::to, response);
    ack.copy(sip::Name::call_id, request);
    ack.add(sip::Name::cseq, "1 ACK");
    ack.add(sip::Name::route, "<sip:pf-b.example.com;transport=tcp;lr>");
    receive(std::move(ack));
  }
  // What the function writes on its connection, as text.
  std::string written() {
    std::string text;
    for (int i = 0; i < 4; ++i) {
      tell([&](auto& pf, auto& out) { pf.msrp_writable(connection, 100'000, now, out); });
      for (const auto& effect : std::exchange(msrp, {})) {
        const auto* write = std::get_if<msrp::Write>(&effect);
        if (write == nullptr) continue;
        for (const auto& piece : write->pieces)
          if (const auto* octets = std::get_if<std::string>(&piece)) text += *octets;
      }
      tell([&](auto& pf, auto& out) { pf.msrp_written(connection, now, out); });
    }
    return text;
  }
  void send_file(std::string_view to_path, std::string_view octets) {
    const auto total = std::to_string(octets.size());
    const std::string chunk = "MSRP d1plan SEND\r\nTo-Path: " + std::string{to_path} +
                              "\r\nFrom-Path: msrp://192.0.2.20:2855/cfft-bob;tcp\r\n"
                              "Message-ID: f1\r\nByte-Range: 1-" +
                              total + "/" + total + "\r\nContent-Type: text/plain\r\n\r\n" +
                              std::string{octets} + "\r\n-------d1plan$\r\n";
    const auto room = function->msrp_prepare(connection);
    ASSERT_GE(room.size(), chunk.size());
    std::ranges::copy(std::as_bytes(std::span{chunk}), room.begin());
    tell([&](auto& pf, auto& out) { pf.msrp_commit(connection, chunk.size(), now, out); });
  }
  // Up to the commit of what came.
  void defer(std::string_view octets = plan_of_trail) {
    const auto request = invite();
    receive(request);
    const auto ok = last("INVITE", false);
    acknowledge(request, ok);
    const auto description = cpm::description_of(ok);
    ASSERT_TRUE(description);
    tell([&](auto& pf, auto& out) { pf.msrp_connected(connection, {}, now, out); });
    written();
    send_file(description->media.at(0).attributes.value("path").value_or(""), octets);
  }
  participating::StoreDeferred commit() {
    const auto what = std::get<participating::StoreDeferred>(deferrals.at(0));
    tell([&](auto& pf, auto& out) { pf.deferred(what.id, true, now, out); });
    deferrals.clear();
    return what;
  }
  void fetch(const participating::StoreDeferred& what) {
    auto message = what.message;
    message.content->body = bodies.add(std::string{plan_of_trail});
    tell([&](auto& pf, auto& out) { pf.deferred_fetched(what.id, message, now, out); });
  }
  sip::Message push() {
    defer();
    const auto what = commit();
    tell([&](auto& pf, auto& out) { pf.registered("sip:bob@example.com", now, out); });
    EXPECT_THAT(deferrals, SizeIs(1));
    fetch(what);
    return last("INVITE", true);
  }

  SeededRandom random{1};
  KeptLog log;
  TimePoint now{};
  Calendar calendar{now, std::chrono::sys_days{std::chrono::year{2025} / 11 / 22} +
                             std::chrono::hours{10} + std::chrono::minutes{5}};
  msrp::MemoryBodies bodies;
  std::optional<participating::ParticipatingFunction> function;
  std::vector<sip::Message> sent;
  participating::DeferralEffects deferrals;
  std::vector<msrp::Effect> msrp;
  FlowMatch match{known_variants()};
};

// Conversation 15, R3.3
TEST_F(DeferralFlows, f4_1_takes_a_file_on_behalf_of_who_is_away) {
  receive(invite());
  expect("f4-1", last("INVITE", false), "pf-cf");
}

// Durable before acknowledged.
TEST_F(DeferralFlows, f4_1_answers_the_last_octets_once_they_are_stored) {
  defer();
  ASSERT_THAT(deferrals, SizeIs(1)) << log.text();
  EXPECT_THAT(written(), testing::Not(HasSubstr("MSRP d1plan 200")));
  commit();
  EXPECT_THAT(written(), HasSubstr("MSRP d1plan 200"));
}

// G-31
TEST_F(DeferralFlows, f4_1_keeps_nothing_that_is_another_file) {
  auto other = std::string{plan_of_trail};
  other[0] = 'X';
  defer(other);
  EXPECT_THAT(deferrals, testing::IsEmpty());
  EXPECT_THAT(written(), testing::AnyOf(HasSubstr("MSRP d1plan 4"), HasSubstr("000 4")));
  EXPECT_EQ(bodies.bodies(), 0U);
}

// Conversation 15, 14.5, 14.6
TEST_F(DeferralFlows, f4_2_pushes_it_when_he_has_registered) { expect("f4-2", push(), "pf-bob"); }

// RFC 5438 8
TEST_F(DeferralFlows, f4_3_passes_his_report_on_without_itself_on_its_way) {
  push();
  auto offer = cpm::read_file_transfer_offer(last("INVITE", true));
  ASSERT_TRUE(offer && offer->files.at(0) && offer->files[0]->wrapper);
  const auto route = cpim::imdn_record_route(*offer->files[0]->wrapper);
  ASSERT_THAT(route, SizeIs(2));

  auto report = cpm::flow("f4-3");
  std::string body{report.body()};
  constexpr std::string_view in_flow = "sip:defer-1@pf-b.example.com";
  body.replace(body.find(in_flow), in_flow.size(), route[0].uri);
  report.set_uri(route[0].uri);
  report.set(sip::Name::to, "<" + route[0].uri + ">");
  report.add(sip::Name::p_asserted_identity, "<sip:bob@example.com>");
  report.set_body("message/cpim", body);
  receive(report);
  const auto passed = last("MESSAGE", true);
  EXPECT_EQ(passed.uri(), "sip:grp-8d21@cf.example.com");
  EXPECT_EQ(passed.header(sip::Name::p_asserted_identity), "<sip:bob@example.com>");
  const auto content = cpim::parse_message(passed.body());
  ASSERT_TRUE(content);
  const auto left = cpim::imdn_route(*content);
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].uri, "sip:grp-8d21@cf.example.com");
  EXPECT_THAT(std::string{passed.body()}, HasSubstr("<delivered/>"));
}

// Nobody gets in where they do not belong.
TEST_F(DeferralFlows, f4_3_takes_nothing_but_reports_there) {
  auto report = cpm::flow("f4-3");
  report.add(sip::Name::p_asserted_identity, "<sip:bob@example.com>");
  report.set_body("text/plain", "Hello");
  receive(report);
  EXPECT_EQ(last("MESSAGE", false).status(), 404);
}

// RFC 5438 7.2.1
TEST_F(DeferralFlows, f4_4_reports_a_file_that_nobody_fetched) {
  defer();
  const auto what = commit();
  now += 7 * 24h;
  tell([&](auto& pf, auto& out) { pf.wake(now, out); });
  ASSERT_THAT(deferrals, SizeIs(1)) << log.text();
  fetch(what);
  expect("f4-4", last("MESSAGE", true), "pf-cf");
}

}  // namespace
}  // namespace convene::tests
