#include <fcntl.h>
#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include "io/test_certificate.h"
#include "io/test_directory.h"
#include "io/test_node.h"

namespace convene::io {
namespace {

using namespace std::chrono_literals;
using msrp::Security;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

RunnerSettings secure_loopback(TlsSettings tls = {.self_signed = true}) {
  auto settings = RunningNode::loopback();
  settings.msrps = {{"127.0.0.1", 0}};
  settings.media_tls = std::move(tls);
  return settings;
}

struct RunnerMsrpsTest : testing::Test {
  void connect(Security security = Security::certificate, const std::string& host = "127.0.0.1") {
    alice.perform(msrp::Connect{{1}, host, bob.node.addresses.msrps->port, security});
  }
  void connect_both() {
    connect();
    ASSERT_TRUE(loop.run_until([&] {
      return alice.node.has_heard("msrps connected") && bob.node.has_heard("msrps accepted");
    }));
  }
  std::string& bobs() { return bob.node.msrp_received[bob.node.last_connection]; }

  TestDirectory spool;
  TestDirectory files;
  Loop loop;
  FileBodyStore bodies{spool.path(), {.body = 1U << 30, .total = 1U << 30, .free_floor = 0}};
  RunningNode alice{loop, secure_loopback(), &bodies};
  RunningNode bob{loop, secure_loopback()};
};

// RFC 4975 14.4, RFC 8122 6.2: each learns the other's certificate, whose fingerprint the SDP says.
TEST_F(RunnerMsrpsTest, tells_both_whose_certificate_it_is) {
  connect_both();

  EXPECT_EQ(fingerprint_of(alice.node.last_certificate), bob.node.addresses.msrps->fingerprint);
  EXPECT_EQ(fingerprint_of(bob.node.last_certificate), alice.node.addresses.msrps->fingerprint);
  EXPECT_NE(alice.node.last_certificate, bob.node.last_certificate);
}

TEST_F(RunnerMsrpsTest, carries_octets_both_ways) {
  connect_both();
  bob.node.echoes = true;
  const auto octets = noise(3'000'000, 1);

  alice.send({1}, octets);

  EXPECT_TRUE(
      loop.run_until([&] { return alice.node.msrp_received[{1}].size() == octets.size(); }));
  EXPECT_TRUE(bobs() == octets);
  EXPECT_TRUE(alice.node.msrp_received[{1}] == octets);
}

TEST_F(RunnerMsrpsTest, mixes_texts_and_slices_of_files_in_order) {
  connect_both();
  const auto octets = noise(9'000'000, 3);
  const auto body = bodies.create({}).value();
  ASSERT_TRUE(bodies.write(body, 0, std::as_bytes(std::span{octets})));

  alice.perform(msrp::Write{{1},
                            {"head", msrp::BodySlice{body, 100'000, octets.size() - 100'000},
                             "middle", msrp::BodySlice{body, 0, 100'000}, "tail"}});
  alice.perform(msrp::WantWrite{{1}});

  const auto expected =
      "head" + octets.substr(100'000) + "middle" + octets.substr(0, 100'000) + "tail";
  EXPECT_TRUE(loop.run_until([&] { return bobs().size() == expected.size(); }, 60s));
  EXPECT_TRUE(bobs() == expected);
}

TEST_F(RunnerMsrpsTest, asks_a_node_only_for_what_a_slow_reader_takes) {
  auto settings = secure_loopback();
  settings.connections.read_rate = 1'000;
  RunningNode slow{loop, settings};
  alice.perform(
      msrp::Connect{{1}, "127.0.0.1", slow.node.addresses.msrps->port, Security::certificate});
  ASSERT_TRUE(loop.run_until([&] { return alice.node.has_heard("msrps connected"); }));

  for (int i = 0; i < 200; ++i) alice.send({1}, std::string(262'144, 'x'));
  loop.run_until([] { return false; }, 30ms);

  // What the kernel's buffers hold, and one budget.
  EXPECT_GT(alice.node.waiting[{1}].size(), 150);
}

TEST_F(RunnerMsrpsTest, reads_no_more_than_its_budget_and_forgets_nothing_that_it_read_ahead) {
  auto settings = secure_loopback();
  settings.connections.read_budget = 10'000;
  RunningNode careful{loop, settings};
  alice.perform(
      msrp::Connect{{1}, "127.0.0.1", careful.node.addresses.msrps->port, Security::certificate});
  ASSERT_TRUE(loop.run_until([&] { return alice.node.has_heard("msrps connected"); }));

  alice.send({1}, std::string(1'000'000, 'x'));

  EXPECT_TRUE(loop.run_until([&] { return careful.node.msrp_received[{2}].size() == 1'000'000; }));
  EXPECT_LE(careful.node.largest_read, 10'000);
}

TEST_F(RunnerMsrpsTest, closes_after_everything_written_before_has_left) {
  connect_both();
  const auto octets = noise(4'000'000, 4);

  alice.perform(msrp::Write{{1}, {octets}});
  alice.perform(msrp::Close{{1}});

  EXPECT_TRUE(loop.run_until([&] { return bob.node.has_heard("msrp closed"); }));
  EXPECT_TRUE(bobs() == octets);
}

// RFC 4976 6.1, 8: a relay proves its name.
TEST_F(RunnerMsrpsTest, believes_a_relay_whose_name_somebody_vouches_for) {
  TestCertificate of_relay{"DNS:localhost"};
  const auto relay_files = of_relay.write_to(files / "relay");
  RunningNode relay{loop, secure_loopback(relay_files)};
  RunningNode user{loop,
                   secure_loopback({.authorities = relay_files.authorities, .self_signed = true})};
  const auto port = relay.node.addresses.msrps->port;

  user.perform(msrp::Connect{{1}, "localhost", port, Security::name});
  user.perform(msrp::Connect{{3}, "127.0.0.1", port, Security::name});
  alice.perform(msrp::Connect{{1}, "localhost", port, Security::name});

  EXPECT_TRUE(loop.run_until(
      [&] { return user.node.heard.size() == 2 && alice.node.has_heard("msrp closed"); }));
  EXPECT_THAT(user.node.heard, testing::UnorderedElementsAre("msrps connected", "msrp closed"));
  EXPECT_THAT(user.log.text(), HasSubstr("does not name 127.0.0.1"));
  EXPECT_THAT(alice.log.text(), HasSubstr("self-signed certificate"));
}

TEST_F(RunnerMsrpsTest, closes_who_does_not_shake_hands) {
  auto settings = secure_loopback();
  settings.connections.handshake_patience = 20ms;
  RunningNode careful{loop, settings};
  const sip::HostPort at{"127.0.0.1", careful.node.addresses.msrps->port};
  const auto silent = connect_blocking(at);
  const auto garbage = connect_blocking(at);
  EXPECT_EQ(::send(garbage.get(), "MSRP abcd SEND\r\n", 16, 0), 16);

  EXPECT_TRUE(loop.run_until([&] {
    return careful.log.text().contains("took too long") && careful.runner.connections() == 0;
  }));

  EXPECT_THAT(careful.node.heard, IsEmpty());
}

TEST_F(RunnerMsrpsTest, shakes_hands_with_so_many_at_a_time) {
  auto settings = secure_loopback();
  settings.connections.max_handshakes = 1;
  RunningNode careful{loop, settings};
  const sip::HostPort at{"127.0.0.1", careful.node.addresses.msrps->port};
  auto silent = connect_blocking(at);
  EXPECT_TRUE(loop.run_until([&] { return careful.runner.connections() == 1; }));

  const auto refused = connect_blocking(at);
  EXPECT_TRUE(loop.run_until([&] { return careful.log.text().contains("too many"); }));
  reset_connection(std::move(silent));
  EXPECT_TRUE(loop.run_until([&] { return careful.runner.connections() == 0; }));
  alice.perform(msrp::Connect{{1}, "127.0.0.1", at.port, Security::certificate});

  EXPECT_TRUE(loop.run_until([&] { return careful.node.has_heard("msrps accepted"); }));
}

// A foreign peer: OpenSSL's own socket, one step at a time.
struct ForeignPeer {
  ForeignPeer(const sip::HostPort& to, int version) : socket{connect_blocking(to)} {
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), version);
    SSL_CTX_set_security_level(context.get(), 0);
    connection.reset(SSL_new(context.get()));
    SSL_set_fd(connection.get(), socket.get());
    SSL_set_connect_state(connection.get());
    ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);
  }
  bool has_failed(int outcome) {
    if (outcome == 1) return false;
    const int why = SSL_get_error(connection.get(), outcome);
    return why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE;
  }

  FileDescriptor socket;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_client_method()),
                                                            SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> connection{nullptr, SSL_free};
};

// RFC 8996: TLS 1.2 and later.
TEST_F(RunnerMsrpsTest, refuses_tls_1_1) {
  ForeignPeer peer{{"127.0.0.1", bob.node.addresses.msrps->port}, TLS1_1_VERSION};

  EXPECT_TRUE(
      loop.run_until([&] { return peer.has_failed(SSL_do_handshake(peer.connection.get())); }));
  EXPECT_THAT(bob.node.heard, IsEmpty());
}

TEST_F(RunnerMsrpsTest, takes_tls_1_2_and_does_not_negotiate_it_again) {
  ForeignPeer peer{{"127.0.0.1", bob.node.addresses.msrps->port}, TLS1_2_VERSION};
  ASSERT_TRUE(loop.run_until([&] { return SSL_do_handshake(peer.connection.get()) == 1; }));
  ASSERT_TRUE(loop.run_until([&] { return bob.node.has_heard("msrps accepted"); }));
  EXPECT_EQ(bob.node.last_certificate, "") << "it has shown none";

  SSL_renegotiate(peer.connection.get());

  EXPECT_TRUE(
      loop.run_until([&] { return peer.has_failed(SSL_do_handshake(peer.connection.get())); }));
}

TEST_F(RunnerMsrpsTest, keeps_its_certificate_when_files_are_read_again) {
  const auto before = bob.node.addresses.msrps->fingerprint;
  ASSERT_TRUE(bob.runner.reload_tls());

  connect_both();

  EXPECT_EQ(fingerprint_of(alice.node.last_certificate), before);
}

TEST_F(RunnerMsrpsTest, announces_the_discard_port_when_it_does_not_listen) {
  auto settings = secure_loopback();
  settings.msrps.clear();
  const RunningNode quiet{loop, settings};
  auto without = secure_loopback();
  without.media_tls.reset();
  const RunningNode wrong{loop, without};

  EXPECT_EQ(quiet.node.addresses.msrps->port, 9);
  EXPECT_EQ(wrong.started.error().fault, Fault::not_found);
}

}  // namespace
}  // namespace convene::io
