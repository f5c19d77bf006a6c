#include "io/outbox.h"

#include <algorithm>
#include <utility>

#include "io/kept_write.h"
#include "io/outbox_repository.h"

namespace convene::io {

namespace {

std::uint64_t held_octets_of(const KeptWrite& write) {
  std::uint64_t octets = 0;
  for (const auto* object : write.all()) octets += object->text.size();
  return octets;
}

bool has_files(const KeptWrite& write) {
  return std::ranges::any_of(write.all(),
                             [](const auto* object) { return !object->files.empty(); });
}

std::unexpected<Error> later() {
  return fail(Fault::closed, "the store is not to be had: it is written later");
}

}  // namespace

Outbox::Outbox(IoOutboxSettings settings, ContentFiles files, Sqlite reader, Database& database,
               Loop& loop, Log& log, FileBodyStore* bodies, std::unique_ptr<MessageStore> behind)
    : settings_{settings},
      database_{database},
      loop_{loop},
      log_{log},
      bodies_{bodies},
      behind_{std::move(behind)},
      files_{std::move(files)},
      queue_{settings.queue, log},
      timer_{loop},
      reader_{std::move(reader)} {}

Outbox::~Outbox() = default;

Result<std::unique_ptr<Outbox>> Outbox::open(IoOutboxSettings settings,
                                             const std::string& directory, Database& database,
                                             Loop& loop, Log& log, FileBodyStore* bodies,
                                             std::unique_ptr<MessageStore> behind) {
  auto files = TRY(ContentFiles::open(directory));
  auto reader = TRY(database.reader());
  TRY(remove_unused_files(reader, files, files.hashes()));
  const auto left = TRY(list_outbox(reader));
  std::unique_ptr<Outbox> outbox{new Outbox{settings, std::move(files), std::move(reader), database,
                                            loop, log, bodies, std::move(behind)}};
  outbox->restore(left);
  return outbox;
}

void Outbox::restore(const std::vector<store::Outbox::Kept>& writes) {
  for (const auto& write : writes) entries_[write.id].has_files = true;  // perhaps
  input([&](TimePoint now, auto& out) { queue_.restored(writes, now, out); });
}

template <class Input>
void Outbox::input(Input what) {
  store::OutboxEffects effects;
  what(loop_.now(), effects);
  perform(std::move(effects));
  set_timer();
}

void Outbox::set_timer() {
  const auto next = queue_.deadline();
  if (!next) return timer_.cancel();
  timer_.at(*next, [this] { wake(); });
}

void Outbox::wake() {
  input([this](TimePoint now, auto& out) { queue_.wake(now, out); });
}

// ---- In. ----

void Outbox::ask(store::Request request, Told told) {
  if (auto* write = std::get_if<store::Write>(&request))
    return keep(std::move(*write), [] {}, std::move(told));
  auto* const what = std::get_if<store::Erase>(&request);
  if (what == nullptr) return behind_->ask(std::move(request), std::move(told));
  const auto account = what->account;
  erasures_.emplace(account, Erasure{std::move(*what), std::move(told)});
  input([&](TimePoint, auto& out) { queue_.erase(account, out); });
}

void Outbox::refuse(Error error, Told told) {
  if (!std::exchange(is_refusing_, true))
    log_.write(Level::error, "store", "cannot be kept for the store: refused",
               {{"why", error.detail}, {"waiting", std::to_string(queue_.waiting())}});
  loop_.post(alive_.guard([told = std::move(told), error = std::move(error)]() mutable {
    told(std::unexpected(std::move(error)));
  }));
}

// One after the other: what has no files does not overtake what has.
void Outbox::keep(store::Write what, Kept kept, Told told) {
  auto made = arriving(std::move(what), bodies_);
  if (!made) return refuse(made.error(), std::move(told));
  if (!queue_.has_room(coming_octets_ + octets_of(made->write)))
    return refuse({Fault::too_large, "too much waits for the store"}, std::move(told));
  coming_octets_ += octets_of(made->write);
  if (made->files.empty() && coming_ == 0)
    return commit(std::move(made->write), {}, std::move(kept), std::move(told));
  ++coming_;
  worker_.later([this, made = *std::move(made), kept = std::move(kept),
                 told = std::move(told)]() mutable {
    auto incoming = take_in(files_, made.files);
    loop_.post(alive_.guard([this, write = std::move(made.write), incoming = std::move(incoming),
                             kept = std::move(kept), told = std::move(told)]() mutable {
      --coming_;
      if (incoming)
        return commit(std::move(write), *std::move(incoming), std::move(kept), std::move(told));
      coming_octets_ -= octets_of(write);
      refuse(incoming.error(), std::move(told));
    }));
  });
}

// Durable before it is acknowledged.
void Outbox::commit(KeptWrite write, std::vector<ContentFiles::Incoming> files, Kept kept,
                    Told told) {
  name_files(write, files);
  const auto shared = std::make_shared<KeptWrite>(std::move(write));
  const auto id = std::make_shared<store::OutboxId>();
  database_.write(
      [shared, id, files = std::move(files), kept_files = files_](Sqlite& database) -> Result<> {
        for (const auto& file : files) TRY(kept_files.place(file));
        *id = TRY(add_to_outbox(database, *shared));
        return {};
      },
      alive_.guard([this, shared, id, kept = std::move(kept),
                    told = std::move(told)](const Result<>& outcome) mutable {
        coming_octets_ -= octets_of(*shared);
        if (!outcome) return refuse(outcome.error(), std::move(told));
        is_refusing_ = false;
        kept();
        is_kept(*id, std::move(*shared), std::move(told));
      }));
}

void Outbox::is_kept(store::OutboxId id, KeptWrite write, Told told) {
  const store::Outbox::Kept said{.id = id,
                                 .account = write.account,
                                 .folder = store::parse_folder(write.folder),
                                 .octets = octets_of(write),
                                 .was_tried = write.may_be_there};
  auto& entry = entries_[id];
  entry.told = std::move(told);
  entry.has_files = has_files(write);
  const auto octets = held_octets_of(write);
  if (held_ + octets <= settings_.held_octets) {
    held_ += octets;
    entry.write = std::move(write);
  }
  input([&](TimePoint now, auto& out) { queue_.kept(said, now, out); });
}

// ---- Out. ----

void Outbox::perform(store::OutboxEffects effects) {
  for (const auto& effect : effects) {
    if (const auto* out = std::get_if<store::WriteOut>(&effect)) {
      write_out(out->id, out->may_be_there);
    } else if (const auto* postponed = std::get_if<store::Postponed>(&effect)) {
      tell(postponed->id, later());
    } else if (const auto* forgotten = std::get_if<store::Forget>(&effect)) {
      forget(forgotten->id);
    } else {
      erase(std::get<store::EraseNow>(effect).account);
    }
  }
}

// Its text is here, or on the disk.
void Outbox::write_out(store::OutboxId id, bool may_be_there) {
  const auto& entry = entries_.at(id);
  if (entry.write) return send(id, *entry.write, may_be_there);
  worker_.later([this, id, may_be_there] {
    auto loaded = load_from_outbox(reader_, id);
    loop_.post(alive_.guard([this, id, may_be_there, loaded = std::move(loaded)]() mutable {
      if (!loaded) return answered(id, std::unexpected(loaded.error()));
      send(id, *loaded, may_be_there);
    }));
  });
}

void Outbox::send(store::OutboxId id, const KeptWrite& kept, bool may_be_there) {
  store::Write write{.account = kept.account,
                     .folder = store::parse_folder(kept.folder),
                     .may_be_there = may_be_there || kept.may_be_there};
  std::optional<Error> error;
  const auto make = [&](const KeptObject& object) {
    auto made = object_of(object, files_, bodies_);
    if (!made) error = made.error();
    return made ? *std::move(made) : store::Object{};
  };
  if (kept.session_info) write.session_info = make(*kept.session_info);
  for (const auto& object : kept.objects) write.objects.push_back(make(object));

  std::vector<store::Object> with_files;
  if (bodies_ != nullptr && entries_.at(id).has_files) {
    if (write.session_info) with_files.push_back(*write.session_info);
    with_files.insert(with_files.end(), write.objects.begin(), write.objects.end());
  }
  auto told =
      alive_.guard([this, id, with_files = std::move(with_files)](store::Answer answer) mutable {
        for (const auto& object : with_files) drop_files(object, *bodies_);
        answered(id, std::move(answer));
      });
  if (!error) return behind_->ask(std::move(write), std::move(told));
  loop_.post([told = std::move(told), error = *error]() mutable {
    told(store::Answer{fail(Fault::unsupported, error.detail)});  // of this write, not of the store
  });
}

void Outbox::answered(store::OutboxId id, store::Answer answer) {
  const auto outcome = answer ? Result<>{} : Result<>{std::unexpected(answer.error())};
  if (answer) tell(id, std::move(answer));
  input([&](TimePoint now, auto& out) { queue_.answered(id, outcome, now, out); });
}

void Outbox::tell(store::OutboxId id, store::Answer answer) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || !found->second.told) return;
  loop_.post(alive_.guard([told = std::exchange(found->second.told, {}),
                           answer = std::move(answer)]() mutable { told(std::move(answer)); }));
}

