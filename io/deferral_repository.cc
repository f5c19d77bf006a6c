#include "io/deferral_repository.h"

#include <optional>
#include <utility>

#include "io/wall_seconds.h"

namespace convene::io {

using participating::DeferralId;
using participating::DeferredEntry;
using participating::DeferredMessage;

Result<> store_deferred(Sqlite& database, const participating::StoreDeferred& what,
                        const std::string& hash) {
  const auto& message = what.message;
  const auto content = message.content.value_or(participating::DeferredContent{});
  return database.run(
      "INSERT OR REPLACE INTO deferred (id, user, account, imdn_message_id, stored_at, expires_at,"
      " request, kind, sender, content_type, content_wrapper, content_hash, content_octets)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      what.id.value, message.user, message.account, message.message_id, seconds(message.stored),
      seconds(message.expires), Blob{message.request}, name_of(message.kind), message.sender,
      content.type, Blob{content.wrapper}, hash, content.octets);
}

Result<std::string> forget_deferred(Sqlite& database, DeferralId id) {
  std::string hash;
  TRY(database.each(
      "SELECT content_hash FROM deferred WHERE id = ?", [&](const Row& row) { hash = row.text(0); },
      id.value));
  TRY(database.run("DELETE FROM deferred WHERE id = ?", id.value));
  return hash;
}

Result<std::vector<std::string>> forget_deferred_of(Sqlite& database, const std::string& account) {
  std::vector<std::string> hashes;
  TRY(database.each(
      "SELECT DISTINCT content_hash FROM deferred WHERE account = ? AND content_hash <> ''",
      [&](const Row& row) { hashes.push_back(row.text(0)); }, account));
  TRY(database.run("DELETE FROM deferred WHERE account = ?", account));
  return hashes;
}

Result<KeptDeferred> fetch_deferred(Sqlite& database, DeferralId id) {
  std::optional<KeptDeferred> found;
  TRY(database.each(
      "SELECT user, account, imdn_message_id, stored_at, expires_at, request, kind, sender,"
      " content_type, content_wrapper, content_hash, content_octets FROM deferred WHERE id = ?",
      [&](const Row& row) {
        DeferredMessage message{.user = row.text(0),
                                .account = row.text(1),
                                .message_id = row.text(2),
                                .stored = wall_time(row.integer(3)),
                                .expires = wall_time(row.integer(4)),
                                .request = row.text(5),
                                .kind = participating::deferred_kind(row.text(6)),
                                .sender = row.text(7)};
        auto hash = row.text(10);
        if (!hash.empty())
          message.content =
              participating::DeferredContent{.type = row.text(8),
                                             .wrapper = row.text(9),
                                             .octets = static_cast<std::uint64_t>(row.integer(11))};
        found = KeptDeferred{.message = std::move(message), .hash = std::move(hash)};
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
      "SELECT id, user, imdn_message_id, expires_at, length(request) + content_octets, kind, sender"
      " FROM deferred ORDER BY id",
      [&](const Row& row) {
        found.push_back({.id = {static_cast<std::uint64_t>(row.integer(0))},
                         .user = row.text(1),
                         .message_id = row.text(2),
                         .expires = wall_time(row.integer(3)),
                         .octets = static_cast<std::uint64_t>(row.integer(4)),
                         .kind = participating::deferred_kind(row.text(5)),
                         .sender = row.text(6)});
      }));
  return found;
}

}  // namespace convene::io
