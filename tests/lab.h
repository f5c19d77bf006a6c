#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "node/client_node.h"
#include "node/server_node.h"
#include "sim/world.h"

namespace convene::tests {

using namespace std::chrono_literals;

// What a member's device says it can do.
enum class Device { everything, files_only, chat_only, silent };

struct LabSettings {
  sim::WorldSettings world;
  controlling::Policy policy;
  sip::Transport transport = sip::Transport::tcp;
  client::Profile profile = client::Profile::strict;
  Duration media_stall{300'000};
  std::optional<participating::Settings> participating;  // the server has one; or not
  std::function<void(const std::string& name, client::Settings&)> adjust;  // of a client; or none
  std::function<void(const std::string& name, sim::HostSettings&)> equip;  // its machine; or none

  LabSettings();
};

// The cast of the flows on a simulated network: one server with its registrar at 10.0.0.1, and
// clients that accept what they are offered.
class Lab {
 public:
  explicit Lab(LabSettings settings = {});

  // A registered user of ims.example.
  void add(const std::string& name, Device device);
  void register_user(const std::string& name);  // again: the registrar forgets in a crash
  // Another device of a registered user; `name` is the device's.
  void add_device(const std::string& name, const std::string& user, Device device);
  void
  add_cast();  // alice and bob (everything), carol (files only), dave (chat only), erin (silent)

  sim::World& world() { return world_; }
  // Whether all media passes through the Participating Functions, even between two.
  bool anchors_media() const {
    return settings_.participating && settings_.participating->history.has_store;
  }
  node::ServerNode& server() { return world_.get<node::ServerNode>("cf"); }
  const client::Client& client(const std::string& name) {
    return world_.get<node::ClientNode>(name).client();
  }

  // f(client::Client&, TimePoint now, client::Output&) on a member's client.
  template <class F>
  auto with(const std::string& name, F f) {
    using Answer =
        decltype(f(std::declval<client::Client&>(), TimePoint{}, std::declval<client::Output&>()));
    std::optional<Answer> answer;
    world_.perform<node::ClientNode>(
        name, [&](node::ClientNode& node, TimePoint now, node::Effects& out) {
          answer.emplace(node.perform(
              [&](client::Client& c, client::Output& o) { return f(c, now, o); }, now, out));
        });
    return std::move(*answer);
  }

  // Creates a group, and waits until those `members` that are clients have joined.
  void create_group(const std::string& creator, const std::vector<std::string>& members,
                    std::string subject = "Trail Sunday");
  // A session between two, and waits until it is up. `answering`: the device that does.
  void create_session(const std::string& caller, const std::string& user,
                      const std::string& answering);
  client::GroupId group_of(const std::string& name) const { return groups_.at(name); }

  std::string say(const std::string& name, std::string text);  // the imdn.Message-ID
  client::TransferId send_file(const std::string& name, std::string octets,
                               client::FileToSend file = {});
  // A file of a member's, with size and hash of these octets.
  client::FileToSend file_of(const std::string& name, std::string octets,
                             client::FileToSend file = {});

  // All events of a member so far; and those of one kind.
  const std::vector<client::Event>& told(const std::string& name) const { return seen_.at(name); }
  template <class E>
  std::vector<E> events(const std::string& name) const {
    std::vector<E> found;
    for (const auto& event : seen_.at(name)) {
      if (const auto* one = std::get_if<E>(&event)) found.push_back(*one);
    }
    return found;
  }
  template <class E>
  std::size_t count(const std::string& name) const {
    return events<E>(name).size();
  }
  // The files a member holds, whole.
  std::vector<std::string> files(const std::string& name);
  std::vector<std::string> chats(const std::string& name) const;  // the texts received

  bool wait(const std::function<bool()>& predicate, Duration patience = 60s) {
    return world_.run_until(predicate, patience);
  }

  // Whether nothing is left of transfers at the server; and, when nobody is in a group any more,
  // nothing at all.
  std::string leftovers();

 private:
  client::Settings settings_of(const std::string& user, Device device) const;

  LabSettings settings_;
  sim::World world_;
  std::map<std::string, std::vector<client::Event>> seen_;
  std::map<std::string, client::GroupId> groups_;
};

// `size` octets that do not repeat soon.
std::string octets_of_file(std::size_t size, std::uint64_t seed = 1);

}  // namespace convene::tests
