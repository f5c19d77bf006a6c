#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/server_node.h"
#include "tests/held_client.h"
#include "tests/pf_node.h"

namespace convene::tests {

// One whole message or frame that went over the wire.
struct Seen {
  std::string from;  // "alice", "pf", "cf"
  std::string to;
  std::string octets;
};

struct StageSettings {
  controlling::Policy policy;
  msrp::EndpointSettings focus_media;
  std::function<void(const std::string& name, client::Settings&)>
      adjust;                   // of a client; or nothing
  bool clients_listen = false;  // for MSRP: in sessions between two somebody has to

  StageSettings();
};

// The flows' stage: the focus "cf", a registrar in the place of the participating functions "pf",
// and the cast, each on a machine of its own, with the addresses of the flows. One implementation
// is on the simulated network, one on sockets of this machine; the scenarios know only this.
//
// Nobody accepts an invitation by himself; files are accepted.
class Stage {
 public:
  static std::unique_ptr<Stage> make(std::string_view kind, StageSettings settings);
  virtual ~Stage() = default;

  // Registers the cast: alice and bob (everything), carol (files only), dave (chat only), erin
  // (says nothing).
  void begin();

  // ---- What they do. ----
  void create_group(const std::string& creator, const std::vector<std::string>& members);
  void invite(const std::string& creator, const std::vector<std::string>& uris);  // waits for none
  void disconnect(const std::string& name);  // and waits until it is over
  void rejoin(const std::string& name);
  void accept(const std::string& name);  // the invitation; waits until he is in
  // A session between two, who both are in it then.
  void create_session(const std::string& caller, const std::string& called);
  void extend(const std::string& name, const std::string& member);  // by a member, to a group
  std::string say(const std::string& name, std::string text, cpim::DispositionNotification wants);
  client::TransferId send_file(const std::string& name, std::string_view octets,
                               client::FileToSend file);
  // To one user, outside of any session.
  std::vector<client::TransferId> send_files(
      const std::string& name, const std::string& to,
      const std::vector<std::pair<std::string, std::string>>& names_and_octets);
  void leave(const std::string& name);
  void cancel_file(const std::string& name, client::TransferId transfer);
  void hold_after(const std::string& name, const std::string& text);  // see HeldClient
  bool is_held(const std::string& name);
  void let_go(const std::string& name);

  // ---- What they know. ----
  template <class E>
  std::vector<E> events(const std::string& name) const {
    std::vector<E> found;
    for (const auto& event : events_.at(name)) {
      if (const auto* one = std::get_if<E>(&event)) found.push_back(*one);
    }
    return found;
  }
  template <class E>
  std::size_t count(const std::string& name) const {
    return events<E>(name).size();
  }
  std::vector<std::string> files(const std::string& name);  // received whole
  bool knows(const std::string& name, const std::string& about, client::Participant::State state);

  // Lets it go on until `predicate` holds; false: not in time.
  virtual bool wait(const std::function<bool()>& predicate) = 0;
  // What went over the wire since the last call, in order.
  virtual std::vector<Seen> take_seen() = 0;
  virtual std::string log() = 0;
  virtual const node::ServerNode& server() = 0;

 protected:
  explicit Stage(StageSettings settings) : settings_{std::move(settings)} {}
  bool clients_listen() const { return settings_.clients_listen; }

  registrar::Settings pf_settings() const;
  node::ServerSettings server_settings(const sip::HostPort& pf) const;
  client::Settings client_settings(const std::string& name, const sip::HostPort& pf) const;
  void take_events(const std::string& name, HeldClient& node);

  using Call = std::function<void(HeldClient&, TimePoint, node::Effects&)>;
  virtual void add_client(const std::string& name) = 0;  // starts it
  virtual void perform(const std::string& name, const Call& call) = 0;
  virtual msrp::BodyStore& bodies(const std::string& name) = 0;

 private:
  // f(client::Client&, TimePoint now, client::Output&), a verb that may fail.
  template <class F>
  auto with(const std::string& name, F f) {
    decltype(f(std::declval<client::Client&>(), TimePoint{},
               std::declval<client::Output&>())) answer;
    perform(name, [&](HeldClient& node, TimePoint now, node::Effects& out) {
      answer = node.inner().perform(
          [&](client::Client& c, client::Output& o) { return f(c, now, o); }, now, out);
    });
    return answer;
  }

  StageSettings settings_;
  std::map<std::string, std::vector<client::Event>> events_;
  std::map<std::string, client::GroupId> groups_;
};

// Both of them.
std::unique_ptr<Stage> make_sim_stage(StageSettings settings);
std::unique_ptr<Stage> make_socket_stage(StageSettings settings);

inline const std::vector<std::string> stage_cast{"alice", "bob", "carol", "dave", "erin"};

}  // namespace convene::tests
