#include <CLI/CLI.hpp>
#include <memory>
#include <variant>

#include "apps/commands.h"
#include "apps/exit_status.h"
#include "apps/inbox.h"
#include "apps/run_command.h"

namespace convene::apps {

namespace {

using namespace std::chrono_literals;

constexpr auto sender_patience = 10s;

struct ReceiveOptions {
  ClientOptions who;
  std::string directory = ".";
  std::size_t count = 0;
};

// Goes into every group it is invited to, and keeps every file.
class ReceiveCommand final : public Command {
 public:
  explicit ReceiveCommand(const ReceiveOptions& options)
      : options_{options}, inbox_{options.directory} {}

  void begin(ConsoleClient& client) override {
    client.output().note("waiting for files, Ctrl-C ends");
  }

  void told(ConsoleClient& client, const client::Event& event) override {
    if (inbox_.told(client, event)) ++saved_;
    if (const auto* failed = std::get_if<client::FileFailed>(&event)) {
      if (failed->may_resume) ask_for_rest(client, failed->transfer);
    }
    if (options_.count > 0 && saved_ == options_.count) client.finish(exit_status::fine);
  }

  void interrupted(ConsoleClient& client) override {
    client.finish(options_.count == 0 ? exit_status::fine : exit_status::interrupted);
  }

 private:
  // Its sender has some time to send it on; then we ask for it. Conversation 14.10
  static void ask_for_rest(ConsoleClient& client, client::TransferId transfer) {
    client.after(sender_patience, [&client, transfer] {
      static_cast<void>(client.with([&](client::Client& c, TimePoint now, client::Output& o) {
        return c.fetch_rest(transfer, now, o);
      }));
    });
  }

  const ReceiveOptions& options_;
  Inbox inbox_;
  std::size_t saved_ = 0;
};

}  // namespace

RunCommand add_receive_command(CLI::App& app) {
  auto options = std::make_shared<ReceiveOptions>();
  add_options(app, options->who);
  add_save_dir_option(app, options->directory);
  app.add_option("--count", options->count, "end after so many files; 0: with Ctrl-C")
      ->capture_default_str();
  return [options] {
    ReceiveCommand command{*options};
    const auto adjust = [](client::Settings& settings) {
      settings.accept_invitations = true;
      settings.accept_files = true;
    };
    return run_command(options->who, command, adjust, options->directory);
  };
}

}  // namespace convene::apps
