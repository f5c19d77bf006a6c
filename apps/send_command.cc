#include <CLI/CLI.hpp>
#include <memory>
#include <set>
#include <variant>

#include "apps/commands.h"
#include "apps/direct_send.h"
#include "apps/exit_status.h"
#include "apps/file_preparation.h"
#include "apps/group_entry.h"
#include "apps/run_command.h"

namespace convene::apps {

namespace {

using namespace std::chrono_literals;

struct SendOptions {
  ClientOptions who;
  GroupOptions group;
  std::vector<std::string> files;
  bool wants_reports = false;
};

constexpr auto report_patience = 15s;

// Sends files into a group, one after the other, once its members have answered.
class SendCommand final : public Command {
 public:
  explicit SendCommand(const SendOptions& options) : options_{options} {}

  void begin(ConsoleClient& client) override {
    group_ = enter_group(client, options_.who, options_.group);
    if (!group_) return client.finish(exit_status::not_joined);
    client.after(std::chrono::seconds{options_.group.patience_seconds},
                 [&client, this] { start_if_possible(client); });
  }

  void told(ConsoleClient& client, const client::Event& event) override {
    if (const auto* roster = std::get_if<client::RosterChanged>(&event)) {
      has_company_ = somebody_else_joined(roster->participants);
      joined_ = static_cast<std::size_t>(std::ranges::count(
          roster->participants, client::Participant::State::joined, &client::Participant::state));
      if (!has_started_ && all_have_answered(roster->participants)) start_if_possible(client);
    } else if (std::holds_alternative<client::Ended>(event) && !has_started_) {
      client.finish(exit_status::not_joined);
    } else if (std::holds_alternative<client::FileSent>(event)) {
      next(client);
    } else if (std::holds_alternative<client::FileFailed>(event)) {
      leave(client, exit_status::not_sent);
    } else if (const auto* report = std::get_if<client::DeliveryReport>(&event)) {
      reports_.insert(report->recipient + " " + report->id);
      leave_if_reported(client);
    }
  }

  void interrupted(ConsoleClient& client) override {
    for (const auto transfer : client.client().transfers()) {
      static_cast<void>(client.with([&](client::Client& c, TimePoint now, client::Output& o) {
        return c.cancel_file(transfer, now, o);
      }));
    }
    leave(client, exit_status::interrupted);
  }

 private:
  void start_if_possible(ConsoleClient& client) {
    if (has_started_) return;
    has_started_ = true;
    client.not_after_all();
    if (!has_company_) {
      client.output().problem("nobody joined");
      return leave(client, exit_status::not_joined);
    }
    next(client);
  }

  void next(ConsoleClient& client) {
    if (sent_ == options_.files.size()) return wait_for_reports(client);
    auto file = prepare_file(client.bodies(), options_.files[sent_++]);
    if (!file) {
      client.output().problem(file.error().detail);
      return leave(client, exit_status::not_sent);
    }
    if (options_.wants_reports)
      file->wants = {.positive_delivery = true, .negative_delivery = true};
    const auto name = file->name;
    const auto transfer = client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_file(*group_, *std::move(file), now, o);
    });
    if (transfer) return client.output().names(*transfer, name);
    client.output().problem(name + ": " + transfer.error().detail);
    leave(client, exit_status::not_sent);
  }

  void wait_for_reports(ConsoleClient& client) {
    is_done_ = true;
    if (!options_.wants_reports) return leave(client, exit_status::fine);
    client.after(report_patience, [&client, this] { leave(client, exit_status::fine); });
    leave_if_reported(client);
  }

  // Whoever cannot report leaves us waiting for a while.
  void leave_if_reported(ConsoleClient& client) {
    const auto others = joined_ > 0 ? joined_ - 1 : 0;
    if (is_done_ && reports_.size() >= others * options_.files.size()) {
      leave(client, exit_status::fine);
    }
  }

  void leave(ConsoleClient& client, int status) {
    if (group_ && options_.group.focus.empty()) {
      static_cast<void>(client.with([&](client::Client& c, TimePoint now, client::Output& o) {
        return c.leave(*group_, now, o);
      }));
    }
    client.finish(status);
  }

  const SendOptions& options_;
  std::optional<client::GroupId> group_;
  bool has_started_ = false;
  bool has_company_ = false;
  bool is_done_ = false;
  std::size_t joined_ = 0;  // we among them
  std::size_t sent_ = 0;    // files, or under way
  std::set<std::string> reports_;
};

}  // namespace

RunCommand add_send_command(CLI::App& app) {
  auto options = std::make_shared<SendOptions>();
  add_options(app, options->who);
  add_options(app, options->group);
  add_peer_option(app, options->group);
  app.add_option("files", options->files, "what to send")->required()->check(CLI::ExistingFile);
  app.add_flag("--report", options->wants_reports, "ask for delivery reports, and wait for them");
  return [options] {
    if (!options->group.peer.empty()) {
      DirectSend direct{{.peer = address_of(options->who, options->group.peer),
                         .files = options->files,
                         .wants_reports = options->wants_reports}};
      return run_command(options->who, direct);
    }
    SendCommand command{*options};
    return run_command(options->who, command);
  };
}

}  // namespace convene::apps
