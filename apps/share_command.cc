#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <variant>

#include "apps/commands.h"
#include "apps/exit_status.h"
#include "apps/file_preparation.h"
#include "apps/run_command.h"

namespace convene::apps {

namespace {

struct ShareOptions {
  ClientOptions who;
  std::vector<std::string> files;
};

// Gives these files, and no others, to whoever asks for one by its name or hash. RFC 5547 8.2
class ShareCommand final : public Command {
 public:
  explicit ShareCommand(const ShareOptions& options) : options_{options} {}

  void begin(ConsoleClient& client) override {
    for (const auto& path : options_.files) {
      auto file = prepare_file(client.bodies(), path);
      if (!file) {
        client.output().problem(file.error().detail);
        return client.finish(exit_status::not_sent);
      }
      files_.push_back(*std::move(file));
    }
    client.output().note("waiting for who asks, Ctrl-C ends");
  }

  void told(ConsoleClient& client, const client::Event& event) override {
    const auto* wanted = std::get_if<client::FileWanted>(&event);
    if (!wanted) return;
    const auto is_it = [&](const client::FileToSend& file) {
      return wanted->sha1.empty() ? file.name == wanted->name : file.sha1 == wanted->sha1;
    };
    const auto found = std::ranges::find_if(files_, is_it);
    const auto given = client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return found == files_.end() ? c.decline_file(wanted->transfer, {}, now, o)
                                   : c.give_file(wanted->transfer, *found, now, o);
    });
    if (!given) client.output().problem(given.error().detail);
    if (found != files_.end()) client.output().names(wanted->transfer, found->name);
  }

  void interrupted(ConsoleClient& client) override { client.finish(exit_status::fine); }

 private:
  const ShareOptions& options_;
  std::vector<client::FileToSend> files_;
};

}  // namespace

RunCommand add_share_command(CLI::App& app) {
  auto options = std::make_shared<ShareOptions>();
  add_options(app, options->who);
  app.add_option("files", options->files, "what may be asked for")
      ->required()
      ->check(CLI::ExistingFile);
  return [options] {
    ShareCommand command{*options};
    return run_command(options->who, command);
  };
}

}  // namespace convene::apps
