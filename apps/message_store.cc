#include "apps/message_store.h"

#include <utility>

#include "apps/first_line.h"
#include "io/embedded_reader.h"
#include "io/embedded_store.h"
#include "io/imap_store.h"

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

Result<> ConfiguredStore::open_imap(const Configuration::Store& c, const StoreSurroundings& with) {
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
  network.bodies = with.bodies;
  if (c.tls) {
    io::TlsSettings tls;
    tls.authorities = c.authorities;
    auto loaded = io::Tls::load(tls);
    if (!loaded) return fail(Fault::not_found, "[store] authorities: " + loaded.error().detail);
    tls_.emplace(*std::move(loaded));
    network.tls = &*tls_;
  }
  store_ = std::make_unique<io::ImapStore>(with.loop, with.log, std::move(settings), network);
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
