#include "io/deferral_repository.h"

#include <optional>
#include <utility>

#include "io/wall_seconds.h"

namespace convene::io {

using participating::DeferralId;
using participating::DeferredEntry;
using participating::DeferredMessage;

Result<> store_deferred(Sqlite& database, const participating::StoreDeferred& what) {
  const auto& message = what.message;
  return database.run(
      "INSERT OR REPLACE INTO deferred (id, user, account, imdn_message_id, stored_at, expires_at,"
      " request) VALUES (?, ?, ?, ?, ?, ?, ?)",
      what.id.value, message.user, message.account, message.message_id, seconds(message.stored),
      seconds(message.expires), Blob{message.request});
}

Result<> forget_deferred(Sqlite& database, DeferralId id) {
  return database.run("DELETE FROM deferred WHERE id = ?", id.value);
}

Result<> forget_deferred_of(Sqlite& database, const std::string& account) {
  return database.run("DELETE FROM deferred WHERE account = ?", account);
}

Result<DeferredMessage> fetch_deferred(Sqlite& database, DeferralId id) {
  std::optional<DeferredMessage> found;
  TRY(database.each(
      "SELECT user, account, imdn_message_id, stored_at, expires_at, request FROM deferred"
      " WHERE id = ?",
      [&](const Row& row) {
        found = DeferredMessage{.user = row.text(0),
                                .account = row.text(1),
                                .message_id = row.text(2),
                                .stored = wall_time(row.integer(3)),
                                .expires = wall_time(row.integer(4)),
                                .request = row.text(5)};
      },
      id.value));
  if (!found) return fail(Fault::not_found, "it is deferred no more");
  return *std::move(found);
}

Result<std::vector<DeferralId>> find_deferred(Sqlite& database, const std::string& account) {
  std::vector<DeferralId> found;
  TRY(database.each(
      "SELECT id FROM deferred WHERE account = ? ORDER BY id",
      [&](const Row& row) { found.push_back({static_cast<std::uint64_t>(row.integer(0))}); },
      account));
  return found;
}

Result<std::vector<DeferredEntry>> list_deferred(Sqlite& database) {
  std::vector<DeferredEntry> found;
  TRY(database.each(
      "SELECT id, user, imdn_message_id, expires_at, length(request) FROM deferred ORDER BY id",
      [&](const Row& row) {
        found.push_back({.id = {static_cast<std::uint64_t>(row.integer(0))},
                         .user = row.text(1),
                         .message_id = row.text(2),
                         .expires = wall_time(row.integer(3)),
                         .octets = static_cast<std::uint64_t>(row.integer(4))});
      }));
  return found;
}

}  // namespace convene::io
