#include <gmock/gmock.h>

#include "io/test_certificate.h"
#include "io/test_directory.h"
#include "io/test_node.h"

namespace convene::io {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct RunnerTlsTest : testing::Test {
  RunnerSettings with_tls(TlsSettings used) {
    RunnerSettings settings;
    settings.tls = {{"127.0.0.1", 0}};
    settings.tls_files = std::move(used);
    return settings;
  }
  void open(RunningNode& from, const std::string& host, const RunningNode& to) {
    from.perform(
        node::OpenStream{{1}, sip::Transport::tls, {host, to.node.addresses.sip.tls->port}});
  }

  TestDirectory files;
  TlsSettings good = TestCertificate{"DNS:localhost,IP:127.0.0.1"}.write_to(files / "good");
  TlsSettings other = TestCertificate{"DNS:example.com"}.write_to(files / "other");
  Loop loop;
};

TEST_F(RunnerTlsTest, carries_sip_between_those_who_trust_each_other) {
  RunningNode alice{loop, with_tls(good)};
  RunningNode bob{loop, with_tls(good)};
  ASSERT_TRUE(bob.started);
  bob.node.echoes = true;
  const auto octets = noise(600'000, 1);

  open(alice, "127.0.0.1", bob);
  alice.perform(node::SendStream{{1}, octets});

  EXPECT_TRUE(loop.run_until([&] { return alice.node.received[1].size() == octets.size(); }));
  EXPECT_TRUE(alice.node.received[1] == octets);
  EXPECT_THAT(bob.node.heard, ElementsAre("tls accepted"));

  alice.perform(node::CloseStream{{1}});
  EXPECT_TRUE(loop.run_until([&] { return bob.node.has_heard("stream closed"); }));
}

TEST_F(RunnerTlsTest, refuses_a_server_nobody_vouches_for) {
  RunningNode alice{loop, with_tls(other)};
  RunningNode bob{loop, with_tls(good)};

  open(alice, "127.0.0.1", bob);

  EXPECT_TRUE(loop.run_until([&] { return alice.node.has_heard("stream closed"); }));
  EXPECT_THAT(alice.log.text(), HasSubstr("self-signed certificate"));
  EXPECT_THAT(bob.node.heard, IsEmpty());
}

// RFC 5922 7.2
TEST_F(RunnerTlsTest, refuses_a_server_of_another_name) {
  auto trusts_other = good;
  trusts_other.authorities = other.authorities;
  RunningNode alice{loop, with_tls(trusts_other)};
  RunningNode bob{loop, with_tls(other)};

  open(alice, "localhost", bob);

  EXPECT_TRUE(loop.run_until([&] { return alice.node.has_heard("stream closed"); }));
  EXPECT_THAT(alice.log.text(), HasSubstr("does not name localhost"));
}

TEST_F(RunnerTlsTest, takes_any_server_in_a_lab) {
  auto lab = other;
  lab.verifies_servers = false;
  RunningNode alice{loop, with_tls(lab)};
  RunningNode bob{loop, with_tls(good)};

  open(alice, "localhost", bob);

  EXPECT_TRUE(loop.run_until([&] { return alice.node.has_heard("stream opened"); }));
}

TEST_F(RunnerTlsTest, asks_clients_for_a_certificate_when_set_so) {
  auto strict = good;
  strict.verifies_clients = true;
  auto anonymous = good;
  anonymous.certificate = anonymous.key = "";
  RunningNode bob{loop, with_tls(strict)};
  RunningNode alice{loop, with_tls(good)};
  RunnerSettings client;
  client.tls_files = anonymous;
  RunningNode stranger{loop, client};

  open(alice, "127.0.0.1", bob);
  open(stranger, "127.0.0.1", bob);

  EXPECT_TRUE(loop.run_until([&] { return bob.node.has_heard("tls accepted"); }));
  EXPECT_TRUE(loop.run_until([&] { return stranger.node.has_heard("stream closed"); }));
  EXPECT_EQ(bob.node.heard.size(), 1);
}

TEST_F(RunnerTlsTest, closes_who_does_not_shake_hands) {
  auto settings = with_tls(good);
  settings.streams.handshake_patience = 20ms;
  RunningNode bob{loop, settings};
  const auto silent = connect_blocking(*bob.node.addresses.sip.tls);
  const auto garbage = connect_blocking(*bob.node.addresses.sip.tls);
  EXPECT_EQ(::send(garbage.get(), "GET / HTTP/1.0\r\n\r\n", 18, 0), 18);

  EXPECT_TRUE(loop.run_until(
      [&] { return bob.log.text().contains("took too long") && bob.runner.connections() == 0; }));

  EXPECT_THAT(bob.node.heard, IsEmpty());
}

TEST_F(RunnerTlsTest, takes_new_files_for_new_connections) {
  RunningNode bob{loop, with_tls(good)};
  RunningNode alice{loop, with_tls(good)};
  open(alice, "127.0.0.1", bob);
  EXPECT_TRUE(loop.run_until([&] { return alice.node.has_heard("stream opened"); }));

  TestCertificate{"DNS:elsewhere.example"}.write_to(files / "good");
  ASSERT_TRUE(bob.runner.reload_tls());
  alice.perform(node::OpenStream{{3}, sip::Transport::tls, *bob.node.addresses.sip.tls});
  EXPECT_TRUE(loop.run_until([&] { return alice.node.has_heard("stream closed"); }));

  bob.node.echoes = true;
  alice.perform(node::SendStream{{1}, "still here"});
  EXPECT_TRUE(loop.run_until([&] { return alice.node.received[1] == "still here"; }));
}

TEST_F(RunnerTlsTest, does_not_start_without_its_files) {
  auto missing = good;
  missing.key = files / "missing";
  const RunningNode alice{loop, with_tls(missing)};
  RunnerSettings no_files;
  no_files.tls = {{"127.0.0.1", 0}};
  const RunningNode bob{loop, no_files};

  EXPECT_EQ(alice.started.error().fault, Fault::not_found);
  EXPECT_EQ(bob.started.error().fault, Fault::not_found);
}

// RFC 5922 7.1, 7.2
TEST(NamesDomain, finds_domains_and_addresses_without_wildcards) {
  TestCertificate certificate{
      "DNS:Example.com,DNS:*.example.net,URI:sip:ims.example,URI:sip:user@example.org,IP:192.0.2."
      "1"};

  EXPECT_TRUE(names_domain(certificate.get(), "example.com"));
  EXPECT_TRUE(names_domain(certificate.get(), "IMS.example"));
  EXPECT_TRUE(names_domain(certificate.get(), "192.0.2.1"));
  EXPECT_FALSE(names_domain(certificate.get(), "pf.example.net"));
  EXPECT_FALSE(names_domain(certificate.get(), "example.org"));
  EXPECT_FALSE(names_domain(certificate.get(), "user@example.org"));
  EXPECT_FALSE(names_domain(certificate.get(), "192.0.2.2"));
}

}  // namespace
}  // namespace convene::io
