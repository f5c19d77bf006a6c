#include "apps/group_entry.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace convene::apps {

void add_options(CLI::App& app, GroupOptions& options) {
  auto* to = app.add_option("--to", options.members, "a member of a new group; may repeat");
  app.add_option("--join", options.focus, "the URI of a group that exists")->excludes(to);
  app.add_option("--subject", options.subject, "of a new group");
  app.add_option("--wait", options.patience_seconds, "seconds for the members to answer")
      ->check(CLI::Range(1, 3'600))
      ->capture_default_str();
}

void add_peer_option(CLI::App& app, GroupOptions& options) {
  app.add_option("--with", options.peer, "one other user, and no group")
      ->excludes(app.get_option("--to"))
      ->excludes(app.get_option("--join"));
}

std::optional<client::GroupId> enter_group(ConsoleClient& client, const ClientOptions& who,
                                           const GroupOptions& options) {
  auto entered = client.with([&](client::Client& c, TimePoint now, client::Output& o) {
    if (!options.focus.empty()) {
      return c.join({.focus = options.focus, .ids = {}, .subject = options.subject}, now, o);
    }
    if (!options.peer.empty()) {
      return c.create_session(
          {.peer = address_of(who, options.peer), .subject = options.subject, .ids = {}}, now, o);
    }
    client::NewGroup group{.subject = options.subject, .members = {}};
    for (const auto& member : options.members) group.members.push_back(address_of(who, member));
    return c.create_group(std::move(group), now, o);
  });
  if (entered) return *entered;
  client.output().problem(entered.error().detail);
  return std::nullopt;
}

bool all_have_answered(const std::vector<client::Participant>& roster) {
  return std::ranges::none_of(roster, [](const client::Participant& one) {
    return !one.is_me && one.state == client::Participant::State::invited;
  });
}

bool somebody_else_joined(const std::vector<client::Participant>& roster) {
  return std::ranges::any_of(roster, [](const client::Participant& one) {
    return !one.is_me && one.state == client::Participant::State::joined;
  });
}

}  // namespace convene::apps
