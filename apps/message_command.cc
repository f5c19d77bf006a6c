#include <CLI/CLI.hpp>
#include <iostream>
#include <iterator>
#include <memory>
#include <variant>

#include "apps/commands.h"
#include "apps/delivery_table.h"
#include "apps/exit_status.h"
#include "apps/run_command.h"

namespace convene::apps {

namespace {

using namespace std::chrono_literals;

struct MessageOptions {
  ClientOptions who;
  std::vector<std::string> to, list, cc, bcc;
  std::string text;  // empty: standard input
  std::string conversation, in_reply_to;
  bool wants_reports = false;
};

constexpr auto answer_patience = 40s;  // a SIP transaction's 32 s, and a moment
constexpr auto reports_patience = 15s;

// Sends one message outside any session, and tells what became of it.
class MessageCommand final : public Command {
 public:
  explicit MessageCommand(const MessageOptions& options) : options_{options} {}

  void begin(ConsoleClient& client) override {
    auto id = client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_message(message(), now, o);
    });
    if (!id) {
      client.output().problem(id.error().detail);
      return client.finish(exit_status::not_sent);
    }
    id_ = *std::move(id);
    if (options_.wants_reports) table_.sent(id_, {}, client.loop().now());
    client.after(answer_patience, [&client] { client.finish(exit_status::not_sent); });
  }

  void told(ConsoleClient& client, const client::Event& event) override {
    if (const auto* failed = std::get_if<client::ChatFailed>(&event)) {
      if (failed->id == id_) client.finish(exit_status::not_sent);
    } else if (const auto* sent = std::get_if<client::ChatSent>(&event)) {
      if (sent->id == id_) wait_for_reports(client);
    } else if (const auto* report = std::get_if<client::DeliveryReport>(&event)) {
      table_.told(*report, client.loop().now());
      end_if_reported(client);
    }
  }

 private:
  client::StandaloneMessage message() const {
    client::StandaloneMessage message{.to = addresses_of(options_.who, options_.to),
                                      .cc = addresses_of(options_.who, options_.cc),
                                      .bcc = addresses_of(options_.who, options_.bcc),
                                      .octets = options_.text,
                                      .conversation = options_.conversation,
                                      .in_reply_to = options_.in_reply_to};
    if (message.octets.empty()) {
      message.octets = {std::istreambuf_iterator<char>{std::cin}, {}};
    }
    message.wants = {.positive_delivery = options_.wants_reports,
                     .negative_delivery = options_.wants_reports};
    return message;
  }

  void wait_for_reports(ConsoleClient& client) {
    is_sent_ = true;
    if (!options_.wants_reports) return client.finish(exit_status::fine);
    client.after(reports_patience, [&client, this] { end(client); });
    end_if_reported(client);
  }

  void end_if_reported(ConsoleClient& client) {
    if (is_sent_ && table_.is_complete(client.client())) end(client);
  }

  void end(ConsoleClient& client) {
    client.output().table(table_.rows(client.client()));
    client.finish(exit_status::fine);
  }

  const MessageOptions& options_;
  std::string id_;
  bool is_sent_ = false;
  DeliveryTable table_;
};

// What follows its value is no further one: it is what to say.
CLI::Option* one_each(CLI::Option* option) { return option->allow_extra_args(false); }

}  // namespace

RunCommand add_message_command(CLI::App& app) {
  auto options = std::make_shared<MessageOptions>();
  add_options(app, options->who);
  one_each(app.add_option("--to", options->to, "who gets it; may repeat"));
  one_each(add_list_option(app, options->list));
  one_each(app.add_option("--cc", options->cc, "who gets a copy that all know of; may repeat"));
  one_each(
      app.add_option("--bcc", options->bcc, "who gets a copy that nobody knows of; may repeat"));
  app.add_option("text", options->text, "what to say; without it, standard input");
  app.add_option("--conversation", options->conversation, "the thread that it belongs to");
  app.add_option("--in-reply-to", options->in_reply_to, "the contribution that it answers");
  app.add_flag("--report", options->wants_reports,
               "ask for delivery reports, wait for them, and tell them by recipient");
  return [options] {
    options->to.insert(options->to.end(), options->list.begin(), options->list.end());
    if (options->to.empty()) {
      return exit_status_of(fail(Fault::malformed, "message: to whom? --to or --list tells"));
    }
    MessageCommand command{*options};
    return run_command(options->who, command);
  };
}

}  // namespace convene::apps
