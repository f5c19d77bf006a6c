// Whatever a server says, whatever the user does meanwhile, and whenever: no crash, nothing without
// bounds, and when all is over nothing is left.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <span>
#include <string>
#include <string_view>

#include "base/log.h"
#include "client/client.h"
#include "client/test_body_store.h"
#include "sip/message.h"

namespace {

using namespace convene;
using namespace convene::client;
using namespace std::chrono_literals;

constexpr std::size_t few = 3;  // sessions and transfers at a time

// Takes the input apart: what to do, and with what words.
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
  std::string text() {
    const auto high = number();
    const auto count = std::min<std::size_t>(high * 256 + number(), rest_.size());
    std::string text{reinterpret_cast<const char*>(rest_.data()), count};
    rest_ = rest_.subspan(count);
    return text;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

Settings settings() {
  Settings settings;
  settings.address = "sip:alice@example.com";
  settings.conference_factory = "sip:conference-factory@example.com";
  settings.outbound = sip::Destination{
      .transport = sip::Transport::tcp, .address = {"192.0.2.11", 5060}, .flow = {}};
  settings.max_sessions = few;
  settings.max_transfers = few;
  settings.max_ended_sessions = few;
  settings.max_file_size = 100'000;
  return settings;
}

class Play {
 public:
  Play() {
    client.start({.sip = {.udp = {}, .tcp = sip::HostPort{"198.51.100.11", 5060}, .tls = {}},
                  .msrp = {"198.51.100.11", 9}},
                 now, out);
    take();
  }

  void step(Script& script) {
    switch (script.number() % 14) {
      case 0:
      case 1: receive(script.text()); break;
      case 2:
      case 3: answer(script); break;
      case 4: send_back(script); break;
      case 5: wait(Duration{script.number() * 700}); break;
      case 6: create(); break;
      case 7: with_session(script, script.number()); break;
      case 8: with_transfer(script, script.number()); break;
      case 9: send_file(script); break;
      case 10: say_in_media(script.text()); break;
      case 11: client.register_user(now, out); break;
      case 12: lose(script.number()); break;
      default: write(); break;
    }
    take();
    check();
  }

  // Everybody leaves, nobody answers any more, and time passes.
  void end() {
    for (const auto id : client.transfers()) static_cast<void>(client.cancel_file(id, now, out));
    for (const auto id : client.sessions()) {
      static_cast<void>(client.disconnect(id, now, out));
      static_cast<void>(client.decline(id, {}, now, out));
    }
    take();
    client.unregister(now, out);
    for (int i = 0; i < 100; ++i) wait(100s);
    take();
    if (!client.transfers().empty() || client.media_sessions() != 0) std::abort();
    if (bodies.bodies() != mine) std::abort();
  }

 private:
  void take() {
    for (auto& send : std::exchange(out.sends, {})) {
      if (send.message.is_request()) requests.push_back(std::move(send.message));
      if (requests.size() > 8) requests.pop_front();
    }
    for (const auto& effect : std::exchange(out.msrp, {})) {
      const auto* connect = std::get_if<msrp::Connect>(&effect);
      if (!connect) continue;
      connection = connect->connection;
      client.msrp_connected(connection, {}, now, out);
    }
    for (const auto& event : std::exchange(out.events, {})) {
      if (const auto* received = std::get_if<FileReceived>(&event)) bodies.drop(received->body);
      if (const auto* invited = std::get_if<Invited>(&event))
        static_cast<void>(client.accept(invited->group, now, out));
    }
    if (!out.sends.empty() || !out.msrp.empty() || !out.events.empty()) take();
  }

  void check() const {
    std::size_t live = 0;
    for (const auto id : client.sessions()) {
      if (client.session(id)->state != SessionState::ended) ++live;
    }
    if (live > few || client.transfers().size() > few) std::abort();
    if (client.sessions().size() > 2 * few + 1) std::abort();
  }

  void receive(std::string text) {
    if (auto message = sip::parse_message(std::move(text)))
      client.receive(*std::move(message), from_server, now, out);
  }

  // To the latest request of the client: a status, a Contact, a body.
  void answer(Script& script) {
    if (requests.empty()) return;
    const int status = 100 + static_cast<int>(script.number()) * 2;
    auto response = sip::make_response(requests.back(), status, "tag");
    response.add(sip::Name::contact,
                 "<sip:grp@cf.example.com;transport=tcp>;isfocus;+g.3gpp.iari-ref=\"urn%3Aurn-7%"
                 "3A3gpp-application.ims.iari.rcse.ft\"");
    const auto body = script.text();
    if (!body.empty()) response.set_body("application/sdp", body);
    client.receive(std::move(response), from_server, now, out);
  }

  // A request in the dialog of the client's latest one.
  void send_back(Script& script) {
    if (requests.empty()) return;
    const auto& latest = requests.back();
    constexpr std::array methods{"BYE", "NOTIFY", "INVITE", "UPDATE", "MESSAGE", "OPTIONS"};
    const std::string method = methods[script.number() % methods.size()];
    auto request = sip::Message::request(method, "sip:alice@198.51.100.11:5060;transport=tcp");
    request.add(sip::Name::via, "SIP/2.0/TCP cf;branch=z9hG4bK" + std::to_string(++branch));
    request.add(sip::Name::max_forwards, "70");
    request.add(sip::Name::from, std::string{latest.header(sip::Name::to)} + ";tag=tag");
    request.add(sip::Name::to, latest.header(sip::Name::from));
    request.add(sip::Name::call_id, latest.header(sip::Name::call_id));
    request.add(sip::Name::cseq, std::to_string(branch) + " " + method);
    request.add(sip::Name::contact, "<sip:grp@cf.example.com;transport=tcp>;isfocus");
    request.add(sip::Name::event, "conference");
    request.add(sip::Name::subscription_state, script.text());
    const auto body = script.text();
    if (!body.empty()) request.set_body("application/conference-info+xml", body);
    client.receive(std::move(request), from_server, now, out);
  }

  void create() {
    static_cast<void>(
        client.create_group({.subject = "s", .members = {"sip:bob@example.com"}}, now, out));
  }

  void with_session(Script& script, unsigned which) {
    const auto ids = client.sessions();
    if (ids.empty()) return;
    const auto id = ids[which % ids.size()];
    switch (script.number() % 9) {
      case 0: static_cast<void>(client.leave(id, now, out)); break;
      case 1: static_cast<void>(client.disconnect(id, now, out)); break;
      case 2: static_cast<void>(client.rejoin(id, now, out)); break;
      case 3: static_cast<void>(client.send_chat(id, {.octets = script.text()}, now, out)); break;
      case 4: static_cast<void>(client.composing(id, true, now, out)); break;
      case 5: static_cast<void>(client.decline(id, {}, now, out)); break;
      case 6:
        static_cast<void>(client.create_session(
            {.peer = "sip:bob@example.com", .subject = "", .ids = {}}, now, out));
        break;
      case 7:
        static_cast<void>(client.extend_to_group(
            id, {.subject = "", .members = {"sip:eve@example.com"}}, now, out));
        break;
      default: static_cast<void>(client.set_nickname(id, script.text(), now, out)); break;
    }
  }

  void with_transfer(Script& script, unsigned which) {
    const auto ids = client.transfers();
    if (ids.empty()) return;
    const auto id = ids[which % ids.size()];
    switch (script.number() % 5) {
      case 0: static_cast<void>(client.accept_file(id, now, out)); break;
      case 3: give_file(id, script); break;
      case 4: static_cast<void>(client.fetch_rest(id, now, out)); break;
      case 1: static_cast<void>(client.decline_file(id, {}, now, out)); break;
      default: static_cast<void>(client.cancel_file(id, now, out)); break;
    }
  }

  FileToSend file_of_mine(Script& script) {
    const auto octets = std::string(1 + script.number() * 100, 'x');
    ++mine;
    FileToSend file{.body = bodies.with(octets), .name = "f", .size = octets.size()};
    file.wants = {.positive_delivery = true};
    return file;
  }

  void give_file(TransferId id, Script& script) {
    if (mine > 20) return;
    static_cast<void>(client.give_file(id, file_of_mine(script), now, out));
  }

  // Into a session of whatever kind, or to Bob himself, one or two; or asks him for one.
  void send_file(Script& script) {
    const auto ids = client.sessions();
    if (mine > 20) return;
    const FileDestination bob{.address = "sip:bob@example.com"};
    switch (script.number() % 4) {
      case 0: static_cast<void>(client.request_file(bob, {.name = "f"}, now, out)); break;
      case 1: {
        std::vector<FileToSend> files{file_of_mine(script), file_of_mine(script)};
        static_cast<void>(client.send_files(bob, std::move(files), now, out));
        break;
      }
      default:
        if (ids.empty()) return;
        static_cast<void>(
            client.send_file(ids[script.number() % ids.size()], file_of_mine(script), now, out));
    }
  }

  void say_in_media(std::string_view text) {
    while (connection.value != 0 && !text.empty()) {
      const auto room = client.msrp_prepare(connection);
      if (room.empty()) return;
      const auto count = std::min(room.size(), text.size());
      std::ranges::copy(std::as_bytes(std::span{text.substr(0, count)}), room.begin());
      client.msrp_commit(connection, count, now, out);
      text.remove_prefix(count);
    }
  }

  void write() {
    if (connection.value == 0) return;
    client.msrp_writable(connection, 10'000, now, out);
    client.msrp_written(connection, now, out);
  }

  void lose(unsigned what) {
    if (what % 2 == 0 && connection.value != 0) {
      client.msrp_closed(std::exchange(connection, {}), now, out);
    } else {
      client.transport_failed(*settings().outbound, now, out);
    }
  }

  void wait(Duration time) {
    const auto end = now + time;
    for (int i = 0; i < 1'000 && client.deadline() && *client.deadline() <= end; ++i) {
      now = std::max(now, *client.deadline());
      client.wake(now, out);
      take();
    }
    now = end;
  }

  inline static const sip::Source from_server{.transport = sip::Transport::tcp,
                                              .address = {"192.0.2.11", 5060},
                                              .flow = {1},
                                              .is_trusted = true};
  TimePoint now{};
  SeededRandom random{1};
  SilentLog log;
  Calendar calendar{TimePoint{}, std::chrono::sys_days{std::chrono::year{2025} / 11 / 22}};
  TestBodyStore bodies;
  std::size_t mine = 0;  // bodies that we gave to the client
  Output out;
  Client client{settings(), {random, log, calendar}, bodies};
  std::deque<sip::Message> requests;
  msrp::ConnectionId connection;
  std::uint32_t branch = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Script script{data, size};
  Play play;
  for (int i = 0; i < 60 && !script.is_over(); ++i) play.step(script);
  play.end();
  return 0;
}
