#include <algorithm>
#include <array>
#include <utility>

#include "base/hash.h"
#include "tests/soak.h"

namespace convene::tests {

using namespace std::chrono_literals;

std::string Soak::step() {
  const auto done = [&](const char* what, std::string trouble) {
    ++figures_.steps[what];
    return trouble.empty() ? trouble : std::string{what} + ": " + trouble;
  };
  if (groups_.size() < settings_.groups && (groups_.empty() || chance(30)))
    return done("create", create());
  if (chance(2)) return done("crash", crash());
  if (chance(2)) return done("lose connections", lose_connections());

  auto& group = groups_[below(groups_.size())];
  const auto what = below(100);
  if (what < 20) return done("rejoin", rejoin(group));
  if (what < 25) return done("rejoin by two", rejoin_by_two(group));
  if (what < 40) return done("disconnect", disconnect(group));
  if (what < 50) return done("leave", leave(group));
  if (what < 80) return done("chat", chat(group));
  return done("file", send_file(group));
}

// ---- What may happen. ----

std::string Soak::create() {
  Group group;
  while (group.members.size() < settings_.members) group.members.insert(below(users_.size()));
  const auto creator = any_of(group.members);
  client::NewGroup wanted{.subject = "Group " + std::to_string(++number_), .members = {}};
  for (const auto member : group.members) {
    if (member != creator) wanted.members.push_back(users_[member].address);
  }
  maybe_die();
  const auto begun = with(creator, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.create_group(wanted, now, o);
  });
  if (!begun) return begun.error().detail;
  settle();
  group.focus = client(creator).session(*begun)->focus;
  const bool died = has_died();

  std::set<std::string> known;
  for (const auto& one : groups_) known.insert(one.focus);
  for (const auto& one : server().snapshot().controlling.groups) {
    const bool is_new = !known.contains(one.focus) && !over_.contains(one.focus);
    if (!is_new) continue;
    if (!group.focus.empty() && one.focus != group.focus) return "a twin of " + group.focus;
    group.focus = one.focus;
    groups_.push_back(group);
    return {};
  }
  // Nobody may have heard of a group that is not there.
  if (!group.focus.empty() || !died) return "not there after it was created";
  ++figures_.refused;
  return {};
}

std::string Soak::disconnect(Group& group) {
  const auto there = in_session(group);
  if (there.empty()) return {};
  const auto user = any_of(there);
  const auto session = session_of(user, group.focus);
  if (!session) return users_[user].name + " is in, and does not know";
  maybe_die();
  const auto done = with(user, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.disconnect(*session, now, o);
  });
  if (!done) return done.error().detail;
  settle();
  if (!has_died() && in_session(group).contains(user)) return users_[user].name + " is still in";
  return {};
}

// Who the server died of is out, or still a member; who has been told so is out.
std::string Soak::leave(Group& group) {
  const auto there = in_session(group);
  if (there.empty()) return {};
  const auto user = any_of(there);
  const auto session = session_of(user, group.focus);
  if (!session) return users_[user].name + " is in, and does not know";
  maybe_die();
  const auto done = with(user, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.leave(*session, now, o);
  });
  if (!done) return done.error().detail;
  settle();
  const bool died = has_died();
  const auto now = view(group.focus);
  const bool is_member = now && std::ranges::any_of(now->participants, [&](const auto& one) {
                           return one.address == users_[user].address;
                         });
  if (is_member && !died) return users_[user].name + " is still a member";
  if (!is_member) group.members.erase(user);
  if (group.members.size() >= 2) return {};
  over_.insert(group.focus);
  std::swap(group, groups_.back());
  groups_.pop_back();
  return {};
}

std::string Soak::rejoin(Group& group) {
  std::set<Number> away = group.members;
  for (const auto user : in_session(group)) away.erase(user);
  if (away.empty()) return {};
  const auto user = any_of(away);
  maybe_die();
  const auto begun = with(user, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.join({.focus = group.focus, .ids = {}, .subject = ""}, now, o);
  });
  if (!begun) return begun.error().detail;
  settle();
  if (has_died()) return {};
  if (!in_session(group).contains(user)) return users_[user].name + " did not come in";
  return {};
}

std::string Soak::rejoin_by_two(Group& group) {
  std::set<Number> away = group.members;
  for (const auto user : in_session(group)) away.erase(user);
  if (away.size() < 2) return {};
  const auto first = any_of(away);
  away.erase(first);
  const std::array two{first, any_of(away)};
  maybe_die();
  for (const auto user : two) {
    const auto begun = with(user, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.join({.focus = group.focus, .ids = {}, .subject = ""}, now, o);
    });
    if (!begun) return begun.error().detail;
  }
  settle();
  if (has_died()) return {};
  for (const auto user : two) {
    if (!in_session(group).contains(user)) return users_[user].name + " did not come in";
  }
  return {};
}

std::string Soak::chat(Group& group) {
  const auto before = in_session(group);
  if (before.empty()) return {};
  const auto user = any_of(before);
  const auto session = session_of(user, group.focus);
  if (!session) return users_[user].name + " is in, and does not know";
  const auto text = "message " + std::to_string(++number_);
  maybe_die();
  const auto said = with(user, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_chat(*session, {.octets = text}, now, o);
  });
  if (!said) return said.error().detail;
  settle();
  const bool died = has_died();
  if (!died && !users_[user].said.contains(*said)) return text + " was not accepted";
  for (Number other = 0; other < users_.size(); ++other) {
    const auto times = users_[other].chats[text];
    const bool is_owed = !died && other != user && before.contains(other);
    const bool may_have = other != user && before.contains(other);
    if (times > (may_have ? 1U : 0U) || (is_owed && times == 0))
      return users_[other].name + " has " + text + " " + std::to_string(times) + " times";
    figures_.chats_delivered += times;
    users_[other].chats.clear();
  }
  users_[user].said.clear();
  return {};
}

std::string Soak::send_file(Group& group) {
  const auto before = in_session(group);
  if (before.size() < 2) return {};
  const auto user = any_of(before);
  const auto session = session_of(user, group.focus);
  if (!session) return users_[user].name + " is in, and does not know";
  const auto name = "file-" + std::to_string(++number_);
  auto octets = name + "\n" + octets_of_soak_file(name, settings_.file_octets);
  client::FileToSend file{.body = {}, .name = name};
  file.size = octets.size();
  file.sha1 = digest_of(Digest::sha1, octets);
  file.body = world_.bodies(users_[user].name).adopt(std::move(octets));
  const auto body = file.body;
  const auto sent_before = users_[user].sent;
  maybe_die();
  const auto sent = with(user, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_file(*session, std::move(file), now, o);
  });
  if (!sent) return sent.error().detail;
  world_.run_for(30s);  // who joins late might still get it
  settle();
  const bool died = has_died();
  if (died) world_.run_for(10min);  // whoever waits for what does not come gives up
  world_.bodies(users_[user].name).drop(body);
  if (!died && users_[user].sent != sent_before + 1) return name + " was not sent";
  for (Number other = 0; other < users_.size(); ++other) {
    const auto times = users_[other].files[name];
    const bool may_have = other != user && before.contains(other);
    if (times > (may_have ? 1U : 0U) || (may_have && !died && times == 0))
      return users_[other].name + " has " + name + " " + std::to_string(times) + " times";
    figures_.files_delivered += times;
    users_[other].files.clear();
  }
  return {};
}

std::string Soak::lose_connections() {
  world_.reset_streams("cf", users_[below(users_.size())].name);
  settle();
  return {};
}

}  // namespace convene::tests
