#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "io/sqlite.h"
#include "participating/deferral_queue.h"

// What is kept of messages for users who are away: operations over table deferred.
namespace convene::io {

// `hash`: the SHA-256 of its content; empty: it has none.
Result<> store_deferred(Sqlite& database, const participating::StoreDeferred& what,
                        const std::string& hash);
// The hash of its content; empty: it had none, or was not there.
Result<std::string> forget_deferred(Sqlite& database, participating::DeferralId id);
Result<std::vector<std::string>> forget_deferred_of(Sqlite& database, const std::string& account);

// Fault::not_found: it is there no more. Its content is in no spool yet.
struct KeptDeferred {
  participating::DeferredMessage message;
  std::string hash = {};
};
Result<KeptDeferred> fetch_deferred(Sqlite& database, participating::DeferralId id);
Result<std::vector<participating::DeferralId>> find_deferred(Sqlite& database,
                                                             const std::string& account);
// All of them, in their order, without what they say.
Result<std::vector<participating::DeferredEntry>> list_deferred(Sqlite& database);

}  // namespace convene::io
