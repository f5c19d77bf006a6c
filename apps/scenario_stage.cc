#include "apps/scenario_stage.h"

#include <algorithm>

#include "apps/event_text.h"
#include "apps/file_preparation.h"
#include "apps/lab_configuration.h"
#include "apps/last_words.h"

namespace convene::apps {

namespace {

constexpr Duration last_patience{15'000};

bool holds_no_file(const node::ServerNode::Snapshot& snapshot) {
  return snapshot.controlling.transfers.empty() && snapshot.controlling.bodies == 0;
}

}  // namespace

ScenarioStage::ScenarioStage(const ScenarioSettings& settings, std::filesystem::path folder,
                             std::filesystem::path beside)
    : settings_{settings},
      folder_{std::move(folder)},
      beside_{std::move(beside)},
      log_{settings.log} {}

Result<> ScenarioStage::open(const scenario::Script& script) {
  const auto place = [&](std::size_t line) {
    return script.name + ':' + std::to_string(line) + ": ";
  };
  if (!settings_.common.server.empty()) {
    if (script.settings.empty()) return {};
    return fail(Fault::malformed, place(script.settings.front().line) +
                                      "sets what another's server does: play it without --server");
  }
  auto configuration = lab_configuration();
  configuration.listen.udp = {"127.0.0.1:0"};
  configuration.listen.tcp = {"127.0.0.1:0"};
  configuration.listen.msrp = "127.0.0.1:0";
  configuration.listen.participating_msrp = "127.0.0.1:0";
  configuration.sip.domain = settings_.common.domain;
  configuration.file_transfer.spool_directory = folder_ / "spool";
  configuration.trace.file = settings_.trace;
  for (const auto& setting : script.settings) {
    if (const auto set = set_key(configuration, setting.key, setting.value); !set)
      return fail(Fault::malformed, place(setting.line) + set.error().detail);
  }
  host_ = TRY(Host::make(configuration, loop_, log_.log(), calendar_));
  TRY(host_->start());
  settings_.common.factory = with_domain(configuration, configuration.group.factory);
  return {};
}

ClientOptions ScenarioStage::options_of(const scenario::ClientDeclaration& client) const {
  auto options = settings_.common;
  const bool is_udp = client.transport == sip::Transport::udp;
  if (host_) {
    const auto& at = host_->addresses().sip;
    options.server = to_text(is_udp ? *at.udp : *at.tcp);
  }
  options.transport = is_udp ? "udp" : "tcp";
  options.user = client.address.empty() ? client.name : client.address;
  if (!client.password.empty()) options.password = client.password;
  options.name = client.display_name;
  if (options.name.empty()) {
    options.name = client.name;
    options.name[0] = static_cast<char>(options.name[0] - 'a' + 'A');
  }
  options.profile = client.profile == client::Profile::deployed ? "deployed" : "strict";
  return options;
}

Result<std::string> ScenarioStage::add(const scenario::ClientDeclaration& client) {
  const auto options = options_of(client);
  auto settings = TRY(client_settings(options));
  settings.services = client.services;
  settings.chat_only = client.is_chat_only;
  settings.is_anonymous = client.is_anonymous;
  settings.accept_invitations = !client.is_by_hand;
  settings.accept_files = !client.is_by_hand;
  settings.send_delivery_reports = !client.reports_nothing;
  auto address = settings.address;
  auto runner = TRY(runner_settings(options));

  std::filesystem::create_directories(folder_ / "clients");
  Member::Settings wanted{.name = client.name,
                          .client = std::move(settings),
                          .spool = folder_ / "clients" / client.name,
                          .runner = std::move(runner)};
  auto member = std::make_unique<Member>(std::move(wanted), loop_, log_.log(), calendar_);
  member->tell([this, name = client.name](const client::Event& event) {
    if (listener_) listener_(name, event);
    if (player_ != nullptr) player_->told(name, event);
  });
  TRY(member->start());
  members_[client.name] = std::move(member);
  return address;
}

void ScenarioStage::perform(const std::string& name, const Call& call) {
  members_.at(name)->with(
      [&](client::Client& c, TimePoint now, client::Output& out) { call(c, now, out); });
}

Result<client::FileToSend> ScenarioStage::open_file(const std::string& name,
                                                    const std::string& path) {
  return prepare_file(members_.at(name)->bodies(), beside_ / path);
}

std::string ScenarioStage::words_of(const client::Event& event) const { return text_of(event); }

void ScenarioStage::play(scenario::Player& player,
                         const std::function<void(const scenario::Played&)>& played) {
  player_ = &player;
  std::size_t shown = 0;
  const auto is_over = [&] {
    player.advance(loop_.now());
    for (; shown < player.played().size(); ++shown) played(player.played()[shown]);
    return player.is_over();
  };
  player.begin(loop_.now());
  while (!is_over()) {
    const auto next = player.deadline().value_or(loop_.now());
    loop_.run_until([&] { return is_over() || player.deadline() != next; },
                    std::max(next - loop_.now(), Duration{1}));
  }
  player_ = nullptr;
}

Result<> ScenarioStage::close() {
  for (auto& [name, member] : members_) {
    member->with(
        [](client::Client& c, TimePoint now, client::Output& out) { end_everything(c, now, out); });
  }
  const auto are_idle = [&] {
    return std::ranges::all_of(members_,
                               [](const auto& one) { return one.second->client().is_idle(); });
  };
  const bool are_all_off = loop_.run_until(are_idle, last_patience);
  const bool is_server_empty = !host_ || holds_no_file(host_->snapshot());
  std::size_t running = members_.size() + (host_ ? 1 : 0);
  const auto stopped = [&] { --running; };
  for (auto& [name, member] : members_) member->stop(stopped);
  if (host_) host_->stop(stopped);
  const bool have_stopped = loop_.run_until([&] { return running == 0; }, last_patience);
  if (!are_all_off) return fail(Fault::out_of_order, "a client does not come to its end");
  if (!is_server_empty) return fail(Fault::out_of_order, "the server kept something of the files");
  if (!have_stopped) return fail(Fault::out_of_order, "a socket does not close");
  return {};
}

}  // namespace convene::apps
