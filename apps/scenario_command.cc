#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "apps/commands.h"
#include "apps/exit_status.h"
#include "apps/scenario_output.h"
#include "apps/scenario_stage.h"
#include "apps/small_files.h"
#include "scenario/forms.h"

namespace convene::apps {

namespace {

namespace fs = std::filesystem;

struct ScenarioCommandOptions {
  std::vector<std::string> files;
  ScenarioSettings settings;
  bool is_json = false;
  bool shows_forms = false;
};

// What can be said, as the table of docs/scenarios.md.
int show_forms() {
  for (const auto& form : scenario::all_forms()) {
    std::printf("%s\n", std::string{form.pattern}.c_str());
    if (!form.meaning.empty()) std::printf("    %s\n", std::string{form.meaning}.c_str());
  }
  return exit_status::fine;
}

int play(const ScenarioCommandOptions& options, const std::string& path,
         const ScenarioOutput& output) {
  const auto script = scenario::parse_script(content_of(path), path, scenario::all_forms());
  if (!script) {
    output.mistakes(script.error().detail);
    return exit_status::bad_usage;
  }
  output.begins(path);
  const auto folder = make_temporary_folder();
  std::string why;
  std::size_t steps = 0;
  {
    ScenarioStage stage{options.settings, folder, fs::path{path}.parent_path()};
    stage.tell(
        [&](const std::string& client, const client::Event& event) { output.told(client, event); });
    if (const auto opened = stage.open(*script); !opened) {
      why = opened.error().detail;
    } else {
      scenario::Player player{*script, stage};
      stage.play(player, [&](const scenario::Played& step) { output.played(step); });
      steps = player.played().size();
      if (!player.is_fine())
        why = path + ':' + std::to_string(player.played().back().line) + ": " +
              player.played().back().text;
      const auto closed = stage.close();
      if (why.empty() && !closed) why = "at the end " + closed.error().detail;
    }
  }
  fs::remove_all(folder);
  output.ended(path, steps, why);
  return why.empty() ? exit_status::fine : exit_status::not_as_expected;
}

int play_all(const ScenarioCommandOptions& options) {
  if (options.shows_forms) return show_forms();
  const ScenarioOutput output{options.is_json};
  int status = exit_status::fine;
  for (const auto& file : options.files) {
    const auto one = play(options, file, output);
    if (status == exit_status::fine) status = one;
  }
  if (options.files.empty()) return exit_status::bad_usage;
  return status;
}

}  // namespace

RunCommand add_scenario_command(CLI::App& app) {
  auto options = std::make_shared<ScenarioCommandOptions>();
  auto& common = options->settings.common;
  common.server.clear();
  app.add_option("files", options->files, "what to play, one after the other")
      ->check(CLI::ExistingFile);
  app.add_flag("--forms", options->shows_forms, "print what can be said in a scenario, and end");
  app.add_option(
      "--server", common.server,
      "registrar and outbound proxy, host:port; default: a server of its own for each file");
  app.add_option("--domain", common.domain, "the domain of the clients")->capture_default_str();
  app.add_option("--factory", common.factory,
                 "conference factory; default sip:conference-factory@<domain>");
  app.add_option("--password", common.password, "of all clients that declare none");
  app.add_flag("--json", options->is_json, "one line of JSON for each step and event");
  app.add_option("--trace", options->settings.trace,
                 "what goes over the wire of its own server, into a file");
  app.add_option("--log", options->settings.log,
                 "what server and clients decided, and why, into a file");
  return [options] { return play_all(*options); };
}

}  // namespace convene::apps
