#pragma once

#include "apps/store_options.h"
#include "base/result.h"

namespace convene::apps {

// Copies what a server's own store (options.state) has to an IMAP server (options.imap): all
// accounts, or one. Prints what became of each object: its UIDs change. What is there already, by
// its IMDN-Message-ID, is not copied again, so it may be run twice.
Result<> migrate_store(const StoreOptions& options);

}  // namespace convene::apps
