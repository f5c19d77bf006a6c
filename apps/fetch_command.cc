#include <CLI/CLI.hpp>
#include <memory>
#include <variant>

#include "apps/commands.h"
#include "apps/exit_status.h"
#include "apps/inbox.h"
#include "apps/run_command.h"

namespace convene::apps {

namespace {

struct Options {
  ClientOptions who;
  std::string peer;
  std::string name;
  std::string directory = ".";
};

// Asks one user for a file, and keeps it. R4.1d.ii
class FetchCommand final : public Command {
 public:
  explicit FetchCommand(const Options& options) : options_{options}, inbox_{options.directory} {}

  void begin(ConsoleClient& client) override {
    const auto asked = client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.request_file({.address = address_of(options_.who, options_.peer)},
                            {.name = options_.name}, now, o);
    });
    if (asked) return client.output().names(*asked, options_.name);
    client.output().problem(asked.error().detail);
    client.finish(exit_status::not_sent);
  }

  void told(ConsoleClient& client, const client::Event& event) override {
    if (std::holds_alternative<client::FileReceived>(event)) {
      client.finish(inbox_.told(client, event) ? exit_status::fine : exit_status::not_sent);
    } else if (const auto* failed = std::get_if<client::FileFailed>(&event)) {
      const bool goes_on = failed->may_resume &&
                           client.with([&](client::Client& c, TimePoint now, client::Output& o) {
                             return c.fetch_rest(failed->transfer, now, o);
                           });
      if (!goes_on) client.finish(exit_status::not_sent);
    }
  }

 private:
  const Options& options_;
  Inbox inbox_;
};

}  // namespace

RunCommand add_fetch_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_options(app, options->who);
  app.add_option("--with", options->peer, "the user who has it")->required();
  app.add_option("name", options->name, "the file's name")->required();
  add_save_dir_option(app, options->directory);
  return [options] {
    FetchCommand command{*options};
    return run_command(options->who, command, {}, options->directory);
  };
}

}  // namespace convene::apps
