#include "apps/direct_send.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "apps/exit_status.h"
#include "apps/file_preparation.h"

namespace convene::apps {

namespace {

using namespace std::chrono_literals;

constexpr auto report_patience = 15s;
constexpr auto pause_after_break = 2s;
constexpr int max_breaks = 5;

}  // namespace

void DirectSend::begin(ConsoleClient& client) {
  std::vector<client::FileToSend> files;
  for (const auto& path : options_.files) {
    auto file = prepare_file(client.bodies(), path);
    if (!file) {
      client.output().problem(file.error().detail);
      return client.finish(exit_status::not_sent);
    }
    if (options_.wants_reports)
      file->wants = {.positive_delivery = true, .negative_delivery = true};
    files.push_back(*std::move(file));
  }
  broken_off_ = std::move(files);
  since_ = client.loop().now();
  send_on(client);
}

// All that is not sent yet.
void DirectSend::send_on(ConsoleClient& client) {
  const auto files = std::exchange(broken_off_, {});
  const auto sent = client.with([&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_files({.address = options_.peer}, files, now, o);
  });
  if (!sent) {
    client.output().problem(sent.error().detail);
    return client.finish(exit_status::not_sent);
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    client.output().names((*sent)[i], files[i].name);
    under_way_.emplace((*sent)[i], files[i]);
  }
}

void DirectSend::told(ConsoleClient& client, const client::Event& event) {
  if (const auto* sent = std::get_if<client::FileSent>(&event)) {
    const auto file = under_way_.extract(sent->transfer);
    if (!file) return;
    table_.sent(sent->id, file.mapped().name, since_);
    over(client);
  } else if (const auto* file = std::get_if<client::FileFailed>(&event)) {
    failed(client, *file);
  } else if (const auto* wanted = std::get_if<client::FileWanted>(&event)) {
    give(client, *wanted);
  } else if (const auto* report = std::get_if<client::DeliveryReport>(&event)) {
    table_.told(*report, client.loop().now());
    end_if_reported(client);
  }
}

void DirectSend::failed(ConsoleClient& client, const client::FileFailed& event) {
  auto file = under_way_.extract(event.transfer);
  if (!file) return;
  if (event.may_resume && breaks_ < max_breaks) {
    if (broken_off_.empty()) ++breaks_;
    file.mapped().begun = event.octets;
    broken_off_.push_back(std::move(file.mapped()));
    if (under_way_.empty()) client.after(pause_after_break, [&client, this] { send_on(client); });
    return;
  }
  has_failed_ = true;
  over(client);
}

// Whoever asks for one of our files is the one that we send them to, and lacks its rest.
void DirectSend::give(ConsoleClient& client, const client::FileWanted& wanted) {
  const auto found = std::ranges::find(broken_off_, wanted.sha1, &client::FileToSend::sha1);
  const bool is_ours = found != broken_off_.end() && wanted.from.address == options_.peer;
  static_cast<void>(client.with([&](client::Client& c, TimePoint now, client::Output& o) {
    if (!is_ours) return c.decline_file(wanted.transfer, {}, now, o);
    found->begun = 0;
    return c.give_file(wanted.transfer, *found, now, o);
  }));
  if (!is_ours) return;
  under_way_.emplace(wanted.transfer, *found);
  broken_off_.erase(found);
  if (broken_off_.empty()) client.not_after_all();
}

void DirectSend::over(ConsoleClient& client) {
  if (!under_way_.empty()) return;
  if (!broken_off_.empty()) {
    return client.after(pause_after_break, [&client, this] { send_on(client); });
  }
  is_done_ = true;
  if (has_failed_) return end(client, exit_status::not_sent);
  if (!options_.wants_reports) return client.finish(exit_status::fine);
  client.after(report_patience, [&client, this] { end(client, exit_status::fine); });
  end_if_reported(client);
}

void DirectSend::end_if_reported(ConsoleClient& client) {
  if (is_done_ && !has_failed_ && table_.is_complete(client.client())) {
    end(client, exit_status::fine);
  }
}

void DirectSend::end(ConsoleClient& client, int status) {
  client.output().table(table_.rows(client.client()));
  client.finish(status);
}

void DirectSend::interrupted(ConsoleClient& client) {
  for (const auto transfer : client.client().transfers()) {
    static_cast<void>(client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.cancel_file(transfer, now, o);
    }));
  }
  client.finish(exit_status::interrupted);
}

}  // namespace convene::apps
