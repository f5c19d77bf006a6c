#include "io/retention.h"

#include <utility>

#include "io/object_repository.h"

namespace convene::io {

Retention::Retention(RetentionSettings settings, ContentFiles files, Database& database, Loop& loop,
                     Log& log)
    : settings_{settings},
      files_{std::move(files)},
      database_{database},
      loop_{loop},
      log_{log},
      timer_{loop} {
  sweep();
}

void Retention::sweep_later() {
  if (const auto gone = std::exchange(gone_, 0); gone > 0)
    log_.info("store", "what was too old is gone", {{"objects", std::to_string(gone)}});
  timer_.at(loop_.now() + settings_.every, [this] { sweep(); });
}

// First the rows; once they are gone for good, the files that nobody else has.
void Retention::sweep() {
  const auto expired = std::make_shared<Expired>();
  database_.write(
      [expired, age = settings_.age.count(),
       most = settings_.most_at_once](Sqlite& database) -> Result<> {
        const auto now = TRY(database.number("SELECT unixepoch()"));
        *expired = TRY(expire_objects(database, now - age, most));
        return {};
      },
      alive_.guard([this, expired](const Result<>& outcome) {
        if (!outcome) return sweep_later();
        remove(expired->objects, std::move(expired->hashes));
      }));
}

void Retention::remove(std::size_t objects, std::vector<std::string> hashes) {
  gone_ += objects;
  const bool is_all = objects < settings_.most_at_once;
  database_.write([files = files_, hashes = std::move(hashes)](
                      Sqlite& database) { return remove_unused_files(database, files, hashes); },
                  alive_.guard([this, is_all](const Result<>& outcome) {
                    if (outcome && !is_all) return sweep();
                    sweep_later();
                  }));
}

}  // namespace convene::io
