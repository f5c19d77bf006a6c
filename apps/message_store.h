#pragma once

#include <memory>
#include <string>

#include "apps/configuration.h"
#include "base/log.h"
#include "base/result.h"
#include "io/database.h"
#include "io/file_body_store.h"
#include "io/imap_store.h"
#include "io/message_store.h"
#include "io/tls.h"

namespace convene::apps {

// The message store of an IMAP server, and what it needs.
struct OpenedImap {
  std::unique_ptr<io::Tls> tls;
  std::unique_ptr<io::ImapStore> store;
};
// Fault::not_found names the key of what cannot be had. The server itself may be down. `bodies` may
// be none; all outlive it.
Result<OpenedImap> open_imap_store(const Configuration::Store& settings, io::Loop& loop, Log& log,
                                   io::FileBodyStore* bodies);

// What opens a message store: all outlive it.
struct StoreSurroundings {
  std::string state_directory;
  io::Database* database = nullptr;  // or none, unless the store is embedded
  io::FileBodyStore* bodies = nullptr;
  io::Loop& loop;
  Log& log;
};

// The message store that [store] says; before an IMAP server an outbox, where there is a database.
class ConfiguredStore {
 public:
  // Fault::not_found names the key of what cannot be had.
  static Result<std::unique_ptr<ConfiguredStore>> open(const Configuration::Store& settings,
                                                       const StoreSurroundings& with);
  io::MessageStore* get() { return store_.get(); }  // nothing: kind = "none"

 private:
  Result<> open_imap(const Configuration::Store& settings, const StoreSurroundings& with);

  std::unique_ptr<io::Tls> tls_;
  std::unique_ptr<io::MessageStore> store_;
};

}  // namespace convene::apps
