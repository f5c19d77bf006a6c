#include "io/erasure.h"

#include <optional>
#include <utility>

#include "io/deferral_repository.h"
#include "io/object_repository.h"
#include "io/outbox_repository.h"

namespace convene::io {

Result<> ask_for_erasure(Sqlite& database, const std::string& account, const std::string& root) {
  return database.run(
      "INSERT OR REPLACE INTO erasures (account, root, asked_at)"
      " VALUES (?, ?, unixepoch())",
      account, root);
}

Result<bool> is_erasure_done(Sqlite& database, const std::string& account) {
  bool waits = false;
  TRY(database.each(
      "SELECT 1 FROM erasures WHERE account = ?", [&](const Row&) { waits = true; }, account));
  return !waits;
}

Result<std::vector<std::string>> erase_account(Sqlite& database, const std::string& account,
                                               const std::string& root) {
  auto hashes = TRY(erase_folders(database, {.account = account, .root = root}));
  const auto overwriting = TRY(Overwriting::begin(database));
  const auto waiting = TRY(find_in_outbox(database, account));
  for (const auto id : waiting) {
    const auto more = TRY(remove_from_outbox(database, id));
    hashes.insert(hashes.end(), more.begin(), more.end());
  }
  const auto deferred = TRY(forget_deferred_of(database, account));
  hashes.insert(hashes.end(), deferred.begin(), deferred.end());
  TRY(database.run("DELETE FROM erasures WHERE account = ?", account));
  return hashes;
}

Erasures::Erasures(ContentFiles files, Database& database, MessageStore* history, Loop& loop,
                   Log& log, Duration every)
    : files_{std::move(files)},
      database_{database},
      history_{history},
      loop_{loop},
      log_{log},
      every_{every},
      timer_{loop} {}

Result<> Erasures::start() {
  reader_ = std::make_unique<Sqlite>(TRY(database_.reader()));
  look();
  return {};
}

void Erasures::look_later() {
  timer_.at(loop_.now() + every_, [this] { look(); });
}

// One after the other.
void Erasures::look() {
  std::optional<Asked> asked;
  const auto read = reader_->each(
      "SELECT account, root FROM erasures ORDER BY asked_at LIMIT 1",
      [&](const Row& row) { asked = Asked{.account = row.text(0), .root = row.text(1)}; });
  if (!read || !asked) return look_later();
  erase(*std::move(asked));
}

// What the store has first: it knows what is just being written.
void Erasures::erase(Asked what) {
  if (history_ == nullptr) return erase_rows(std::move(what));
  history_->ask(store::Erase{.account = what.account, .root = what.root},
                alive_.guard([this, what](const store::Answer& answer) {
                  if (answer) return erase_rows(what);
                  log_.warning("store", "a user cannot be erased yet",
                               {{"account", masked(what.account)}, {"why", answer.error().detail}});
                  look_later();
                }));
}

void Erasures::erase_rows(Asked what) {
  const auto hashes = std::make_shared<std::vector<std::string>>();
  database_.write(
      [hashes, what](Sqlite& database) -> Result<> {
        *hashes = TRY(erase_account(database, what.account, what.root));
        return {};
      },
      alive_.guard([this, hashes, what](const Result<>& outcome) {
        if (!outcome) return look_later();
        log_.info("store", "a user is erased", {{"account", masked(what.account)}});
        database_.write(
            [files = files_, hashes](Sqlite& database) {
              return remove_unused_files(database, files, *hashes);
            },
            alive_.guard([this](const Result<>&) { look_later(); }));
      }));
}

}  // namespace convene::io
