#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "registrar/registrar.h"

namespace convene::registrar {

using namespace std::chrono_literals;

inline constexpr TimePoint start{};
inline const sip::Source from_alice{
    .transport = sip::Transport::udp, .address = {"127.0.0.1", 5071}, .flow = {}};
inline const sip::Source from_bob{
    .transport = sip::Transport::udp, .address = {"127.0.0.1", 5072}, .flow = {}};
inline const sip::Source from_afar{
    .transport = sip::Transport::udp, .address = {"198.51.100.7", 5060}, .flow = {}};
inline const sip::Source from_service{.transport = sip::Transport::tcp,
                                      .address = {"127.0.0.1", 5060},
                                      .flow = sip::Flow{99},
                                      .is_trusted = true};
inline const sip::Destination services_at{
    .transport = sip::Transport::tcp, .address = {}, .flow = sip::Flow{99}};

// One registrar of example.com on 127.0.0.1:5060, and what it sent.
struct RegistrarTest : testing::Test {
  static Settings settings(bool is_open) {
    return {.domain = "example.com",
            .authentication = {.realm = "example.com",
                               .open = is_open,
                               .users = {{.address = "sip:alice@example.com",
                                          .password = "wonderland",
                                          .display = ""},
                                         {.address = "sip:bob@example.com",
                                          .password = "builder",
                                          .display = ""}}},
            .service_uris = {"sip:conference-factory@example.com"},
            .service_hosts = {"cf.example.com"},
            .services_at = services_at,
            .layer = {.branch_mark = "rg",
                      .addresses = {.udp = sip::HostPort{"127.0.0.1", 5060},
                                    .tcp = sip::HostPort{"127.0.0.1", 5060},
                                    .tls = {}}}};
  }

  // `lines`: start line and what this test is about; the rest of a well-formed request is added.
  static sip::Message request(std::string lines, std::string_view user = "alice") {
    const auto method = lines.substr(0, lines.find(' '));
    const auto number = std::to_string(++sequence);
    lines += "\r\nVia: SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bKt" + number +
             ";rport\r\nMax-Forwards: 70\r\nCall-ID: c" + number + "\r\nCSeq: " + number + " " +
             method + "\r\n";
    if (!lines.contains("\r\nFrom:"))
      lines += "From: <sip:" + std::string{user} + "@example.com>;tag=f\r\n";
    if (!lines.contains("\r\nTo:")) lines += "To: <sip:" + std::string{user} + "@example.com>\r\n";
    return *sip::parse_message(lines + "Content-Length: 0\r\n\r\n");
  }

  std::vector<sip::Send> give(sip::Message message, const sip::Source& source,
                              TimePoint now = start) {
    Output output;
    registrar().receive(std::move(message), source, now, output);
    return std::move(output.sends);
  }

  void register_contact(std::string_view user, std::string_view contact,
                        const sip::Source& source) {
    const auto sent =
        give(request("REGISTER sip:example.com SIP/2.0\r\nContact: " + std::string{contact}, user),
             source);
    ASSERT_EQ(sent.size(), 1U);
    ASSERT_EQ(sent[0].message.status(), 200) << to_text(sent[0].message);
  }

  Registrar& registrar() { return is_open ? open : closed; }

  static inline int sequence = 0;
  bool is_open = true;
  SeededRandom random{1};
  KeptLog log;
  Calendar calendar{start, {}};
  Registrar open{settings(true), {.random = random, .log = log, .calendar = calendar}};
  Registrar closed{settings(false), {.random = random, .log = log, .calendar = calendar}};
};

}  // namespace convene::registrar
