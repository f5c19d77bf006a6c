// Whatever a peer says, whatever the user does meanwhile, and whenever: no crash, nothing without
// bounds, and when all is closed nothing is left.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "msrp/test_peer.h"

namespace {

using namespace convene;
using namespace convene::msrp;

// Takes the input apart: what to do, and with how much of it.
class Script {
 public:
  Script(const std::uint8_t* data, std::size_t size) : rest_{data, size} {}
  bool is_over() const { return rest_.empty(); }
  unsigned number() {
    if (rest_.empty()) return 0;
    const auto value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  std::string_view text() {
    const auto count = std::min<std::size_t>(number() * 4, rest_.size());
    const std::string_view text{reinterpret_cast<const char*>(rest_.data()), count};
    rest_ = rest_.subspan(count);
    return text;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

class Play {
 public:
  Play() : peer{limits()} {
    peer.open([](SessionSettings& settings) { settings.hold_answers = true; });
    peer.bind();
    file = peer.pipe.call(peer.it, [](Endpoint& it, TimePoint now, Output& out) {
      SessionSettings settings;
      settings.local = parse_uri("msrp://it.example:2855/fl;tcp").value();
      settings.remote = {parse_uri("msrp://peer.example:9/pf;tcp").value()};
      settings.match = PathMatch::session_id;
      settings.max_chunk = 3'000;
      into_body(settings);
      return it.open(settings, now, out);
    });
    stranger = &peer.pipe.knock(peer.it);
    body = peer.it.bodies.add(std::string(50'000, 'x'));
  }

  void step(Script& script) {
    const auto what = script.number();
    switch (what % 12) {
      case 0:
      case 1:
      case 2: peer.pipe.say(*peer.link, script.text()); break;
      case 3: peer.pipe.say(*stranger, script.text()); break;
      case 4: peer.pipe.advance(Duration{script.number() * 200}); break;
      case 5: send(peer.session, chat_message(std::string{script.text()}), script.number()); break;
      case 6:
        send(file, file_message(body, 50'000), script.number());
        grow(script.number() * 200);
        break;
      case 7: grow(script.number() * 200); break;
      case 8:
        peer.answers();
        peer.respond(what < 128 ? 200 : 413);
        break;
      case 9: use_events(script.number()); break;
      case 10: peer.link->ends[0].is_reading = what >= 128; break;
      case 11: peer.pipe.budget = 1 + script.number() * 1'000; break;
      default: break;
    }
    if (peer.link->ends[1].is_open && peer.link->ends[0].is_reading) peer.heard();
  }

  void end() {
    for (const auto session : {peer.session, file})
      peer.call([&](Endpoint& it, TimePoint now, Output& out) { it.close(session, now, out); });
    peer.pipe.cut(*peer.link);
    peer.pipe.cut(*stranger);
    const auto& it = peer.it.endpoint;
    if (it.sessions() != 0 || it.connections() != 0 || it.deadline()) std::abort();
  }

 private:
  static EndpointSettings limits() {
    EndpointSettings small;
    small.max_outstanding = 4;
    small.backlog_octets = 10'000;
    small.backlog_messages = 5;
    small.gather_octets = 4'000;
    return small;
  }
  void send(SessionKey session, OutgoingMessage message, unsigned how) {
    message.failure_report = static_cast<FailureReport>(how % 3);
    message.success_report = how >= 128;
    message.message_id = "m" + std::to_string(how % 8);
    sent = peer.pipe.call(peer.it, [&](Endpoint& it, TimePoint now, Output& out) {
      return it.send(session, std::move(message), now, out);
    });
  }
  void grow(std::uint64_t ready) {
    peer.call(
        [&](Endpoint& it, TimePoint now, Output& out) { it.body_grew(body, ready, now, out); });
  }
  // What a user would do with what it was told.
  void use_events(unsigned how) {
    const auto events = std::exchange(peer.it.events, {});
    for (const auto& event : events) {
      peer.call([&](Endpoint& it, TimePoint now, Output& out) {
        if (const auto* received = std::get_if<MessageReceived>(&event)) {
          it.answer(received->message, how < 128 ? 200 : 403, now, out);
          it.report_success(received->message, now, out);
        }
        if (const auto* begun = std::get_if<MessageBegun>(&event)) {
          if (how % 4 == 1) it.refuse(begun->message, now, out);
          if (how % 4 == 2) it.report_failure(begun->message, 413, now, out);
        }
        if (const auto* asked = std::get_if<NicknameRequested>(&event))
          it.answer_nickname(asked->session, asked->transaction_id, 200, now, out);
        if (how % 5 == 3) it.abort(sent, now, out);
      });
    }
  }

  Scripted peer;
  SessionKey file;
  Pipe::Link* stranger = nullptr;
  BodyId body;
  OutgoingId sent;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Script script{data, size};
  Play play;
  while (!script.is_over()) play.step(script);
  play.end();
  return 0;
}
