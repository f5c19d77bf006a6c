#include <CLI/CLI.hpp>
#include <memory>
#include <variant>

#include "apps/commands.h"
#include "apps/delivery_table.h"
#include "apps/direct_send.h"
#include "apps/exit_status.h"
#include "apps/file_preparation.h"
#include "apps/group_entry.h"
#include "apps/list_send.h"
#include "apps/run_command.h"

namespace convene::apps {

namespace {

using namespace std::chrono_literals;

struct SendOptions {
  ClientOptions who;
  GroupOptions group;
  std::vector<std::string> list;
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
      if (!has_started_ && all_have_answered(roster->participants)) start_if_possible(client);
    } else if (std::holds_alternative<client::Ended>(event) && !has_started_) {
      client.finish(exit_status::not_joined);
    } else if (const auto* sent = std::get_if<client::FileSent>(&event)) {
      table_.sent(sent->id, name_, since_);
      next(client);
    } else if (std::holds_alternative<client::FileFailed>(event)) {
      leave(client, exit_status::not_sent);
    } else if (const auto* report = std::get_if<client::DeliveryReport>(&event)) {
      table_.told(*report, client.loop().now());
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
    name_ = file->name;
    since_ = client.loop().now();
    const auto transfer = client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_file(*group_, *std::move(file), now, o);
    });
    if (transfer) return client.output().names(*transfer, name_);
    client.output().problem(name_ + ": " + transfer.error().detail);
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
    if (is_done_ && table_.is_complete(client.client())) leave(client, exit_status::fine);
  }

  void leave(ConsoleClient& client, int status) {
    client.output().table(table_.rows(client.client()));
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
  std::size_t sent_ = 0;  // files, or under way
  std::string name_;      // of the last of them
  TimePoint since_{};     // ... it was sent
  DeliveryTable table_;
};

}  // namespace

RunCommand add_send_command(CLI::App& app) {
  auto options = std::make_shared<SendOptions>();
  add_options(app, options->who);
  add_options(app, options->group);
  add_peer_option(app, options->group);
  add_list_option(app, options->list)
      ->excludes(app.get_option("--to"))
      ->excludes(app.get_option("--join"))
      ->excludes(app.get_option("--with"));
  app.add_option("files", options->files, "what to send")->required()->check(CLI::ExistingFile);
  app.add_flag("--report", options->wants_reports,
               "ask for delivery reports, wait for them, and tell them by recipient");
  return [options] {
    const auto& to = options->group;
    if (to.members.empty() && to.focus.empty() && to.peer.empty() && options->list.empty()) {
      return exit_status_of(
          fail(Fault::malformed, "send: to whom? --to, --join, --with or --list tells"));
    }
    if (!options->list.empty()) {
      ListSend to_list{{.list = addresses_of(options->who, options->list),
                        .files = options->files,
                        .wants_reports = options->wants_reports}};
      return run_command(options->who, to_list);
    }
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
