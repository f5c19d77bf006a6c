#include "apps/store_options.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "apps/first_line.h"
#include "base/text.h"

namespace convene::apps {

namespace {

constexpr std::uint64_t window = 1U << 20;

struct HostPort {
  std::string host;
  std::uint16_t port;
};

Result<HostPort> parse_host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  const auto port = to_number(colon == text.npos ? "" : text.substr(colon + 1));
  if (!port || *port == 0 || *port > 65'535)
    return fail(Fault::malformed, "--imap is not host:port");
  return HostPort{std::string{text.substr(0, colon)}, static_cast<std::uint16_t>(*port)};
}

Result<std::string> password_in(const std::string& path) {
  auto line = first_line_of(path);
  if (!line) return fail(Fault::malformed, path + ": no password in it");
  return *std::move(line);
}

}  // namespace

void add_imap_options(CLI::App& app, StoreOptions& options) {
  app.add_option("--imap", options.imap, "the store of an IMAP server: host:port");
  app.add_option("--login", options.login, "the service account there");
  app.add_option("--password-file", options.password_file, "a file whose first line is its secret");
  app.add_option("--prefix", options.prefix, "where an account's folders are there")
      ->capture_default_str();
  app.add_flag("--tls", options.tls, "connect in TLS; without, only to this machine");
  app.add_option("--authorities", options.authorities,
                 "whose certificates are believed (PEM); without: those of the system");
}

void add_options(CLI::App& app, StoreOptions& options) {
  app.add_option("--state", options.state, "the store of a server: the directory of its state");
  add_imap_options(app, options);
  app.add_option("--root", options.root, "the folder above all others")->capture_default_str();
  app.add_option("--user", options.user, "whose: the account, as the store calls it");
}

Result<> OpenStore::open_embedded(const StoreOptions& options) {
  auto opened = TRY(io::EmbeddedReader::open(options.state, loop_));
  embedded_ = opened.get();
  store_ = std::move(opened);
  return {};
}

Result<> OpenStore::open_imap(const StoreOptions& options, io::FileBodyStore* bodies) {
  const auto [host, port] = TRY(parse_host_port(options.imap));
  store::ImapStoreSettings settings;
  settings.paths.prefix = options.prefix;
  settings.session.credentials.user = options.login;
  settings.session.credentials.secret = TRY(password_in(options.password_file));
  io::ImapStoreNetwork network;
  network.address.host = host;
  network.address.port = port;
  network.bodies = bodies;
  if (options.tls) {
    io::TlsSettings tls;
    tls.authorities = options.authorities;
    tls_.emplace(TRY(io::Tls::load(tls)));
    network.tls = &*tls_;
  }
  store_ = std::make_unique<io::ImapStore>(loop_, log_, std::move(settings), network);
  return {};
}

store::Answer OpenStore::ask(store::Request request) {
  store::Answer answer = fail(Fault::closed, "no answer");
  store_->ask(std::move(request), [&](store::Answer told) {
    answer = std::move(told);
    loop_.stop();
  });
  loop_.run();
  return answer;
}

Result<> OpenStore::read_whole(const std::string& account, const store::Folder& folder,
                               store::Uid uid, const std::function<void(std::string_view)>& write) {
  for (std::uint64_t at = 0;;) {
    const auto piece = TRY(answer<store::Octets>(store::Read{
        .account = account, .folder = folder, .uid = uid, .offset = at, .most = window}));
    if (piece.octets.empty()) return {};
    write(piece.octets);
    at += piece.octets.size();
  }
}

store::Folder parse_folder(std::string_view text) {
  store::Folder folder;
  for (const auto name : split(text, '/')) folder.path.emplace_back(name);
  return folder;
}

}  // namespace convene::apps
