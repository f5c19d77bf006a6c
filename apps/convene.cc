// convene: a CPM client for people and scripts.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <utility>
#include <vector>

#include "apps/commands.h"
#include "apps/exit_status.h"

namespace convene::apps {
namespace {

int run(int count, char** words) {
  CLI::App app{"Group chat, and file transfer inside it, from the command line."};
  app.name("convene");
  app.set_version_flag("--version", "convene " CONVENE_VERSION);
  app.require_subcommand(1);

  std::vector<std::pair<CLI::App*, RunCommand>> commands;
  const auto add = [&](const char* name, const char* what, RunCommand (*add_command)(CLI::App&)) {
    auto* command = app.add_subcommand(name, what);
    commands.emplace_back(command, add_command(*command));
  };
  add("register", "register, and tell how it went", add_register_command);
  add("group", "create or join a group, and show who is in it", add_group_command);
  add("chat", "talk in a group, or with one user", add_chat_command);
  add("message", "say something outside any group", add_message_command);
  add("send", "send files into a group, or to one user", add_send_command);
  add("receive", "keep the files that others send", add_receive_command);
  add("scenario", "play several clients from a file, and check what they see",
      add_scenario_command);
  add("load", "many clients that chat and send files: how the server does", add_load_command);
  add("fetch", "ask one user for a file", add_fetch_command);
  add("share", "give files to those who ask for them", add_share_command);
  add("store", "what is stored of a user: list, show, export, migrate", add_store_command);
  add("queue", "what waits for users who are away, and for the message store", add_queue_command);
  add("user", "all that a server keeps of a user: export, erase", add_user_command);
  add("trace", "draw who said what to whom from a trace file", add_trace_command);

  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_status::fine : exit_status::bad_usage;
  }
  for (const auto& [command, run_command] : commands) {
    if (command->parsed()) return run_command();
  }
  return exit_status::bad_usage;
}

}  // namespace
}  // namespace convene::apps

int main(int count, char** words) {
  try {
    return convene::apps::run(count, words);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "convene: %s\n", error.what());
    return convene::apps::exit_status::cannot_start;
  }
}
