#include <CLI/CLI.hpp>
#include <memory>

#include "apps/commands.h"
#include "apps/exit_status.h"
#include "apps/run_command.h"

namespace convene::apps {

namespace {

struct RegisterOptions {
  ClientOptions who;
  bool stays = false;
};

class RegisterCommand final : public Command {
 public:
  explicit RegisterCommand(bool stays) : stays_{stays} {}

  void begin(ConsoleClient& client) override {
    if (!stays_) client.finish(exit_status::fine);
  }
  void told(ConsoleClient&, const client::Event&) override {}

 private:
  bool stays_;
};

}  // namespace

RunCommand add_register_command(CLI::App& app) {
  auto options = std::make_shared<RegisterOptions>();
  add_options(app, options->who);
  app.add_flag("--stay", options->stays, "stay registered until Ctrl-C");
  return [options] {
    RegisterCommand command{options->stays};
    return run_command(options->who, command);
  };
}

}  // namespace convene::apps
