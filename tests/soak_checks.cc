#include <algorithm>

#include "tests/soak.h"

namespace convene::tests {

using namespace std::chrono_literals;

namespace {

std::string list_of(const std::set<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += " " + name;
  return text.empty() ? " nobody" : text;
}

}  // namespace

const client::Client& Soak::client(Number user) {
  return world_.get<node::ClientNode>(users_[user].name).client();
}

std::optional<client::GroupId> Soak::session_of(Number user, std::string_view focus) {
  const auto& one = client(user);
  for (const auto id : one.sessions()) {
    const auto session = one.session(id);
    if (session->focus == focus && session->state == client::SessionState::active) return id;
  }
  return std::nullopt;
}

std::optional<controlling::GroupView> Soak::view(std::string_view focus) {
  for (auto& one : server().snapshot().controlling.groups) {
    if (one.focus == focus) return std::move(one);
  }
  return std::nullopt;
}

std::set<Soak::Number> Soak::in_session(const Group& group) {
  std::set<Number> found;
  const auto now = view(group.focus);
  if (!now) return found;
  for (const auto& one : now->participants) {
    const bool is_in = std::ranges::any_of(
        one.legs, [](const auto& leg) { return leg.state == controlling::LegState::joined; });
    if (is_in) found.insert(std::stoul(one.address.substr(std::string_view{"sip:user-"}.size())));
  }
  return found;
}

// A registration or a refresh may just be under way: asked again a little later.
std::string Soak::check() {
  std::string trouble;
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto snapshot = server().snapshot();
    trouble = check_groups(snapshot.controlling);
    if (trouble.empty()) trouble = check_sessions(snapshot.controlling);
    if (trouble.empty()) trouble = check_leftovers(snapshot);
    if (trouble.empty()) trouble = trouble_of_users();
    if (trouble.empty()) return {};
    settle();
  }
  return trouble;
}

// Every member in exactly the groups it should be, in memory and on the disk.
std::string Soak::check_groups(const controlling::Snapshot& snapshot) const {
  std::map<std::string_view, const controlling::GroupView*> there;
  for (const auto& one : snapshot.groups) there[one.focus] = &one;
  for (const auto& group : groups_) {
    const auto found = there.find(group.focus);
    if (found == there.end()) return group.focus + " is not known";
    std::set<std::string> wanted, are;
    for (const auto user : group.members) wanted.insert(users_[user].address);
    for (const auto& one : found->second->participants) are.insert(one.address);
    if (wanted != are) {
      return group.focus + " has" + list_of(are) + ", not" + list_of(wanted);
    }
    there.erase(found);
  }
  for (const auto& [focus, one] : there) {
    if (!over_.contains(std::string{focus})) return std::string{focus} + " is nobody's";
  }
  return {};
}

// Who is in a session, on both sides.
std::string Soak::check_sessions(const controlling::Snapshot& snapshot) {
  std::set<std::pair<std::string, std::string>> of_server, of_clients;  // address, focus
  for (const auto& group : snapshot.groups) {
    for (const auto& one : group.participants) {
      if (one.legs.size() > 1) return one.address + " is in " + group.focus + " twice";
      if (!one.legs.empty()) of_server.emplace(one.address, group.focus);
    }
  }
  for (Number user = 0; user < users_.size(); ++user) {
    const auto& one = client(user);
    for (const auto id : one.sessions()) {
      const auto session = one.session(id);
      if (session->state != client::SessionState::ended)
        of_clients.emplace(users_[user].address, session->focus);
    }
  }
  for (const auto& [address, focus] : of_server) {
    if (!of_clients.contains({address, focus}))
      return "only the server thinks that " + address + " is in " + focus;
  }
  for (const auto& [address, focus] : of_clients) {
    if (!of_server.contains({address, focus}))
      return "only " + address + " thinks that it is in " + focus;
  }
  return {};
}

// No dialog, timer, session or file that belongs to nothing.
std::string Soak::check_leftovers(const node::ServerNode::Snapshot& snapshot) {
  std::string left;
  const auto tell = [&](const std::string& what, std::size_t count, std::size_t owed = 0) {
    if (count != owed)
      left += what + "=" + std::to_string(count) + " not " + std::to_string(owed) + " ";
  };
  const auto& at = snapshot.controlling;
  std::size_t legs = 0, subscriptions = 0;
  for (const auto& group : at.groups) {
    subscriptions += group.subscriptions;
    for (const auto& one : group.participants) legs += one.legs.size();
  }
  tell("transfers", at.transfers.size());
  tell("bodies", at.bodies);
  tell("dialogs", at.dialogs, legs + subscriptions);
  tell("transactions", at.transactions);
  tell("msrp_sessions", at.msrp_sessions, legs);
  tell("msrp_connections", at.msrp_connections, legs);
  tell("pending", at.pending, 2 * legs + subscriptions);
  tell("registrar_transactions", snapshot.registrar_transactions);
  tell("registered users", snapshot.registered_users, users_.size());

  std::size_t of_clients = 0;
  for (Number user = 0; user < users_.size(); ++user) {
    const auto& one = client(user);
    of_clients += one.media_sessions();
    tell(users_[user].name + ".transfers", one.transfers().size());
    tell(users_[user].name + ".bodies", world_.bodies(users_[user].name).bodies(),
         one.kept_files());
  }
  tell("media sessions of clients", of_clients, legs);
  return left.empty() ? left : "left behind: " + left;
}

std::string Soak::trouble_of_users() const {
  for (const auto& user : users_) {
    if (!user.trouble.empty()) return user.name + ": " + user.trouble;
  }
  return {};
}

}  // namespace convene::tests
