#include "apps/store_options.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "apps/message_store.h"
#include "apps/text_rules.h"

namespace convene::apps {

namespace {

constexpr std::uint64_t window = 1U << 20;

}  // namespace

void add_imap_options(CLI::App& app, StoreOptions& options) {
  auto& store = options.store;
  app.add_option("--imap", store.imap, "the store of an IMAP server: host:port")
      ->check([](const std::string& text) {
        return host_port(text) ? "--imap is not host:port" : std::string{};
      });
  app.add_option("--login", store.login, "the service account there");
  app.add_option("--password-file", store.password_file, "a file whose first line is its secret");
  app.add_option("--prefix", store.prefix, "where an account's folders are there")
      ->capture_default_str();
  app.add_flag("--tls", store.tls, "connect in TLS; without, only to this machine");
  app.add_option("--authorities", store.authorities,
                 "whose certificates are believed (PEM); without: those of the system");
}

void add_options(CLI::App& app, StoreOptions& options) {
  app.add_option("--state", options.state, "the store of a server: the directory of its state");
  add_imap_options(app, options);
  app.add_option("--root", options.store.root, "the folder above all others")
      ->capture_default_str();
  app.add_option("--user", options.user, "whose: the account, as the store calls it");
}

Result<> OpenStore::open_embedded(const StoreOptions& options) {
  auto opened = TRY(io::EmbeddedReader::open(options.state, loop_));
  embedded_ = opened.get();
  store_ = std::move(opened);
  return {};
}

Result<> OpenStore::open_imap(const StoreOptions& options, io::FileBodyStore* bodies) {
  auto opened = TRY(open_imap_store(options.store, loop_, log_, bodies));
  tls_ = std::move(opened.tls);
  store_ = std::move(opened.store);
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

}  // namespace convene::apps
