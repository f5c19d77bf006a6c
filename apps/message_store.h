#pragma once

#include <memory>
#include <optional>
#include <string>

#include "apps/configuration.h"
#include "base/log.h"
#include "base/result.h"
#include "io/database.h"
#include "io/file_body_store.h"
#include "io/message_store.h"
#include "io/tls.h"

namespace convene::apps {

// What opens a message store: all outlive it.
struct StoreSurroundings {
  std::string state_directory;
  io::Database* database = nullptr;  // or none, unless the store is embedded
  io::FileBodyStore* bodies = nullptr;
  io::Loop& loop;
  Log& log;
};

// The message store that [store] says.
class ConfiguredStore {
 public:
  // Fault::not_found names the key of what cannot be had. An IMAP server may be down.
  static Result<std::unique_ptr<ConfiguredStore>> open(const Configuration::Store& settings,
                                                       const StoreSurroundings& with);
  io::MessageStore* get() { return store_.get(); }  // nothing: kind = "none"

 private:
  Result<> open_imap(const Configuration::Store& settings, const StoreSurroundings& with);

  std::optional<io::Tls> tls_;
  std::unique_ptr<io::MessageStore> store_;
};

}  // namespace convene::apps
