#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "io/sqlite.h"
#include "participating/deferral_queue.h"

// What is kept of messages for users who are away: operations over table deferred.
namespace convene::io {

Result<> store_deferred(Sqlite& database, const participating::StoreDeferred& what);
Result<> forget_deferred(Sqlite& database, participating::DeferralId id);  // also when not there
Result<> forget_deferred_of(Sqlite& database, const std::string& account);

// Fault::not_found: it is there no more.
Result<participating::DeferredMessage> fetch_deferred(Sqlite& database,
                                                      participating::DeferralId id);
Result<std::vector<participating::DeferralId>> find_deferred(Sqlite& database,
                                                             const std::string& account);
// All of them, in their order, without what they say.
Result<std::vector<participating::DeferredEntry>> list_deferred(Sqlite& database);

}  // namespace convene::io
