#include "io/embedded_store.h"

#include <sys/stat.h>

#include <utility>

#include "io/embedded_reader.h"

namespace convene::io {

EmbeddedStore::EmbeddedStore(Reader reader, Database& database, Loop& loop, FileBodyStore* bodies)
    : database_{database},
      loop_{loop},
      bodies_{bodies},
      files_{reader.files},
      reader_{std::move(reader)},
      thread_{[this] { work(); }} {}

EmbeddedStore::~EmbeddedStore() {
  {
    const std::scoped_lock guard{mutex_};
    is_ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

Result<std::unique_ptr<EmbeddedStore>> EmbeddedStore::open(std::string directory,
                                                           Database& database, Loop& loop,
                                                           FileBodyStore* bodies) {
  auto files = TRY(ContentFiles::open(std::move(directory)));
  auto connection = TRY(database.reader());
  for (const auto& hash : files.hashes()) {
    const auto is_used = TRY(is_file_used(connection, hash));
    if (!is_used) files.remove(hash);
  }
  return std::unique_ptr<EmbeddedStore>{
      new EmbeddedStore{{std::move(connection), std::move(files)}, database, loop, bodies}};
}

void EmbeddedStore::later(Task task) {
  {
    const std::scoped_lock guard{mutex_};
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

bool EmbeddedStore::is_busy() {
  const std::scoped_lock guard{mutex_};
  return tasks_.size() >= max_tasks;
}

void EmbeddedStore::work() {
  for (;;) {
    Task task;
    {
      std::unique_lock guard{mutex_};
      wake_.wait(guard, [this] { return is_ending_ || !tasks_.empty(); });
      if (is_ending_) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task(reader_);
  }
}

void EmbeddedStore::ask(store::Request request, Told told) {
  if (is_busy())
    return loop_.post(alive_.guard([told = std::move(told)]() mutable {
      told(fail(Fault::too_large, "too much waits for the store"));
    }));
  if (auto* write_what = std::get_if<store::Write>(&request))
    return write(*write_what, std::move(told));
  if (auto* flags = std::get_if<store::ChangeFlags>(&request))
    return change(std::move(*flags), std::move(told));
  if (auto* user = std::get_if<store::Erase>(&request))
    return erase(std::move(*user), std::move(told));
  later([this, what = std::move(request), told = std::move(told)](Reader& reader) mutable {
    auto found = read_from(reader.database, reader.files, what);
    loop_.post(alive_.guard(
        [told = std::move(told), found = std::move(found)]() mutable { told(std::move(found)); }));
  });
}

Result<KeptObject> EmbeddedStore::kept(const store::Object& object,
                                       std::vector<Arriving>& files) const {
  KeptObject made{.flags = object.flags, .imdn_message_id = object.imdn_message_id};
  made.octets = size_of(object);
  for (const auto& piece : object.pieces) {
    if (const auto* text = std::get_if<std::string>(&piece)) {
      made.text += *text;
      continue;
    }
    const auto& file = std::get<store::FileContent>(piece);
    if (bodies_ == nullptr) return fail(Fault::unsupported, "a store without files");
    auto shared = TRY(bodies_->share(file.body));
    files.push_back({std::move(shared), file.octets});
    made.files.push_back({.at = made.text.size(), .octets = file.octets});
  }
  return made;
}

void EmbeddedStore::write(store::Write& what, Told told) {
  KeptWrite made{
      .account = what.account, .folder = to_text(what.folder), .may_be_there = what.may_be_there};
  std::vector<Arriving> files;
  std::optional<Error> failed;
  const auto keep = [&](const store::Object& object) {
    auto one = kept(object, files);
    if (!one) failed = one.error();
    return one ? *std::move(one) : KeptObject{};
  };
  if (what.session_info) made.session_info = keep(*what.session_info);
  for (const auto& object : what.objects) made.objects.push_back(keep(object));
  if (failed)
    return loop_.post(alive_.guard(
        [told = std::move(told), error = *failed]() mutable { told(std::unexpected(error)); }));
  if (files.empty()) return commit(std::move(made), {}, std::move(told));

  later([this, made = std::move(made), files = std::move(files),
         told = std::move(told)](Reader& reader) mutable {
    std::vector<ContentFiles::Incoming> incoming;
    std::optional<Error> error;
    for (const auto& [shared, octets] : files) {
      struct stat status{};
      if (::fstat(shared.file.get(), &status) != 0 ||
          static_cast<std::uint64_t>(status.st_size) != octets) {
        error = Error{Fault::unsupported, "a file that is not whole"};
        break;
      }
      auto taken = reader.files.take_in(shared.file.get(), shared.keep);
      if (!taken) {
        error = taken.error();
        break;
      }
      incoming.push_back(*std::move(taken));
    }
    loop_.post(alive_.guard([this, made = std::move(made), incoming = std::move(incoming), error,
                             told = std::move(told)]() mutable {
      if (error) return told(std::unexpected(*error));
      commit(std::move(made), std::move(incoming), std::move(told));
    }));
  });
}

// The files in their places, then the rows, in one commit; answered after it.
void EmbeddedStore::commit(KeptWrite write, std::vector<ContentFiles::Incoming> files, Told told) {
  std::size_t next = 0;
  const auto name_files = [&](KeptObject& object) {
    for (auto& file : object.files) file.hash = files.at(next++).hash;
  };
  if (write.session_info) name_files(*write.session_info);
  for (auto& object : write.objects) name_files(object);

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
            [hashes, kept_files = files_](Sqlite& database) -> Result<> {
              for (const auto& hash : *hashes) {
                const auto is_used = TRY(is_file_used(database, hash));
                if (!is_used) kept_files.remove(hash);
              }
              return {};
            },
            alive_.guard([told = std::move(told)](const Result<>& swept) mutable {
              if (!swept) return told(std::unexpected(swept.error()));
              told(store::Done{});
            }));
      }));
}

}  // namespace convene::io
