#include "io/embedded_store.h"

#include <utility>

#include "io/embedded_reader.h"
#include "io/kept_write.h"

namespace convene::io {

EmbeddedStore::EmbeddedStore(Sqlite reader, ContentFiles files, Database& database, Loop& loop,
                             FileBodyStore* bodies)
    : database_{database},
      loop_{loop},
      bodies_{bodies},
      files_{std::move(files)},
      reader_{std::move(reader)} {}

EmbeddedStore::~EmbeddedStore() = default;

Result<std::unique_ptr<EmbeddedStore>> EmbeddedStore::open(std::string directory,
                                                           Database& database, Loop& loop,
                                                           FileBodyStore* bodies) {
  auto files = TRY(ContentFiles::open(std::move(directory)));
  auto connection = TRY(database.reader());
  TRY(remove_unused_files(connection, files, files.hashes()));
  return std::unique_ptr<EmbeddedStore>{
      new EmbeddedStore{std::move(connection), std::move(files), database, loop, bodies}};
}

void EmbeddedStore::ask(store::Request request, Told told) {
  if (worker_.waiting() >= max_tasks)
    return loop_.post(alive_.guard([told = std::move(told)]() mutable {
      told(fail(Fault::too_large, "too much waits for the store"));
    }));
  if (auto* write_what = std::get_if<store::Write>(&request))
    return write(std::move(*write_what), std::move(told));
  if (auto* flags = std::get_if<store::ChangeFlags>(&request))
    return change(std::move(*flags), std::move(told));
  if (auto* user = std::get_if<store::Erase>(&request))
    return erase(std::move(*user), std::move(told));
  worker_.later([this, what = std::move(request), told = std::move(told)]() mutable {
    auto found = read_from(reader_, files_, what);
    loop_.post(alive_.guard(
        [told = std::move(told), found = std::move(found)]() mutable { told(std::move(found)); }));
  });
}

void EmbeddedStore::write(store::Write what, Told told) {
  auto made = arriving(std::move(what), bodies_);
  if (!made)
    return loop_.post(alive_.guard([told = std::move(told), error = made.error()]() mutable {
      told(std::unexpected(error));
    }));
  if (made->files.empty()) return commit(std::move(made->write), {}, std::move(told));
  worker_.later([this, made = *std::move(made), told = std::move(told)]() mutable {
    auto incoming = take_in(files_, made.files);
    loop_.post(alive_.guard([this, write = std::move(made.write), incoming = std::move(incoming),
                             told = std::move(told)]() mutable {
      if (!incoming) return told(std::unexpected(incoming.error()));
      commit(std::move(write), *std::move(incoming), std::move(told));
    }));
  });
}

// The files in their places, then the rows, in one commit; answered after it.
void EmbeddedStore::commit(KeptWrite write, std::vector<ContentFiles::Incoming> files, Told told) {
  name_files(write, files);
  auto written = std::make_shared<store::Written>();
  database_.write(
      [write = std::move(write), files = std::move(files), kept_files = files_,
       written](Sqlite& database) -> Result<> {
        for (const auto& file : files) TRY(kept_files.place(file));
        *written = TRY(store_objects(database, write));
        return {};
      },
      alive_.guard([written, told = std::move(told)](const Result<>& outcome) mutable {
        if (!outcome) return told(std::unexpected(outcome.error()));
        told(std::move(*written));
      }));
}

void EmbeddedStore::change(store::ChangeFlags what, Told told) {
  database_.write(
      [what = std::move(what)](Sqlite& database) { return change_flags(database, what); },
      alive_.guard([told = std::move(told)](const Result<>& outcome) mutable {
        if (!outcome) return told(std::unexpected(outcome.error()));
        told(store::Done{});
      }));
}

// First the rows; once they are gone for good, the files that nobody else has.
void EmbeddedStore::erase(store::Erase what, Told told) {
  auto hashes = std::make_shared<std::vector<std::string>>();
  database_.write(
      [what = std::move(what), hashes](Sqlite& database) -> Result<> {
        *hashes = TRY(erase_folders(database, what));
        return {};
      },
      alive_.guard([this, hashes, told = std::move(told)](const Result<>& outcome) mutable {
        if (!outcome) return told(std::unexpected(outcome.error()));
        database_.write(
            [hashes, kept_files = files_](Sqlite& database) {
              return remove_unused_files(database, kept_files, *hashes);
            },
            alive_.guard([told = std::move(told)](const Result<>& swept) mutable {
              if (!swept) return told(std::unexpected(swept.error()));
              told(store::Done{});
            }));
      }));
}

}  // namespace convene::io
