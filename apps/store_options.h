#pragma once

#include <functional>
#include <memory>
#include <string>

#include "apps/configuration.h"
#include "base/log.h"
#include "io/embedded_reader.h"
#include "io/file_body_store.h"
#include "io/loop.h"
#include "io/tls.h"

namespace CLI {
class App;
}

namespace convene::apps {

// Which message store, and whose: what the commands of `convene store` may be told.
struct StoreOptions {
  std::string state;           // directory of a server's state: its embedded store
  Configuration::Store store;  // imap is empty unless it is said
  std::string user;            // the account

  StoreOptions() { store.imap.clear(); }
};

void add_imap_options(CLI::App& app, StoreOptions& options);
void add_options(CLI::App& app, StoreOptions& options);

// An opened store, and what it needs. Answers are waited for.
class OpenStore {
 public:
  // Fault::malformed in words for the user; closed, not_found when it cannot be had.
  Result<> open_embedded(const StoreOptions& options);
  Result<> open_imap(const StoreOptions& options, io::FileBodyStore* bodies);

  store::Answer ask(store::Request request);
  template <class T>
  Result<T> answer(store::Request request) {
    auto told = ask(std::move(request));
    if (!told) return std::unexpected(told.error());
    return std::get<T>(std::move(*told));
  }

  // The whole text of an object, window after window: write(octets) for each.
  Result<> read_whole(const std::string& account, const store::Folder& folder, store::Uid uid,
                      const std::function<void(std::string_view)>& write);

  io::EmbeddedReader* embedded() { return embedded_; }

 private:
  SilentLog log_;
  io::Loop loop_;
  std::unique_ptr<io::Tls> tls_;
  std::unique_ptr<io::MessageStore> store_;
  io::EmbeddedReader* embedded_ = nullptr;  // the store, if it is that
};

}  // namespace convene::apps
