#include "node/server_node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_side.h"
#include "sip/fields.h"

namespace convene::node {
namespace {

using namespace std::chrono_literals;
using sip::Name;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr TimePoint start{};
constexpr sip::Flow alice{2}, bob{4};

// With its registrar in the open lab: who comes from this machine is who it says it is.
ServerSettings settings() {
  ServerSettings server;
  server.policy.group.factories = {{.uri = "sip:conference-factory@ims.example"}};
  server.policy.group.focus_host = "127.0.0.1:5060";
  registrar::Settings registrar;
  registrar.domain = "ims.example";
  registrar.authentication.realm = "ims.example";
  registrar.authentication.open = true;
  registrar.service_uris = {"sip:conference-factory@ims.example"};
  registrar.service_hosts = {"127.0.0.1:5060"};
  server.registrar = std::move(registrar);
  return server;
}

struct ServerNodeTest : testing::Test {
  void SetUp() override {
    node.start({.sip = {.udp = {}, .tcp = sip::HostPort{"127.0.0.1", 5060}, .tls = {}},
                .msrp = {"127.0.0.1", 2855}},
               start, effects);
  }
  void connect(sip::Flow flow, std::uint16_t port) {
    node.stream_accepted(flow, sip::Transport::tcp, {.host = "127.0.0.1", .port = port}, start,
                         effects);
  }
  static std::string head(std::string_view method, std::string_view uri, std::string_view user,
                          std::string_view port) {
    return std::string{method} + " " + std::string{uri} +
           " SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:" + std::string{port} + ";branch=z9hG4bK" +
           std::string{user} + std::string{method} +
           "\r\nMax-Forwards: 70\r\nFrom: <sip:" + std::string{user} +
           "@ims.example>;tag=1\r\nTo: <sip:" +
           (method == "REGISTER" ? std::string{user} + "@ims.example"
                                 : std::string{"conference-factory@ims.example"}) +
           ">\r\nCall-ID: " + std::string{user} + "\r\nCSeq: 1 " + std::string{method} +
           "\r\nContact: <sip:" + std::string{user} + "@127.0.0.1:" + std::string{port} +
           ";transport=tcp>\r\n";
  }
  void register_bob() {
    connect(bob, 40'002);
    node.stream_received(
        bob, head("REGISTER", "sip:ims.example", "bob", "40002") + "Content-Length: 0\r\n\r\n",
        start, effects);
  }
  void create_group() {
    connect(alice, 40'001);
    const std::string body =
        "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n"
        "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=message 9 TCP/MSRP *\r\na=accept-types:message/cpim\r\n"
        "a=accept-wrapped-types:text/plain\r\na=setup:active\r\n"
        "a=path:msrp://127.0.0.1:9/a;tcp\r\n"
        "\r\n--b\r\nContent-Type: application/resource-lists+xml\r\n"
        "Content-Disposition: recipient-list\r\n\r\n"
        "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"><list>"
        "<entry uri=\"sip:bob@ims.example\"/></list></resource-lists>\r\n--b--\r\n";
    node.stream_received(
        alice,
        head("INVITE", "sip:conference-factory@ims.example", "alice", "40001") +
            "Require: recipient-list-invite\r\nContent-Type: multipart/mixed;boundary=b\r\n"
            "Content-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body,
        start, effects);
  }
  // What went out over a stream, in order.
  std::vector<sip::Message> sent(sip::Flow flow) const {
    std::vector<sip::Message> messages;
    for (const auto& effect : effects) {
      const auto* one = std::get_if<SendStream>(&effect);
      if (one && one->flow == flow) messages.push_back(*sip::parse_message(one->octets));
    }
    return messages;
  }

  SeededRandom random{1};
  KeptLog log;
  Calendar calendar{start, {}};
  msrp::MemoryBodies bodies;
  ServerNode node{settings(), {.random = random, .log = log, .calendar = calendar}, bodies};
  Effects effects;
};

// Docs: inside one process, roles still meet only in SIP. The way is that of the wire: each of the
// two adds its Via with its own branch, and the registrar is in the Record-Route.
TEST_F(ServerNodeTest, lets_its_registrar_and_its_focus_meet_in_sip) {
  register_bob();
  create_group();

  const auto to_bob = sent(bob);
  ASSERT_THAT(to_bob, SizeIs(2)) << log.text();
  EXPECT_EQ(to_bob[0].status(), 200);
  const auto& invite = to_bob[1];
  EXPECT_EQ(invite.method(), "INVITE");
  const auto vias = invite.values(Name::via);
  ASSERT_THAT(vias, SizeIs(2));
  EXPECT_THAT(std::string{vias[0]}, HasSubstr("z9hG4bKrg"));
  EXPECT_THAT(std::string{vias[1]}, HasSubstr("z9hG4bKcf"));
  EXPECT_THAT(std::string{invite.header(Name::record_route)}, HasSubstr("127.0.0.1"));
  EXPECT_EQ(invite.header(Name::referred_by), "<sip:alice@ims.example>");

  const auto ok = sent(alice).back();
  EXPECT_EQ(ok.status(), 200);
  EXPECT_THAT(ok.values(Name::via), SizeIs(1));
  EXPECT_TRUE(ok.has(Name::record_route));
  for (const auto& effect : effects) EXPECT_FALSE(std::holds_alternative<OpenStream>(effect));
}

// RFC 3261 16.7: a response belongs to whose branch it carries.
TEST_F(ServerNodeTest, gives_an_answer_to_whom_it_belongs) {
  register_bob();
  create_group();
  auto decline = sip::make_response(sent(bob).back(), 486, "bob");
  effects.clear();
  node.stream_received(bob, to_text(decline), start, effects);
  EXPECT_THAT(log.text(), HasSubstr("9.2.10 did not join"));
  ASSERT_THAT(sent(bob), SizeIs(1));
  EXPECT_EQ(sent(bob)[0].method(), "ACK");
}

TEST_F(ServerNodeTest, does_nothing_about_connections_that_it_does_not_know) {
  node.stream_received({8}, "OPTIONS sip:x SIP/2.0\r\n", start, effects);
  node.stream_closed({8}, start, effects);
  node.msrp_commit({8}, 10, start, effects);
  node.msrp_writable({8}, 1'000, start, effects);
  node.msrp_written({8}, start, effects);
  node.msrp_closed({8}, start, effects);
  EXPECT_THAT(effects, IsEmpty());
  EXPECT_THAT(node.msrp_prepare({8}), IsEmpty());
}

// Each machine has its own; the node says the first of them, and each gets its turn.
TEST_F(ServerNodeTest, wants_to_be_woken_when_the_first_of_its_machines_does) {
  EXPECT_EQ(node.deadline(), Deadline{});
  node.msrp_accepted({2}, {.host = "127.0.0.1"}, start, effects);
  EXPECT_EQ(node.deadline(), Deadline{start + 30s});
  connect(alice, 40'001);
  EXPECT_EQ(node.deadline(), Deadline{start + 10s});

  for (auto now = start; now <= start + 31s; now += 1s) node.wake(now, effects);

  ASSERT_THAT(effects, SizeIs(2));
  EXPECT_EQ(std::get<CloseStream>(effects[0]).flow, alice);
  EXPECT_EQ(std::get<msrp::Close>(effects[1]).connection, msrp::ConnectionId{2});
  EXPECT_EQ(node.deadline(), Deadline{});
}

// RFC 3325 5: from a peer that is not trusted.
TEST_F(ServerNodeTest, believes_no_identity_that_a_user_asserts) {
  auto behind = settings();
  behind.registrar.reset();
  ServerNode alone{behind, {.random = random, .log = log, .calendar = calendar}, bodies};
  alone.start({.sip = {.udp = {}, .tcp = sip::HostPort{"127.0.0.1", 5060}, .tls = {}},
               .msrp = {"127.0.0.1", 2855}},
              start, effects);
  alone.stream_accepted(alice, sip::Transport::tcp, {"127.0.0.1", 40'001}, start, effects);
  alone.stream_received(
      alice,
      head("INVITE", "sip:conference-factory@ims.example", "alice", "40001") +
          "P-Asserted-Identity: <sip:alice@ims.example>\r\nContent-Length: 0\r\n\r\n",
      start, effects);
  EXPECT_EQ(sent(alice).back().status(), 403);
  EXPECT_THAT(log.text(), HasSubstr("no authenticated originator"));
}

}  // namespace
}  // namespace convene::node
