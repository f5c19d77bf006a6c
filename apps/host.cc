#include "apps/host.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "apps/group_files.h"
#include "apps/server_settings.h"
#include "apps/xml_files.h"
#include "io/deferral_repository.h"
#include "io/embedded_reader.h"
#include "io/group_repository.h"

namespace convene::apps {

namespace {

// Where to listen: unlike in SIP, the port may be 0, any that is free.
Result<sip::HostPort> listen_address(const std::string& text) {
  constexpr std::string_view any_port = ":0";
  if (!text.ends_with(any_port)) return sip::parse_host_port(text);
  return sip::parse_host_port(std::string_view{text}.substr(0, text.size() - any_port.size()));
}

Result<std::vector<sip::HostPort>> addresses_of(const std::vector<std::string>& texts) {
  std::vector<sip::HostPort> addresses;
  addresses.reserve(texts.size());
  for (const auto& text : texts) addresses.push_back(TRY(listen_address(text)));
  return addresses;
}

Result<io::RunnerSettings> runner_settings(const Configuration& c) {
  io::RunnerSettings settings;
  settings.udp = TRY(addresses_of(c.listen.udp));
  settings.tcp = TRY(addresses_of(c.listen.tcp));
  settings.tls = TRY(addresses_of(c.listen.tls));
  if (!c.listen.msrp.empty()) settings.msrp = {TRY(listen_address(c.listen.msrp))};
  const bool may_record = c.store.kind != Configuration::StoreKind::none;
  const bool has_own_media = c.participating.enabled && (may_record || c.state.enabled);
  if (has_own_media && !c.listen.participating_msrp.empty())
    settings.participating_msrp = {TRY(listen_address(c.listen.participating_msrp))};
  if (!c.listen.public_participating_msrp.empty())
    settings.announced_participating_msrp =
        TRY(sip::parse_host_port(c.listen.public_participating_msrp));
  if (has_own_media && !c.listen.participating_msrps.empty())
    settings.participating_msrps = {TRY(listen_address(c.listen.participating_msrps))};
  if (!c.listen.public_participating_msrps.empty())
    settings.announced_participating_msrps =
        TRY(sip::parse_host_port(c.listen.public_participating_msrps));
  if (!c.listen.public_sip.empty()) {
    const auto announced = TRY(sip::parse_host_port(c.listen.public_sip));
    if (!settings.udp.empty()) settings.announced.udp = announced;
    if (!settings.tcp.empty()) settings.announced.tcp = announced;
    if (!settings.tls.empty()) settings.announced.tls = announced;
  }
  if (!c.listen.msrps.empty()) settings.msrps = {TRY(listen_address(c.listen.msrps))};
  if (!c.listen.public_msrps.empty())
    settings.announced_msrps = TRY(sip::parse_host_port(c.listen.public_msrps));
  const bool listens_for_tls = !settings.msrps.empty() || !settings.participating_msrps.empty();
  if (c.msrp.tls != Configuration::MediaSecurity::off || listens_for_tls) {
    settings.media_tls = io::TlsSettings{.certificate = c.tls.certificate,
                                         .key = c.tls.private_key,
                                         .authorities = c.tls.authorities,
                                         .self_signed = true};
  }
  if (!c.listen.public_msrp.empty())
    settings.announced_msrp = TRY(sip::parse_host_port(c.listen.public_msrp));
  if (!c.tls.certificate.empty() || !c.tls.authorities.empty()) {
    settings.tls_files = io::TlsSettings{.certificate = c.tls.certificate,
                                         .key = c.tls.private_key,
                                         .authorities = c.tls.authorities,
                                         .verifies_servers = true,
                                         .verifies_clients = c.tls.require_client_certificate};
  }
  return settings;
}

std::string spool_directory(const Configuration& c) {
  if (!c.file_transfer.spool_directory.empty()) return c.file_transfer.spool_directory;
  return (std::filesystem::temp_directory_path() / "convened-spool").string();
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

// systemd names one; who runs us by hand has one at home.
std::string state_directory(const Configuration::State& c) {
  if (!c.directory.empty()) return c.directory;
  if (const auto given = variable("STATE_DIRECTORY"); !given.empty()) return given;
  if (::geteuid() == 0) return "/var/lib/convened";
  if (const auto states = variable("XDG_STATE_HOME"); !states.empty()) return states + "/convened";
  return variable("HOME") + "/.local/state/convened";
}

}  // namespace

// The groups of an earlier process are known before anybody can ask for them.
Result<> Host::open_state() {
  if (!state_.enabled) return {};
  io::DatabaseSettings settings;
  settings.directory = state_directory(state_);
  auto opened = io::Database::open(settings, loop_, log_);
  if (!opened) return fail(Fault::not_found, "[state] directory: " + opened.error().detail);
  database_ = *std::move(opened);

  auto reader = TRY(database_->reader());
  node_->restore(TRY(io::load_groups(reader)));
  node_->restore(TRY(io::list_deferred(reader)));
  runner_->keep_state_in(database_.get());
  return {};
}

Result<> Host::open_store() {
  const StoreSurroundings with{.state_directory = state_directory(state_),
                               .database = database_.get(),
                               .bodies = bodies_.get(),
                               .loop = loop_,
                               .log = log_};
  history_ = TRY(ConfiguredStore::open(store_, with));
  runner_->keep_history_in(history_->get());
  if (!database_) return {};
  deferrals_ = TRY(io::DeferralStore::open(io::embedded_files_in(with.state_directory), *database_,
                                           loop_, bodies_.get()));
  runner_->keep_deferred_in(deferrals_.get());
  const auto files = io::ContentFiles::reading(io::embedded_files_in(with.state_directory));
  erasures_.emplace(files, *database_, history_->get(), loop_, log_);
  TRY(erasures_->start());
  const bool is_embedded = store_.kind == Configuration::StoreKind::embedded;
  if (!is_embedded || store_.retention.count() == 0) return {};
  const io::RetentionSettings settings{.age = store_.retention};
  retention_.emplace(settings, files, *database_, loop_, log_);
  return {};
}

Result<std::unique_ptr<Host>> Host::make(const Configuration& configuration, io::Loop& loop,
                                         Log& log, const Calendar& calendar) {
  TRY(check(configuration));
  auto settings = TRY(server_settings(configuration));
  auto runner = TRY(runner_settings(configuration));

  std::unique_ptr<Host> host{new Host{configuration, loop, log}};
  const auto& file = configuration.file_transfer;
  try {
    host->bodies_ = std::make_unique<io::FileBodyStore>(
        spool_directory(configuration),
        io::SpoolQuota{
            .body = file.max_size, .total = file.spool_quota, .free_floor = file.free_space_floor});
  } catch (const std::system_error& error) {
    return fail(Fault::not_found, "[file_transfer] spool_directory: " + std::string{error.what()});
  }
  const Surroundings surroundings{.random = host->random_, .log = log, .calendar = calendar};
  host->node_ =
      std::make_unique<node::ServerNode>(std::move(settings), surroundings, *host->bodies_);
  host->runner_ =
      std::make_unique<io::Runner>(loop, *host->node_, host->bodies_.get(), log, std::move(runner));

  if (configuration.interworking.stub) {
    host->interworking_ = TRY(InterworkingStub::make(configuration, loop, log, calendar));
  }
  if (!configuration.trace.file.empty()) {
    host->trace_ = TRY(io::TraceWriter::open(configuration.trace.file, "convened"));
    host->runner_->trace(host->trace_.get());
  }
  host->groups_ = configuration.predefined_groups;
  if (const auto loaded = host->load_groups(); !loaded) {
    return fail(Fault::not_found, "[predefined_groups] directory: " + loaded.error().detail);
  }
  host->preferences_ = configuration.participating.preferences_directory;
  if (const auto loaded = host->load_preferences(); !loaded)
    return fail(Fault::not_found,
                "[participating] preferences_directory: " + loaded.error().detail);
  return host;
}

// R5.0
Result<> Host::load_preferences() {
  if (preferences_.empty()) return {};
  auto documents = TRY(read_documents<participating::UserPreferences>(
      preferences_, "a user's preferences", log_,
      [](std::string_view text) { return participating::parse_user_preferences(text); }));
  log_.info("convened", "user preferences read", {{"count", std::to_string(documents.size())}});
  node_->load_preferences(std::move(documents));
  return {};
}

// Conversation 6.2
Result<> Host::load_groups() {
  if (groups_.directory.empty()) return {};
  auto documents = TRY(read_group_files(groups_.directory, {.members = groups_.max_members}, log_));
  node_->load_groups(std::move(documents));
  return {};
}

Result<> Host::start() {
  TRY(open_state());
  TRY(open_store());
  if (interworking_) TRY(interworking_->start());
  return runner_->start();
}

void Host::stop(io::Task stopped) {
  if (!interworking_) return runner_->stop(std::move(stopped));
  runner_->stop(
      [this, stopped = std::move(stopped)]() mutable { interworking_->stop(std::move(stopped)); });
}

std::string Host::ready_line() const {
  const auto& at = addresses();
  std::string line = "ready";
  if (at.sip.udp) line += " udp=" + to_text(*at.sip.udp);
  if (at.sip.tcp) line += " tcp=" + to_text(*at.sip.tcp);
  if (at.sip.tls) line += " tls=" + to_text(*at.sip.tls);
  line += " msrp=" + to_text(at.msrp);
  const auto& msrps = at.msrps;
  if (listens_for_msrps_) line += " msrps=" + to_text(sip::HostPort{msrps->host, msrps->port});
  if (at.participating_msrp) line += " participating=" + to_text(*at.participating_msrp);
  return line;
}

}  // namespace convene::apps