// First the row; once it is gone for good, the files that nobody else has.
void Outbox::forget(store::OutboxId id) {
  tell(id, later());  // of one that was erased
  const auto found = entries_.extract(id);
  if (found.mapped().write) held_ -= held_octets_of(*found.mapped().write);
  const auto hashes = std::make_shared<std::vector<std::string>>();
  database_.write(
      [id, hashes](Sqlite& database) -> Result<> {
        *hashes = TRY(remove_from_outbox(database, id));
        return {};
      },
      alive_.guard([this, hashes](const Result<>& outcome) {
        if (!outcome || hashes->empty()) return;
        database_.write(
            [hashes, kept_files = files_](Sqlite& database) {
              return remove_unused_files(database, kept_files, *hashes);
            },
            {});
      }));
}

void Outbox::erase(const std::string& account) {
  auto erasure = erasures_.extract(account);
  if (erasure.empty()) return;
  behind_->ask(std::move(erasure.mapped().what),
               alive_.guard([this, account, told = std::move(erasure.mapped().told)](
                                store::Answer answer) mutable {
                 told(std::move(answer));
                 if (erasures_.contains(account)) return erase(account);
                 input([&](TimePoint now, auto& out) { queue_.erased(account, now, out); });
               }));
}

}  // namespace convene::io
