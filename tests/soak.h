#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/client_node.h"
#include "node/server_node.h"
#include "sim/world.h"

namespace convene::tests {

struct SoakSettings {
  std::uint64_t seed = 1;
  std::size_t users = 60;
  std::size_t groups = 200;
  std::size_t members = 20;  // of a group when it is created
  std::uint64_t hours = 10'000;
  Duration between{180'000};  // steps: on average so long
  std::size_t file_octets = 20'000;
};

// Many groups for life on one server, for years: random creations, joins, leaves, chats, files,
// lost connections, and crashes of the server at any effect. After every step everything is
// compared with what must be: who belongs to which group, who is in its session, on both sides;
// what was said and sent has come once; and nothing is left behind.
class Soak {
 public:
  explicit Soak(SoakSettings settings);

  // For so many hours more, or until all are over; what is otherwise than it must be, or empty.
  std::string run_for(std::uint64_t hours);
  bool is_over() const { return figures_.virtual_hours >= settings_.hours; }

  struct Figures {
    std::map<std::string, std::uint64_t> steps;  // by what was done
    std::uint64_t crashes = 0;                   // of which so many in the middle of something
    std::uint64_t crashes_inside = 0;
    std::uint64_t refused = 0;  // creations that the server died of, and has not kept
    std::uint64_t chats_delivered = 0;
    std::uint64_t files_delivered = 0;
    std::uint64_t checks = 0;
    std::uint64_t virtual_hours = 0;
  };
  const Figures& figures() const { return figures_; }
  std::string figures_text() const;
  const sim::World& world() const { return world_; }

 private:
  using Number = std::size_t;  // of a user
  struct User {
    std::string name, address;
    std::map<std::string, std::size_t> chats;  // received, by their text
    std::map<std::string, std::size_t> files;  // by their name
    std::set<std::string> said;                // accepted by the focus: imdn.Message-IDs
    std::size_t sent = 0;                      // files that were accepted to their end
    std::size_t registered = 0;
    std::string trouble;
  };
  struct Group {
    std::string focus;
    std::set<Number> members;  // who belongs to it
  };

  std::string start();

  // soak_steps.cc: what may happen. Each says what went wrong.
  std::string step();
  std::string create();
  std::string disconnect(Group& group);
  std::string leave(Group& group);
  std::string rejoin(Group& group);
  std::string rejoin_by_two(Group& group);
  std::string chat(Group& group);
  std::string send_file(Group& group);
  std::string lose_connections();

  // soak.cc: the server dies.
  std::string crash();
  void maybe_die();  // at one of the next effects
  bool has_died();   // since then; it is started again
  void restart();
  void register_user(Number user);
  void settle();

  // soak_checks.cc
  std::string check();
  std::string check_groups(const controlling::Snapshot& snapshot) const;
  std::string check_sessions(const controlling::Snapshot& snapshot);
  std::string check_leftovers(const node::ServerNode::Snapshot& snapshot);
  std::string trouble_of_users() const;
  std::set<Number> in_session(const Group& group);  // as the server sees it
  std::optional<controlling::GroupView> view(std::string_view focus);

  void add_server();
  void add_user(Number user);
  void note(User& user, const client::Event& event);
  node::ServerNode& server() { return world_.get<node::ServerNode>("cf"); }
  const client::Client& client(Number user);
  std::optional<client::GroupId> session_of(Number user, std::string_view focus);
  template <class F>
  auto with(Number user, F f) {
    using Answer =
        decltype(f(std::declval<client::Client&>(), TimePoint{}, std::declval<client::Output&>()));
    std::optional<Answer> answer;
    world_.perform<node::ClientNode>(
        users_[user].name, [&](node::ClientNode& node, TimePoint now, node::Effects& out) {
          answer.emplace(node.perform(
              [&](client::Client& c, client::Output& o) { return f(c, now, o); }, now, out));
        });
    return std::move(*answer);
  }
  std::uint64_t below(std::uint64_t bound) { return random_below(random_, bound); }
  bool chance(std::uint64_t percent) { return below(100) < percent; }
  Number any_of(const std::set<Number>& users) {
    return *std::next(users.begin(), static_cast<std::ptrdiff_t>(below(users.size())));
  }

  SoakSettings settings_;
  SeededRandom random_;
  sim::World world_;
  std::vector<User> users_;
  std::vector<Group> groups_;
  std::set<std::string> over_;  // focus URIs of groups that were dissolved
  std::uint64_t number_ = 0;    // of chats and files
  bool may_have_died_ = false;
  Figures figures_;
};

// What the file of this name holds.
std::string octets_of_soak_file(std::string_view name, std::size_t size);

}  // namespace convene::tests
