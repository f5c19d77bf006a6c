#include "apps/message_store.h"

#include <algorithm>
#include <utility>

#include "apps/first_line.h"
#include "io/embedded_reader.h"
#include "io/embedded_store.h"
#include "io/outbox.h"

namespace convene::apps {

namespace {

Result<std::string> secret_of(const Configuration::Store& settings) {
  if (settings.password_file.empty()) return settings.password;
  auto line = first_line_of(settings.password_file);
  if (!line)
    return fail(Fault::not_found,
                "[store] password_file: " + settings.password_file + ": nothing in it");
  return *std::move(line);
}

}  // namespace

Result<OpenedImap> open_imap_store(const Configuration::Store& c, io::Loop& loop, Log& log,
                                   io::FileBodyStore* bodies) {
  store::ImapStoreSettings settings;
  settings.access = c.access == Configuration::StoreAccess::shared ? store::ImapAccess::shared
                                                                   : store::ImapAccess::per_user;
  settings.paths.prefix = settings.access == store::ImapAccess::shared ? c.prefix : "";
  settings.session.credentials.user = c.login;
  settings.session.credentials.secret = TRY(secret_of(c));
  settings.session.answer_timeout = c.answer_timeout;
  settings.max_links = c.max_connections;
  settings.max_waiting = c.max_waiting;
  settings.first_pause = c.retry_interval;
  settings.refused_pause = c.refused_interval;

  const auto address = TRY(sip::parse_host_port(c.imap));
  io::ImapStoreNetwork network;
  network.address.host = address.host;
  network.address.port = address.port;
  network.bodies = bodies;
  OpenedImap opened;
  if (c.tls) {
    io::TlsSettings tls;
    tls.authorities = c.authorities;
    auto loaded = io::Tls::load(tls);
    if (!loaded) return fail(Fault::not_found, "[store] authorities: " + loaded.error().detail);
    opened.tls = std::make_unique<io::Tls>(*std::move(loaded));
    network.tls = opened.tls.get();
  }
  opened.store = std::make_unique<io::ImapStore>(loop, log, std::move(settings), network);
  return opened;
}

Result<> ConfiguredStore::open_imap(const Configuration::Store& c, const StoreSurroundings& with) {
  auto opened = TRY(open_imap_store(c, with.loop, with.log, with.bodies));
  tls_ = std::move(opened.tls);
  store_ = std::move(opened.store);
  if (with.database == nullptr) return {};
  io::IoOutboxSettings settings;
  settings.queue.max_waiting = c.outbox_max_writes;
  settings.queue.max_octets = c.outbox_quota;
  settings.queue.max_in_flight = std::min(settings.queue.max_in_flight, c.max_waiting);
  settings.queue.first_pause = c.retry_interval;
  auto outbox =
      io::Outbox::open(settings, io::embedded_files_in(with.state_directory), *with.database,
                       with.loop, with.log, with.bodies, std::move(store_));
  if (!outbox) return fail(Fault::not_found, "[state] directory: " + outbox.error().detail);
  store_ = *std::move(outbox);
  return {};
}

Result<std::unique_ptr<ConfiguredStore>> ConfiguredStore::open(const Configuration::Store& c,
                                                               const StoreSurroundings& with) {
  auto opened = std::make_unique<ConfiguredStore>();
  if (c.kind == Configuration::StoreKind::imap) TRY(opened->open_imap(c, with));
  if (c.kind == Configuration::StoreKind::embedded && with.database != nullptr) {
    auto embedded = io::EmbeddedStore::open(io::embedded_files_in(with.state_directory),
                                            *with.database, with.loop, with.bodies);
    if (!embedded) return fail(Fault::not_found, "[store] kind: " + embedded.error().detail);
    opened->store_ = *std::move(embedded);
  }
  return opened;
}

}  // namespace convene::apps
