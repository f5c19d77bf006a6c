#include <CLI/CLI.hpp>
#include <memory>
#include <variant>

#include "apps/commands.h"
#include "apps/exit_status.h"
#include "apps/group_entry.h"
#include "apps/run_command.h"

namespace convene::apps {

namespace {

struct GroupCommandOptions {
  ClientOptions who;
  GroupOptions group;
  bool stays = false;
};

// Creates or joins a group, and shows who is in it.
class GroupCommand final : public Command {
 public:
  explicit GroupCommand(const GroupCommandOptions& options) : options_{options} {}

  void begin(ConsoleClient& client) override {
    group_ = enter_group(client, options_.who, options_.group);
    if (!group_) return client.finish(exit_status::not_joined);
    client.after(std::chrono::seconds{options_.group.patience_seconds},
                 [&client, this] { end(client); });
  }

  void told(ConsoleClient& client, const client::Event& event) override {
    if (std::holds_alternative<client::Ended>(event)) {
      client.finish(was_answered_ ? exit_status::fine : exit_status::not_joined);
    } else if (const auto* roster = std::get_if<client::RosterChanged>(&event)) {
      was_answered_ = true;
      if (all_have_answered(roster->participants)) end(client);
    }
  }

 private:
  void end(ConsoleClient& client) {
    client.not_after_all();
    if (!options_.stays) {
      client.finish(was_answered_ ? exit_status::fine : exit_status::not_joined);
    }
  }

  const GroupCommandOptions& options_;
  std::optional<client::GroupId> group_;
  bool was_answered_ = false;
};

}  // namespace

RunCommand add_group_command(CLI::App& app) {
  auto options = std::make_shared<GroupCommandOptions>();
  add_options(app, options->who);
  add_options(app, options->group);
  app.add_flag("--stay", options->stays, "stay in the group until Ctrl-C");
  return [options] {
    GroupCommand command{*options};
    return run_command(options->who, command);
  };
}

}  // namespace convene::apps
