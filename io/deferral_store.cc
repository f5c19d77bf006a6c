#include "io/deferral_store.h"

#include <utility>

#include "io/deferral_repository.h"
#include "io/kept_write.h"
#include "io/object_repository.h"

namespace convene::io {

using participating::DeferralId;
using participating::DeferredMessage;
using participating::StoreDeferred;

Result<std::unique_ptr<DeferralStore>> DeferralStore::open(const std::string& directory,
                                                           Database& database, Loop& loop,
                                                           FileBodyStore* bodies) {
  auto files = TRY(ContentFiles::open(directory));
  auto reader = TRY(database.reader());
  TRY(remove_unused_files(reader, files, files.hashes()));
  return std::unique_ptr<DeferralStore>{
      new DeferralStore{std::move(files), database, loop, bodies}};
}

// A file is hashed and synced on a thread of its own.
void DeferralStore::store(StoreDeferred what, Stored told) {
  if (!what.message.content) return commit(std::move(what), {}, std::move(told));
  const auto& content = *what.message.content;
  auto shared =
      bodies_ != nullptr ? bodies_->share(content.body) : fail(Fault::unsupported, "no spool");
  if (!shared)
    return loop_.post(alive_.guard([told = std::move(told), error = shared.error()]() mutable {
      told(std::unexpected(error));
    }));
  std::vector<ArrivingFile> arriving;
  arriving.push_back({.shared = *std::move(shared), .octets = content.octets});
  worker_.later([this, what = std::move(what), arriving = std::move(arriving),
                 told = std::move(told)]() mutable {
    auto incoming = take_in(files_, arriving);
    loop_.post(alive_.guard([this, what = std::move(what), incoming = std::move(incoming),
                             told = std::move(told)]() mutable {
      if (!incoming) return told(std::unexpected(incoming.error()));
      commit(std::move(what), *std::move(incoming), std::move(told));
    }));
  });
}

// The file in its place, then the row, in one commit.
void DeferralStore::commit(StoreDeferred what, std::vector<ContentFiles::Incoming> files,
                           Stored told) {
  database_.write(
      [what = std::move(what), files = std::move(files), place = files_](Sqlite& file) -> Result<> {
        for (const auto& one : files) TRY(place.place(one));
        return store_deferred(file, what, files.empty() ? "" : files.front().hash);
      },
      alive_.guard([told = std::move(told)](const Result<>& outcome) mutable { told(outcome); }));
}

void DeferralStore::fetch(DeferralId id, Fetched told) {
  const auto found =
      std::make_shared<Result<KeptDeferred>>(fail(Fault::closed, "the database cannot be read"));
  database_.write(
      [found, id](Sqlite& file) -> Result<> {
        *found = fetch_deferred(file, id);
        return {};
      },
      alive_.guard([this, found, told = std::move(told)](const Result<>&) mutable {
        if (!*found) return told(std::unexpected((*found).error()));
        auto [message, hash] = **found;
        if (!message.content) return told(std::move(message));
        if (bodies_ == nullptr) return told(fail(Fault::closed, "no spool"));
        const auto adopted = bodies_->adopt(files_.path_of(hash));
        if (!adopted) return told(std::unexpected(adopted.error()));
        message.content->body = adopted->body;
        told(std::move(message));
      }));
}

// First the row; once it is gone for good, the file, if nobody else has it.
void DeferralStore::forget(DeferralId id) {
  const auto hash = std::make_shared<std::string>();
  database_.write(
      [hash, id](Sqlite& file) -> Result<> {
        *hash = TRY(forget_deferred(file, id));
        return {};
      },
      alive_.guard([this, hash](const Result<>& outcome) {
        if (!outcome || hash->empty()) return;
        database_.write([files = files_,
                         hash](Sqlite& file) { return remove_unused_files(file, files, {*hash}); },
                        {});
      }));
}

}  // namespace convene::io
