#include "apps/list_send.h"

#include <variant>

#include "apps/exit_status.h"
#include "apps/file_preparation.h"

namespace convene::apps {

namespace {

using namespace std::chrono_literals;

constexpr auto report_patience = 15s;

}  // namespace

void ListSend::next(ConsoleClient& client) {
  if (begun_ == options_.files.size()) {
    is_done_ = true;
    if (!options_.wants_reports) return client.finish(exit_status::fine);
    client.after(report_patience, [&client, this] { end(client, exit_status::fine); });
    return end_if_reported(client);
  }
  auto file = prepare_file(client.bodies(), options_.files[begun_++]);
  if (!file) {
    client.output().problem(file.error().detail);
    return client.finish(exit_status::not_sent);
  }
  if (options_.wants_reports) file->wants = {.positive_delivery = true, .negative_delivery = true};
  name_ = file->name;
  since_ = client.loop().now();
  const auto sent = client.with([&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_files({.list = options_.list}, {*std::move(file)}, now, o);
  });
  if (sent) return client.output().names(sent->front(), name_);
  client.output().problem(name_ + ": " + sent.error().detail);
  client.finish(exit_status::not_sent);
}

void ListSend::told(ConsoleClient& client, const client::Event& event) {
  if (const auto* sent = std::get_if<client::FileSent>(&event)) {
    table_.sent(sent->id, name_, since_);
    next(client);
  } else if (std::holds_alternative<client::FileFailed>(event)) {
    end(client, exit_status::not_sent);
  } else if (const auto* report = std::get_if<client::DeliveryReport>(&event)) {
    table_.told(*report, client.loop().now());
    end_if_reported(client);
  }
}

// Whoever cannot report leaves us waiting for a while.
void ListSend::end_if_reported(ConsoleClient& client) {
  if (is_done_ && table_.is_complete(client.client())) end(client, exit_status::fine);
}

void ListSend::end(ConsoleClient& client, int status) {
  client.output().table(table_.rows(client.client()));
  client.finish(status);
}

void ListSend::interrupted(ConsoleClient& client) {
  for (const auto transfer : client.client().transfers()) {
    static_cast<void>(client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.cancel_file(transfer, now, o);
    }));
  }
  end(client, exit_status::interrupted);
}

}  // namespace convene::apps
