#pragma once
// For tests: an endpoint whose peer is written by hand.

#include <functional>
#include <string>
#include <vector>

#include "base/text.h"
#include "msrp/test_pair.h"

namespace convene::msrp {

constexpr std::string_view its_uri = "msrp://it.example:2855/it;tcp";
constexpr std::string_view peer_uri = "msrp://peer.example:9/peer;tcp";

// A whole frame of the peer's. `headers` are lines without their CRLF.
struct Frame {
  std::string transaction = "tid1";
  std::string method = "SEND";
  std::vector<std::string> headers;
  std::string body;
  char flag = '$';
  std::string to{its_uri};
  std::string from{peer_uri};

  bool has_body() const {
    for (const auto& header : headers)
      if (header.starts_with("Content-Type")) return true;
    return !body.empty();
  }
  std::string text() const {
    auto text = "MSRP " + transaction + " " + method + "\r\nTo-Path: " + to +
                "\r\nFrom-Path: " + from + "\r\n";
    for (const auto& header : headers) text += header + "\r\n";
    if (has_body()) text += "\r\n" + body + "\r\n";
    return text + "-------" + transaction + flag + "\r\n";
  }
};

// A chunk of a message in text/plain.
inline Frame chunk(std::string transaction, std::string message, std::string range,
                   std::string body, char flag = '$', std::vector<std::string> more = {}) {
  Frame frame{
      .transaction = std::move(transaction), .headers = {}, .body = std::move(body), .flag = flag};
  frame.headers = {"Message-ID: " + message};
  if (!range.empty()) frame.headers.push_back("Byte-Range: " + range);
  for (auto& header : more) frame.headers.push_back(std::move(header));
  frame.headers.push_back("Content-Type: text/plain");
  return frame;
}

// The endpoint under test has one passive session, "it", with "peer"; the test is the peer.
struct Scripted {
  explicit Scripted(EndpointSettings limits = {}) : it{3, limits} { pipe.add("it.example", it); }

  void open(const std::function<void(SessionSettings&)>& change = {}) {
    SessionSettings settings;
    settings.local = parse_uri(its_uri).value();
    settings.remote = {parse_uri(peer_uri).value()};
    if (change) change(settings);
    session = pipe.call(it, [&](Endpoint& endpoint, TimePoint now, Output& out) {
      return endpoint.open(settings, now, out);
    });
  }
  // Knocks, and binds with an empty SEND.
  void bind() {
    link = &pipe.knock(it);
    say({.transaction = "bind", .headers = {"Message-ID: b"}, .body = {}});
    heard();
  }
  void say(const Frame& frame) { pipe.say(*link, frame.text()); }
  std::string heard() { return pipe.heard(*link); }

  // What came back: "tid1 200", "REPORT 413 1-5/5", "SEND 1-5/5 $"; one word group each.
  std::vector<std::string> answers() {
    std::vector<std::string> found;
    auto text = heard();
    std::string_view rest = text;
    std::string now_reading;
    while (!rest.empty()) {
      const auto line = take_line(rest);
      const auto words = split(line, ' ');
      if (line.starts_with("MSRP ") && words.size() > 2 && !words[2].empty()) {
        const bool is_response = words[2][0] >= '0' && words[2][0] <= '9';
        last_transaction = words[1];
        now_reading = is_response ? std::string{words[1]} + " " + std::string{words[2]}
                                  : std::string{words[2]};
      } else if (line.starts_with("Status: 000 ")) {
        now_reading += " " + std::string{line.substr(12, 3)};
      } else if (line.starts_with("Byte-Range: ")) {
        now_reading += " " + std::string{line.substr(12)};
      } else if (line.starts_with("-------")) {
        if (now_reading.starts_with("SEND")) now_reading += std::string{" "} + line.back();
        found.push_back(now_reading);
      }
    }
    return found;
  }
  // The peer answers the SEND that came last.
  void respond(int status) { respond(last_transaction, status); }
  void respond(const std::string& transaction, int status) {
    pipe.say(*link, "MSRP " + transaction + " " + std::to_string(status) + "\r\nTo-Path: " +
                        std::string{its_uri} + "\r\nFrom-Path: " + std::string{peer_uri} +
                        "\r\n-------" + transaction + "$\r\n");
  }
  OutgoingId send(OutgoingMessage message) {
    return pipe.call(it, [&](Endpoint& endpoint, TimePoint now, Output& out) {
      return endpoint.send(session, std::move(message), now, out);
    });
  }
  template <class Call>
  void call(Call&& what) {
    pipe.call(it, std::forward<Call>(what));
  }

  Side it;
  Pipe pipe;
  SessionKey session;
  Pipe::Link* link = nullptr;
  std::string last_transaction;
};

}  // namespace convene::msrp
