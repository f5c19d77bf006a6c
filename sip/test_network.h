#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "sip/user_agent.h"

// For tests: user agents, and the network between them, in virtual time.
namespace convene::sip {

// How bad the network is. Reliable transports keep order and lose nothing.
struct Weather {
  int loss_percent = 0;
  int duplication_percent = 0;
  Duration shortest_delay{10};
  Duration longest_delay{10};  // different from the shortest: datagrams overtake each other
};

// One user agent, its host's name being its address, with what it was told and what it does by
// itself.
struct Party {
  Party(std::string name, UserAgentSettings settings, Surroundings surroundings)
      : host{std::move(name)}, agent{std::move(settings), surroundings} {}

  template <class T>
  std::vector<T> told() const {
    std::vector<T> found;
    for (const auto& event : events) {
      if (const auto* wanted = std::get_if<T>(&event)) found.push_back(*wanted);
    }
    return found;
  }
  // The final responses, in order.
  std::vector<int> finals() const {
    std::vector<int> statuses;
    for (const auto& response : told<ResponseReceived>()) {
      if (response.response.status() >= 200) statuses.push_back(response.response.status());
    }
    return statuses;
  }

  std::string host;
  UserAgent agent;
  std::map<std::string, int> answers;  // by method: the status it answers at once
  std::string session_body = "v=0\r\n";
  std::string session_expires;  // put into its 2xx to an INVITE
  std::vector<UserAgentEvent> events;
  std::vector<DialogId> accepted;  // made by its own 2xx
};

class MiniNetwork {
 public:
  struct Packet {
    TimePoint at;
    Destination to;
    Source from;
    std::string octets;
  };

  explicit MiniNetwork(std::uint64_t seed = 1, Weather conditions = {})
      : weather{conditions}, random{seed} {}

  Surroundings surroundings() { return {random, log, calendar}; }

  UserAgentSettings settings(const std::string& host) {
    UserAgentSettings settings;
    settings.layer.branch_mark = host;
    settings.layer.addresses.udp = HostPort{host, 5060};
    settings.layer.addresses.tcp = HostPort{host, 5060};
    settings.allow = "INVITE, ACK, CANCEL, BYE, UPDATE, NOTIFY";
    return settings;
  }

  Party& add(UserAgentSettings settings) {
    const auto host = settings.layer.branch_mark;
    parties.emplace_back(host, std::move(settings), surroundings());
    return parties.back();
  }
  Party& add(const std::string& host) { return add(settings(host)); }

  // An act of a party's user: network.act(alice, [&](auto now, auto& out) { alice.agent.bye(id, {},
  // now, out); });
  template <class Act>
  auto act(Party& party, Act what) {
    UserAgentOutput out;
    if constexpr (std::is_void_v<decltype(what(now, out))>) {
      what(now, out);
      perform(party, std::move(out));
    } else {
      auto result = what(now, out);
      perform(party, std::move(out));
      return result;
    }
  }

  // Everything that happens in the next `span`.
  void run(Duration span) {
    const auto end = now + span;
    while (true) {
      Deadline next = in_flight.empty() ? Deadline{} : next_packet()->at;
      for (auto& party : parties) next = earliest(next, party.agent.deadline());
      if (!next || *next > end) break;
      now = std::max(now, *next);
      step();
    }
    now = end;
  }

  // Hands an octet string to a party as it is, over UDP.
  void inject(Party& party, const Source& from, const std::string& octets) {
    auto message = parse_message(octets);
    if (!message) return;
    UserAgentOutput out;
    party.agent.receive(std::move(*message), from, now, out);
    perform(party, std::move(out));
  }

  static Source source_of(const std::string& host, Transport transport = Transport::udp) {
    return {.transport = transport, .address = {host, 5060}, .flow = Flow{1}, .is_trusted = true};
  }

  TimePoint now{std::chrono::hours{1}};
  Weather weather;
  SeededRandom random;
  SilentLog log;
  Calendar calendar{TimePoint{}, WallTime{}};
  std::deque<Party> parties;
  std::vector<Packet> in_flight;
  std::vector<Packet> trace;  // all that was sent, lost or not

 private:
  std::vector<Packet>::iterator next_packet() {
    return std::ranges::min_element(in_flight, {}, &Packet::at);
  }

  void step() {
    for (auto& party : parties) {
      if (!is_due(party.agent.deadline(), now)) continue;
      UserAgentOutput out;
      party.agent.wake(now, out);
      perform(party, std::move(out));
    }
    if (in_flight.empty() || next_packet()->at > now) return;
    const auto packet = *next_packet();
    in_flight.erase(next_packet());
    for (auto& party : parties) {
      if (party.host == packet.to.address.host) inject(party, packet.from, packet.octets);
    }
  }

  void perform(Party& party, UserAgentOutput out) {
    for (auto& send : out.sends) post(party, send);
    for (auto& event : out.events) {
      party.events.push_back(event);
      if (const auto* request = std::get_if<RequestReceived>(&event)) answer(party, *request);
    }
  }

  void answer(Party& party, const RequestReceived& request) {
    const auto found = party.answers.find(std::string{request.request.method()});
    if (found == party.answers.end()) return;
    auto response = party.agent.respond_to(request.request, found->second);
    if (found->second / 100 == 2 && found->first == "INVITE") {
      response.set_body("application/sdp", party.session_body);
      if (!party.session_expires.empty()) {
        response.add(Name::session_expires, party.session_expires);
      }
    }
    if (found->second / 100 == 2) response.add(Name::contact, "<sip:" + party.host + ">");
    UserAgentOutput out;
    const auto dialog = party.agent.respond(request.transaction, std::move(response), now, out);
    if (dialog) party.accepted.push_back(*dialog);
    perform(party, std::move(out));
  }

  bool happens(int percent) { return static_cast<int>(random_below(random, 100)) < percent; }

  void post(const Party& from, const Send& send) {
    const auto transport = send.destination.transport;
    Packet packet{.at = now,
                  .to = send.destination,
                  .from = source_of(from.host, transport),
                  .octets = to_text(send.message)};
    trace.push_back(packet);
    const int copies = !is_reliable(transport) && happens(weather.duplication_percent) ? 2 : 1;
    for (int copy = 0; copy < copies; ++copy) {
      if (!is_reliable(transport) && happens(weather.loss_percent)) continue;
      packet.at = now + delay(transport);
      in_flight.push_back(packet);
    }
  }

  Duration delay(Transport transport) {
    if (is_reliable(transport)) return weather.longest_delay;
    const auto range = weather.longest_delay - weather.shortest_delay;
    const auto more = random_below(random, static_cast<std::uint64_t>(range.count()) + 1);
    return weather.shortest_delay + Duration{static_cast<Duration::rep>(more)};
  }
};

// A request outside a dialog, from one party to another.
inline Message request_to(std::string_view method, const Party& from, const Party& to) {
  auto request = Message::request(method, "sip:" + to.host);
  request.add(Name::from, "<sip:" + from.host + ">");
  request.add(Name::to, "<sip:" + to.host + ">");
  request.add(Name::contact, "<sip:" + from.host + ">");
  if (method == "INVITE") request.set_body("application/sdp", from.session_body);
  return request;
}

}  // namespace convene::sip
