// Whatever messages arrive, in any order, and whatever the user does: no crash, every request of
// the user gets one final response, waking the agent always moves its deadline, and once the user
// has ended everything and ten minutes have passed in silence, no transaction and no dialog is
// left.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "sip/user_agent.h"

namespace {

using namespace convene;
using namespace convene::sip;

constexpr std::size_t max_octets = 2'048;
constexpr int most_wakes = 100'000;

void check(bool holds) {
  if (!holds) std::abort();
}

template <class T>
const T& pick(const std::vector<T>& from, unsigned number) {
  return from[number % from.size()];
}

const std::vector<std::string> methods{"INVITE", "ACK",  "BYE",     "CANCEL", "UPDATE", "SUBSCRIBE",
                                       "NOTIFY", "INFO", "MESSAGE", "REFER",  "OPTIONS"};
const std::vector<int> statuses{100, 180, 183, 200, 202, 301, 401, 404,
                                407, 408, 422, 481, 487, 491, 500, 503};

// What the input says, octet by octet; zeros after its end.
class Script {
 public:
  Script(const std::uint8_t* data, std::size_t size) : data_{data}, size_{size} {}
  bool has_more() const { return at_ < size_; }
  unsigned next() { return at_ < size_ ? data_[at_++] : 0U; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

class World {
 public:
  explicit World(Script script) : script_{script} {
    while (script_.has_more()) act();
    finish();
  }

 private:
  static UserAgentSettings settings() {
    UserAgentSettings settings;
    settings.layer.addresses.udp = HostPort{"192.0.2.1", 5060};
    settings.layer.addresses.tcp = HostPort{"192.0.2.1", 5060};
    settings.layer.max_transactions = 200;
    settings.max_dialogs = 50;
    settings.allow = "INVITE, ACK, CANCEL, BYE, UPDATE";
    settings.credentials = Credentials{"alice", "secret"};
    return settings;
  }

  Source source() const {
    return {.transport = is_udp_ ? Transport::udp : Transport::tcp,
            .address = {"192.0.2.2", 5060},
            .flow = Flow{1}};
  }

  void act() {
    UserAgentOutput out;
    switch (script_.next() % 12) {
      case 0: ask(out); break;
      case 1: ask_in(out); break;
      case 2: answer(out); break;
      case 3: peer_answers(); break;
      case 4: peer_asks(); break;
      case 5: peer_asks_in(); break;
      case 6: replay(); break;
      case 7: pass(Duration{1 << (script_.next() % 20)}); break;
      case 8: is_udp_ = !is_udp_; break;
      case 9:
        if (!dialogs_.empty()) agent_.bye(pick(dialogs_, script_.next()), {}, now_, out);
        break;
      case 10:
        if (!requests_.empty()) agent_.cancel(pick(requests_, script_.next()), now_, out);
        break;
      default:
        if (!sent_.empty() && script_.next() % 4 == 0) {
          agent_.transport_failed(
              {.transport = source().transport, .address = {"192.0.2.2", 0}, .flow = {}}, now_,
              out);
        } else if (!dialogs_.empty() && script_.next() % 4 == 0) {
          agent_.forget(pick(dialogs_, script_.next()));
        }
    }
    perform(std::move(out));
  }

  Message plain(std::string_view method) {
    auto request = Message::request(method, "sip:192.0.2.2");
    request.add(Name::from, "<sip:192.0.2.1>");
    request.add(Name::to, "<sip:192.0.2.2>");
    decorate(request);
    return request;
  }

  // Headers that change what happens.
  void decorate(Message& message) {
    const auto bits = script_.next();
    if ((bits & 1) == 0)
      message.add(Name::contact, (bits & 2) == 0 ? "<sip:192.0.2.2>" : "<sip:192.0.2.3>;+g.x");
    if ((bits & 4) != 0) message.add(Name::supported, "timer");
    if ((bits & 8) != 0) {
      message.add(Name::session_expires,
                  std::to_string(30 + script_.next()) + ((bits & 16) != 0 ? ";refresher=uas" : ""));
    }
    if ((bits & 32) != 0) message.add(Name::event, "conference");
    if ((bits & 64) != 0) message.set_body("application/sdp", "v=0\r\n");
    if ((bits & 128) != 0) message.add(Name::record_route, "<sip:192.0.2.2;lr>");
    if (!message.is_request() && message.status() == 401) {
      message.add(Name::www_authenticate, "Digest realm=\"r\", nonce=\"n" + std::to_string(bits) +
                                              "\", stale=" + ((bits & 1) != 0 ? "true" : "false"));
    }
    if (!message.is_request() && message.status() == 422) message.add(Name::min_se, "200");
  }

  void ask(UserAgentOutput& out) {
    auto method = pick(methods, script_.next());
    if (method == "ACK" || method == "CANCEL") method = "SUBSCRIBE";
    const auto id = agent_.request(plain(method), now_, out);
    requests_.push_back(id);
    ++unanswered_[id];
  }

  void ask_in(UserAgentOutput& out) {
    if (dialogs_.empty()) return;
    auto method = pick(methods, script_.next());
    if (method == "ACK" || method == "CANCEL" || method == "BYE") method = "UPDATE";
    auto request = Message::request(method, {});
    decorate(request);
    const auto id =
        agent_.request_in(pick(dialogs_, script_.next()), std::move(request), now_, out);
    if (!id) return;
    requests_.push_back(*id);
    ++unanswered_[*id];
  }

  void answer(UserAgentOutput& out) {
    if (heard_.empty()) return;
    const auto at = script_.next() % heard_.size();
    answer_one(at, pick(statuses, script_.next()), out);
  }

  void answer_one(std::size_t at, int status, UserAgentOutput& out) {
    const auto& heard = heard_[at];
    auto response = agent_.respond_to(heard.request, status);
    decorate(response);
    const auto dialog = agent_.respond(heard.transaction, std::move(response), now_, out);
    if (dialog) dialogs_.push_back(*dialog);
    if (status >= 200) heard_.erase(heard_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  // To a request of the agent's.
  void peer_answers() {
    if (sent_.empty()) return;
    const auto& request = pick(sent_, script_.next());
    if (!request.is_request() || request.method() == "ACK") return;
    auto response = make_response(request, pick(statuses, script_.next()),
                                  "p" + std::to_string(script_.next() % 3));
    decorate(response);
    receive(std::move(response));
  }

  void peer_asks() {
    const auto& method = pick(methods, script_.next());
    auto request = plain(method);
    request.set_uri("sip:192.0.2.1");
    request.set(Name::from, "<sip:192.0.2.2>;tag=p" + std::to_string(script_.next() % 3));
    request.add(Name::call_id, "call-" + std::to_string(script_.next() % 3));
    request.add(Name::cseq, std::to_string(script_.next() % 4) + " " + method);
    add_via(request);
    receive(std::move(request));
  }

  // In a dialog: with the tags and Call-ID of something the agent sent.
  void peer_asks_in() {
    if (sent_.empty()) return;
    const auto& known = pick(sent_, script_.next());
    const auto& method = pick(methods, script_.next());
    auto request = Message::request(method, "sip:192.0.2.1");
    decorate(request);
    const bool is_mine = known.is_request();
    request.add(Name::from, known.header(is_mine ? Name::to : Name::from));
    if (request.header(Name::from).find(";tag=") == std::string_view::npos) {
      request.set(Name::from, std::string{request.header(Name::from)} + ";tag=p1");
    }
    request.add(Name::to, known.header(is_mine ? Name::from : Name::to));
    request.copy(Name::call_id, known);
    request.add(Name::cseq, std::to_string(script_.next()) + " " + method);
    add_via(request);
    receive(std::move(request));
  }

  void add_via(Message& request) {
    const auto branch = script_.next();
    request.add_first(Name::via,
                      "SIP/2.0/" + std::string{text_of(source().transport)} +
                          " 192.0.2.2:5060;branch=" + (branch % 8 == 7 ? "" : "z9hG4bK") +
                          std::to_string(branch % 16) + (branch % 2 == 0 ? ";rport" : ""));
    request.add(Name::max_forwards, "70");
  }

  // Something that was received before, with one octet changed or none.
  void replay() {
    if (received_.empty()) return;
    auto octets = pick(received_, script_.next());
    const auto at = script_.next() * 7U;
    const auto octet = script_.next();
    if (octet != 0 && at < octets.size()) octets[at] = static_cast<char>(octet);
    if (auto message = parse_message(octets)) receive(std::move(*message));
  }

  void receive(Message message) {
    received_.push_back(to_text(message));
    UserAgentOutput out;
    agent_.receive(std::move(message), source(), now_, out);
    perform(std::move(out));
  }

  void perform(UserAgentOutput out) {
    for (auto& send : out.sends) {
      check(parse_message(to_text(send.message)).has_value());
      if (sent_.size() < 200) sent_.push_back(std::move(send.message));
    }
    for (auto& event : out.events) {
      if (auto* request = std::get_if<RequestReceived>(&event)) {
        if (request->dialog) dialogs_.push_back(*request->dialog);
        heard_.push_back(std::move(*request));
      } else if (const auto* response = std::get_if<ResponseReceived>(&event)) {
        if (response->dialog) dialogs_.push_back(*response->dialog);
        if (response->response.status() >= 200) --unanswered_[response->request];
      } else if (const auto* cancelled = std::get_if<Cancelled>(&event)) {
        std::erase_if(heard_,
                      [&](const auto& one) { return one.transaction == cancelled->invite; });
      }
    }
  }

  void pass(Duration span) {
    const auto end = now_ + span;
    for (int wakes = 0; agent_.deadline() && *agent_.deadline() <= end; ++wakes) {
      check(wakes < most_wakes);
      now_ = std::max(now_, *agent_.deadline());
      UserAgentOutput out;
      agent_.wake(now_, out);
      perform(std::move(out));
    }
    now_ = end;
  }

  void finish() {
    UserAgentOutput out;
    while (!heard_.empty()) answer_one(0, 480, out);
    for (const auto id : dialogs_) agent_.bye(id, {}, now_, out);
    perform(std::move(out));
    pass(std::chrono::minutes{10});
    for (const auto id : dialogs_) agent_.forget(id);  // subscriptions end without BYE
    pass(std::chrono::minutes{1});

    check(agent_.transactions() == 0);
    check(agent_.dialogs() == 0);
    check(!agent_.deadline());
    for (const auto& [id, count] : unanswered_) check(count == 0);
  }

  Script script_;
  SeededRandom random_{1};
  SilentLog log_;
  Calendar calendar_{TimePoint{}, WallTime{}};
  UserAgent agent_{settings(), {random_, log_, calendar_}};
  TimePoint now_{std::chrono::hours{1}};
  bool is_udp_ = true;
  std::vector<Message> sent_;
  std::vector<std::string> received_;
  std::vector<RequestId> requests_;
  std::map<RequestId, int> unanswered_;  // finals still to come
  std::vector<DialogId> dialogs_;
  std::vector<RequestReceived> heard_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size <= max_octets) World{Script{data, size}};
  return 0;
}
