#pragma once

#include <string>

#include "client/test_client.h"

namespace convene::client {

// For tests: the body of the one message in an MSRP frame.
inline std::string body_of(const std::string& frame) {
  const auto at = frame.find("\r\n\r\n") + 4;
  return frame.substr(at, frame.rfind("\r\n-------") - at);
}

struct ChatTest : ClientTest {
  void SetUp() override {
    be_alice();
    group = alice_in_group();
    connection = connect();
    confirm(connection, written(connection));
    out = {};
  }

  // A chat message from the focus, in one chunk.
  void focus_says(const std::string& cpim, const std::string& type = "message/cpim") {
    const auto path = std::string{invite.body()};
    const auto at = path.find("a=path:") + 7;
    const auto ours = path.substr(at, path.find("\r\n", at) - at);
    const auto n = std::to_string(++number);
    says(connection, "MSRP cfb" + n + " SEND\r\nTo-Path: " + ours +
                         "\r\nFrom-Path: msrp://192.0.2.20:2855/cf-al01;tcp\r\nMessage-ID: cf-" +
                         n + "\r\nByte-Range: 1-" + std::to_string(cpim.size()) + "/" +
                         std::to_string(cpim.size()) + "\r\nContent-Type: " + type + "\r\n\r\n" +
                         cpim + "\r\n-------cfb" + n + "$\r\n");
  }
  static std::string from_bob(const std::string& content_type, const std::string& text,
                              const std::string& wants) {
    return "From: \"Bob\" <sip:bob@example.com>\r\nTo: <sip:alice@example.com>\r\n"
           "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m-1\r\n"
           "DateTime: 2025-11-22T10:02:11Z\r\n" +
           wants + "\r\nContent-Type: " + content_type + "\r\n\r\n" + text;
  }

  GroupId group;
  msrp::ConnectionId connection;
  int number = 0;
};

}  // namespace convene::client
