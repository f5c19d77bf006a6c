#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/object_repository.h"
#include "io/sqlite.h"
#include "store/outbox.h"

// What waits for the message store: operations over tables outbox, outbox_objects and outbox_files.
namespace convene::io {

// All below: errors are those of the disk.
Result<store::OutboxId> add_to_outbox(Sqlite& database, const KeptWrite& write);
std::uint64_t octets_of(const KeptWrite& write);

// All that waits, in the order in which it came; without what it says.
Result<std::vector<store::Outbox::Kept>> list_outbox(Sqlite& database);
Result<KeptWrite> load_from_outbox(Sqlite& database, store::OutboxId id);  // or not_found

// Of one account: which, in their order.
Result<std::vector<store::OutboxId>> find_in_outbox(Sqlite& database, const std::string& account);

// The hashes of the files that were in it.
Result<std::vector<std::string>> remove_from_outbox(Sqlite& database, store::OutboxId id);

}  // namespace convene::io
